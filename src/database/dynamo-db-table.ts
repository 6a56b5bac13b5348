import { ArnFormat, Stack, Token, type aws_dynamodb as dynamodb, aws_iam as iam } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { DatabaseBinding, TableAccess } from './database-binding';
import { templateResource } from './rendered-properties';
import { allow } from '../functions/allow';
import { checkKeyKind, checkKeySize, keyType, type KeyType } from '../private/attribute-types';
import { type ColumnPlan, type ColumnPlanOptions, DEFAULT_KINDS } from '../private/plan';

/**
 * Items of a DynamoDB table, one for each user.
 */
export interface DynamoDbTableProps {
  /**
   * Attributes of the table's key: the partition key, and the sort key where the table has one. All of them are mapped.
   *
   * @default - the key of a table of this app; of an imported one, the only attribute that is mapped from `sub`
   */
  readonly key?: string[];
}

/** Of `AWS::DynamoDB::Table` and `AWS::DynamoDB::GlobalTable`. */
interface TableSchema {
  readonly keySchema?: ReadonlyArray<{ readonly attributeName: string }>;
  /** Of what is in a key of the table or of an index. */
  readonly attributeDefinitions?: readonly AttributeDefinition[];
}

interface AttributeDefinition {
  readonly attributeName: string;
  readonly attributeType: KeyType;
}

type Columns = Readonly<Record<string, ColumnPlan>>;

const ACTIONS: Readonly<Record<TableAccess, string>> = { read: 'dynamodb:GetItem', write: 'dynamodb:UpdateItem' };

/**
 * What DynamoDB does with the key of a table in the name of who reads or writes it, without their wildcards:
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/encryption.usagenotes.html
 * https://docs.aws.amazon.com/kms/latest/developerguide/services-dynamodb.html
 */
const KEY_ACTIONS: Readonly<Record<TableAccess, readonly string[]>> = {
  read: ['kms:Decrypt', 'kms:DescribeKey'],
  write: ['kms:Decrypt', 'kms:DescribeKey', 'kms:Encrypt', 'kms:GenerateDataKey', 'kms:GenerateDataKeyWithoutPlaintext', 'kms:ReEncryptFrom', 'kms:ReEncryptTo'],
};

export function bindDynamoDb(scope: Construct, table: dynamodb.ITable, props: DynamoDbTableProps = {}): DatabaseBinding {
  const { keySchema, attributeDefinitions } = schemaOf(table);
  const tableKey = keySchema?.map(({ attributeName }) => attributeName);
  const key = tableKey ?? props.key;
  if (props.key && tableKey && !isSame(props.key, tableKey)) {
    throw new Error(`got key (${props.key.join(', ')}), expected that of ${table.node.path}, which is (${tableKey.join(', ')}): leave key out, and map each of its attributes`);
  }
  if (key) checkKeySize(key);
  const place = placeOf(scope, table);
  const { account, region } = Stack.of(scope);
  const isElsewhere = (there: string, here: string) => !Token.isUnresolved(there) && there !== here;
  return {
    plan: {
      kind: 'dynamoDb',
      // Another account's table is known by its ARN only: https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_UpdateItem.html
      tableName: isElsewhere(place.account, account) ? table.tableArn : table.tableName,
      ...(isElsewhere(place.region, region) && { region: place.region }),
      ...(key && { key }),
    },
    names: 'plain',
    isGuarded: true,
    fitColumns: (columns) => keyColumns(columns, attributeDefinitions ?? [], key),
    dependencies: [],
    connect(fn, access = ['write']) {
      // The CDK's grantWriteData allows batches and deletion, and whatever is in an index.
      allow(fn, access.map((each) => ACTIONS[each]), table.tableArn);
      // By the policy of the role alone: the key's own would make the two stacks depend on each other.
      if (table.encryptionKey) {
        iam.Grant.addToPrincipal({
          grantee: fn,
          actions: [...new Set(access.flatMap((each) => KEY_ACTIONS[each]))],
          resourceArns: [table.encryptionKey.keyArn],
          conditions: { StringEquals: { 'kms:ViaService': `dynamodb.${place.region}.amazonaws.com` } },
        });
      }
    },
  };
}

/** Of a table that this app defines, or of one of its replicas. */
function schemaOf(table: dynamodb.ITable): TableSchema {
  const scope = table.node.scope as dynamodb.TableV2;
  const resource = templateResource(table) ?? ('replica' in scope ? templateResource(scope) : undefined);
  if (!resource || !/^AWS::DynamoDB::(Global)?Table$/.test(resource.cfnResourceType)) return {};
  const { keySchema, attributeDefinitions } = resource as TableSchema;
  return Stack.of(resource).resolve({ keySchema, attributeDefinitions });
}

/** @throws a plain `Error` for a kind that the key of the table or of an index cannot have */
function keyColumns(columns: Columns, definitions: readonly AttributeDefinition[], key: readonly string[] | undefined): Columns {
  const kindOf = (name: string) => {
    const plan = columns[name];
    const { from = '', kind = DEFAULT_KINDS[from] ?? 'text' }: ColumnPlanOptions = typeof plan === 'string' ? { from: plan } : plan;
    return { from, kind };
  };
  for (const { attributeName: name, attributeType } of definitions) {
    if (!Object.hasOwn(columns, name)) continue;
    const { kind } = kindOf(name);
    if (keyType(kind) === attributeType) continue;
    throw new Error(`column ${JSON.stringify(name)} is of kind ${kind}, and in a key of the table or of an index, where its type is ${attributeType}: give it a kind that fits (S: text, N: integer or numeric), or change the table`);
  }
  const names = Object.keys(columns);
  for (const name of key ?? names.filter((each) => kindOf(each).from === 'sub')) checkKeyKind(name, kindOf(name).kind);
  return columns;
}

/** `Table.fromTableArn` takes its own stack's for the table's. */
function placeOf(scope: Construct, table: dynamodb.ITable): { readonly account: string; readonly region: string } {
  if (Token.isUnresolved(table.tableArn)) return table.env;
  const { account, region } = Stack.of(scope).splitArn(table.tableArn, ArnFormat.SLASH_RESOURCE_NAME);
  return { account: account!, region: region! };
}

function isSame(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((name) => other.includes(name));
}
