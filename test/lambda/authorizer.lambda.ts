import { join } from 'node:path';
import { startRuntimeEnvironment } from './runtime-environment';

const METHOD = 'arn:aws:execute-api:eu-west-1:111122223333:abcdef1234/prod/GET/users';

test.each(['credential-authorizer', 'credential-authorizer-dynamo-db'])('%s refuses with the very text that a REST API makes a 401 of', async (name) => {
  const environment = await startRuntimeEnvironment(join(__dirname, '..', '..', 'assets', name));
  try {
    const { payload, functionError } = await environment.invoke({ type: 'TOKEN', authorizationToken: 'Basic nobody', methodArn: METHOD });
    expect([functionError, payload]).toEqual(['Unhandled', expect.objectContaining({ errorType: 'UnauthorizedError', errorMessage: 'Unauthorized' })]);
  } finally {
    await environment.stop();
  }
});
