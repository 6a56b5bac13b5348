import { deepEqual } from 'node:assert/strict';
import { startUserService } from '../../test/support/user-service';
import { allowedBy, idsOf } from '../emulated/template';
import type { Example } from '../example';

const API_KEY = 'the key of the service';

export const example: Example = {
  checkTemplate({ template, warnings }) {
    // role is a constant: nobody who signs up can write it.
    deepEqual(warnings, []);
    deepEqual(idsOf(template, 'AWS::Logs::LogGroup').map((id) => 'KmsKeyId' in template.Resources[id].Properties), [true]);
    const secrets = allowedBy(template).filter(({ actions }) => actions.some((action) => action.startsWith('secretsmanager:')));
    deepEqual(secrets.map(({ actions }) => actions), [['secretsmanager:GetSecretValue'], ['secretsmanager:GetSecretValue']]);
  },

  async endToEnd(stack) {
    const service = await startUserService({ key: ['cognitoSub'], tls: true });
    stack.cleanup.add(() => service.stop());
    service.accepts = ({ headers }) => headers['x-api-key'] === API_KEY;
    stack.parameters.UserServiceUrl = service.url;
    stack.services.secretsManager.putSecret(await stack.output('ApiKeySecret'), API_KEY);

    const users = await stack.users();
    const { sub } = await users.signUp({ email: 'user@example.com', attributes: { name: 'John Doe' } });
    await users.confirmSignUp('user@example.com');
    const body = { cognitoSub: sub, email: 'user@example.com', fullName: 'John Doe', status: 'ACTIVE', role: 'USER', createdBy: sub, updatedBy: sub };
    deepEqual(service.requests.map(({ method, path }) => [method, path]), [['POST', '/api/v1/users']]);
    deepEqual([...service.users.values()], [body]);

    // The service is down: sign-up succeeds, and the user is not lost.
    service.instead = ({ response }) => void response.writeHead(503).end();
    const late = await users.signUp({ email: 'late@example.com', attributes: { name: 'Jane Doe' } });
    await users.confirmSignUp('late@example.com');
    deepEqual([...service.users.keys()], [sub]);
    service.instead = undefined;
    await (await stack.queue()).drain();
    deepEqual([...service.users.keys()], [sub, late.sub]);
  },
};
