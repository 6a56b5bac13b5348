import { deepEqual } from 'node:assert/strict';
import { AdminConfirmSignUpCommand, SignUpCommand } from '@aws-sdk/client-cognito-identity-provider';
import { GetItemCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { allowedBy } from '../emulated/template';
import type { Example } from '../example';

export const example: Example = {
  checkTemplate({ template, warnings }) {
    deepEqual(warnings, []);
    const actions = allowedBy(template).flatMap((each) => each.actions).filter((action) => action.startsWith('dynamodb:'));
    deepEqual([...new Set(actions)], ['dynamodb:UpdateItem']);
  },

  // With what a client knows, the stack's outputs, and the AWS SDK.
  async endToEnd(stack) {
    const { client: cognito } = await stack.users();
    const { client: dynamoDb } = stack.services.dynamoDb;
    const [UserPoolId, ClientId, TableName] = await Promise.all(['UserPoolId', 'ClientId', 'TableName'].map((name) => stack.output(name)));

    const Username = 'ada@example.com';
    const attributes = { email: Username, given_name: 'Ada', family_name: 'Lovelace' };
    const UserAttributes = Object.entries(attributes).map(([Name, Value]) => ({ Name, Value }));
    const { UserSub = '' } = await cognito.send(new SignUpCommand({ ClientId, Username, Password: 'Correct-Horse-7', UserAttributes }));
    await cognito.send(new AdminConfirmSignUpCommand({ UserPoolId, Username }));

    const Key = { UserID: { S: UserSub } };
    const written = { ...Key, Email: { S: Username }, firstName: { S: 'Ada' }, lastName: { S: 'Lovelace' } };
    deepEqual((await dynamoDb.send(new GetItemCommand({ TableName, Key }))).Item, written);

    // Cognito may deliver an event twice. What the application has written meanwhile stays.
    await dynamoDb.send(new UpdateItemCommand({ TableName, Key, UpdateExpression: 'set points = :points', ExpressionAttributeValues: { ':points': { N: '7' } } }));
    const trigger = await stack.function(await stack.output('TriggerFunction'));
    await trigger.invoke(trigger.invocations[0].event);
    deepEqual((await dynamoDb.send(new GetItemCommand({ TableName, Key }))).Item, { ...written, points: { N: '7' } });
  },
};
