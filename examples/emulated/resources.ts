import { httpApi } from './api-gateway';
import type { EmulatedStack } from './emulated-stack';
import { database, databaseSecret } from './postgres';
import { userPool, userPoolClient } from './user-pool';

/** By their names in templates; `Ref` is what a `Ref` gives. */
export interface Attributes {
  readonly [name: string]: unknown;
  /** For the end-to-end part, where there is more to it than the attributes. */
  readonly emulator?: unknown;
}

type Emulate = (stack: EmulatedStack, id: string, properties: Readonly<Record<string, any>>) => Promise<Attributes>;

/**
 * Type → what stands for it here. Of other resources there is no more than their name.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-template-resource-type-ref.html
 */
export const emulations: Readonly<Record<string, Emulate>> = {
  'AWS::ApiGatewayV2::Api': httpApi,
  'AWS::Cognito::UserPool': userPool,
  'AWS::Cognito::UserPoolClient': userPoolClient,
  'AWS::RDS::DBInstance': database,
  'AWS::RDS::DBCluster': database,
  'AWS::SecretsManager::SecretTargetAttachment': databaseSecret,
  'AWS::SecretsManager::Secret': async (_, id) => ({ Ref: arn('secretsmanager', `secret:${id}-AbCdEf`) }),
  'AWS::Lambda::Function': async (_, id) => ({ Ref: id, Arn: arn('lambda', `function:${id}`) }),
  // fauxqs tells this as the sender of every message, whoever sent it.
  'AWS::IAM::Role': async (_, id) => ({ Ref: id, Arn: arn('iam', `role/${id}`), RoleId: '000000000000' }),
  'AWS::SQS::Queue': async (stack, id, { VisibilityTimeout, MessageRetentionPeriod, RedrivePolicy }) => {
    const { deadLetterTargetArn, maxReceiveCount } = await stack.resolve(RedrivePolicy ?? {});
    const attributes = { VisibilityTimeout, MessageRetentionPeriod, RedrivePolicy: deadLetterTargetArn && JSON.stringify({ deadLetterTargetArn, maxReceiveCount }) };
    const given = Object.entries(attributes).filter(([, value]) => value !== undefined).map(([name, value]) => [name, String(value)]);
    const queue = await stack.services.sqs.queue(id, Object.fromEntries(given));
    return { Ref: queue.url, Arn: queue.arn, QueueName: id };
  },
  'AWS::DynamoDB::GlobalTable': dynamoDbTable,
  'AWS::DynamoDB::Table': dynamoDbTable,
};

async function dynamoDbTable({ services }: EmulatedStack, id: string, { TableName = id, KeySchema, AttributeDefinitions }: Readonly<Record<string, any>>): Promise<Attributes> {
  const typeOf = (name: string) => AttributeDefinitions.find(({ AttributeName }: { AttributeName: string }) => AttributeName === name).AttributeType;
  const key = Object.fromEntries(KeySchema.map(({ AttributeName }: { AttributeName: string }) => [AttributeName, typeOf(AttributeName)]));
  await services.dynamoDb.table(TableName, { key });
  return { Ref: TableName, Arn: arn('dynamodb', `table/${TableName}`) };
}

function arn(service: string, resource: string): string {
  return `arn:aws:${service}:eu-west-1:111122223333:${resource}`;
}
