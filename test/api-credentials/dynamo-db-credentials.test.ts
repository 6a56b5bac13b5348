import { POOL } from './site';
import { credentialPlace, type CredentialStore } from '../../lambda-src/api-credentials/credential-store';
import { dynamoDbCredentials } from '../../lambda-src/api-credentials/dynamo-db-credentials';
import { Deadline } from '../../lambda-src/deadline';
import { startHttpServer } from '../support/http-server';

const ADA = '5f0c7f3e-1b3c-4f47-8a3e-0d2a6f4f9b10';

function storeAt(endpointUrl: string): CredentialStore {
  return dynamoDbCredentials(
    { tableName: 'users', service: { service: 'dynamodb', region: 'eu-west-1', credentials: () => ({ accessKeyId: 'local', secretAccessKey: 'local' }), endpointUrl } },
    credentialPlace({ key: { pk: 'sub' }, userPoolId: POOL, column: 'hash' }, 'plain'),
  );
}

test('what was revoked a moment ago is not read any more: reads are consistent, and of one attribute', async () => {
  const requests: object[] = [];
  // An emulator on one machine is always consistent.
  const server = await startHttpServer(async ({ headers }, body) => {
    requests.push({ target: headers['x-amz-target'], ...JSON.parse(body) });
    return { status: 200, body: '{}' };
  });
  const store = storeAt(server.url);
  expect(await store.read(ADA, Deadline.after(5_000))).toBeUndefined();
  await server.stop();
  expect(requests).toEqual([{
    target: 'DynamoDB_20120810.GetItem', TableName: 'users', Key: { pk: { S: ADA } }, ConsistentRead: true, ProjectionExpression: '#c', ExpressionAttributeNames: { '#c': 'hash' },
  }]);
});

test('a page of somebody in between, status 200 or not, has neither read nor revoked anything', async () => {
  const server = await startHttpServer(async () => ({ status: 200, headers: { 'content-type': 'text/html' }, body: '<html>Sign in to the network</html>' }));
  const store = storeAt(server.url);
  const deadline = Deadline.after(5_000);
  for (const call of [() => store.read(ADA, deadline), () => store.write(ADA, null, deadline), () => store.write(ADA, 'sha256:…', deadline)]) {
    await expect(call()).rejects.toMatchObject({ name: 'UserStoreError', failure: 'transient' });
  }
  await server.stop();
});
