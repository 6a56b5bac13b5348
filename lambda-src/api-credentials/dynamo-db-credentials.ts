import type { CredentialPlace, CredentialStore } from './credential-store';
import { type AwsAnswer, awsCall, jsonRequest } from '../aws/aws-call';
import type { Deadline } from '../deadline';
import { UserStoreError } from '../errors';
import { type AttributeValue } from '../stores/dynamo-db/attribute-value';
import { dynamoDbError, isDone, unreachable } from '../stores/dynamo-db/dynamo-db-error';
import type { DynamoDbTarget } from '../stores/dynamo-db/dynamo-db-store';
import { itemOf } from '../stores/dynamo-db/item';

/** In an attribute of the user's item. */
export function dynamoDbCredentials({ service, tableName }: DynamoDbTarget, { key, column: attribute, keyOf: rowKeyOf }: CredentialPlace): CredentialStore {
  const names = key.map(({ name }) => name);

  function keyOf(sub: string): Readonly<Record<string, AttributeValue>> {
    return itemOf(rowKeyOf(sub), names, key).key;
  }

  async function call(operation: 'GetItem' | 'UpdateItem', parameters: object, deadline: Deadline): Promise<AwsAnswer> {
    return awsCall(service, jsonRequest(`DynamoDB_20120810.${operation}`, { TableName: tableName, ...parameters }, '1.0'), deadline).catch(unreachable);
  }

  return {
    async read(sub, deadline) {
      // What was revoked a moment ago must not be read any more.
      const answer = await call('GetItem', { Key: keyOf(sub), ConsistentRead: true, ProjectionExpression: '#c', ExpressionAttributeNames: { '#c': attribute } }, deadline);
      if (!isDone(answer)) throw explained(answer, 'GetItem');
      const { S: credential } = Object((answer.json.Item as Record<string, AttributeValue> | undefined)?.[attribute]);
      return typeof credential === 'string' ? credential : undefined;
    },
    async write(sub, credential, deadline) {
      const answer = await call('UpdateItem', {
        Key: keyOf(sub),
        // Without it, a user whom the sync has not written would get an item of nothing but a credential.
        ConditionExpression: 'attribute_exists(#k)',
        ExpressionAttributeNames: { '#c': attribute, '#k': names[0] },
        ...(credential === null ? { UpdateExpression: 'REMOVE #c' } : { UpdateExpression: 'SET #c = :c', ExpressionAttributeValues: { ':c': { S: credential } } }),
      }, deadline);
      if (answer.errorType === 'ConditionalCheckFailedException') return false;
      if (!isDone(answer)) throw explained(answer, 'UpdateItem');
      return true;
    },
  };
}

/** The sync's own sentence names what the sync does. */
function explained(answer: AwsAnswer, operation: string): UserStoreError {
  const error = dynamoDbError(answer);
  if (!/^AccessDenied/.test(answer.errorType)) return error;
  return new UserStoreError('misconfigured', `DynamoDB refused the call: check that the role may call dynamodb:${operation} on the table, and use the table's KMS key where it has one of its own (${answer.status} ${answer.errorType})`, { code: answer.errorType });
}
