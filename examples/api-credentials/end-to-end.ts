import { deepEqual, equal, match } from 'node:assert/strict';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { AdminDisableUserCommand } from '@aws-sdk/client-cognito-identity-provider';
import { sourceServer } from './source-server';
import { apiOf } from '../emulated/api-gateway';
import { allowedBy, idsOf } from '../emulated/template';
import type { Example } from '../example';

const PASSWORD = 'Correct-Horse-7';

export const example: Example = {
  checkTemplate({ template, warnings }) {
    deepEqual(warnings, []);
    const actions = allowedBy(template).flatMap((each) => each.actions).filter((action) => action.startsWith('dynamodb:'));
    deepEqual([...new Set(actions)].sort(), ['dynamodb:GetItem', 'dynamodb:UpdateItem']);
    // Nobody reaches anything without an authorizer.
    deepEqual(idsOf(template, 'AWS::ApiGatewayV2::Route').map((id) => template.Resources[id].Properties.AuthorizationType).sort(), ['CUSTOM', 'JWT', 'JWT']);
  },

  async endToEnd(stack) {
    sourceServer.listen(0, '127.0.0.1');
    await once(sourceServer, 'listening');
    stack.cleanup.add(async () => void sourceServer.close().closeAllConnections());
    stack.parameters.SourceUrl = `http://127.0.0.1:${(sourceServer.address() as AddressInfo).port}`;
    equal((await fetch(`${stack.parameters.SourceUrl}//`)).status, 404); // and is still there for what follows
    const [url, TableName, users] = await Promise.all([stack.output('ApiUrl'), stack.output('TableName'), stack.users()]);
    const api = await apiOf(stack);

    const { sub } = await users.signUp({ email: 'ada@example.com' });
    await users.confirmSignUp('ada@example.com');
    const token = await api.signIn('ada@example.com', PASSWORD);
    const claim = () => fetch(`${url}/credential`, { method: 'POST', headers: { authorization: `Bearer ${token}` } });
    const call = ({ username, password }: Credential) => fetch(`${url}/users?count=3`, { headers: { authorization: `Basic ${btoa(`${username}:${password}`)}` } });

    const credential = await (await claim()).json() as Credential;
    const answer = await call(credential);
    equal(answer.status, 200);
    const { askedBy, users: found } = await answer.json() as { askedBy: string; users: readonly unknown[] };
    deepEqual([askedBy, found.length], [sub, 3]);

    // The table has a hash of it, and no more.
    const item = await stack.services.dynamoDb.item(TableName, { sub: { S: sub } });
    match(item!.email.S!, /^ada@/);
    equal(JSON.stringify(item).includes(credential.password), false);

    equal((await call({ ...credential, password: 'x'.repeat(43) })).status, 403);
    equal((await fetch(`${url}/users`)).status, 401);

    // Claimed again, the old one is gone after the five minutes that API Gateway keeps an answer.
    const next = await (await claim()).json() as Credential;
    api.passSeconds(301);
    deepEqual([(await call(credential)).status, (await call(next)).status], [403, 200]);

    // Who is disabled is refused, whatever they show.
    await users.client.send(new AdminDisableUserCommand({ UserPoolId: users.userPoolId, Username: 'ada@example.com' }));
    api.passSeconds(301);
    deepEqual([(await call(next)).status, (await claim()).status], [403, 403]);
  },
};

interface Credential {
  readonly username: string;
  readonly password: string;
}
