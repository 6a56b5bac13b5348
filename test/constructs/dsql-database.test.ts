import { aws_dsql as dsql, Token, type Stack } from 'aws-cdk-lib';
import { functionNamesOf, functionOf, newStack, planOf, statementsOf, syncIn, triggerFunctionOf, vpcIn, warningsOf } from './stacks';
import { UserDatabase, type DsqlDatabaseProps } from '../../src';

const ARN = 'arn:aws:dsql:us-east-1:444455556666:cluster/weabcdefghijklmnopqrstuvwx';
const CLUSTER = expect.stringMatching(/^Dsql/);
const props: DsqlDatabaseProps = { table: 'users', userName: 'user_sync' };

const synced = (given: Partial<DsqlDatabaseProps> = {}) => {
  const stack = newStack();
  syncIn(stack, { database: UserDatabase.fromDsql(new dsql.CfnCluster(stack, 'Dsql'), { ...props, ...given }) });
  return stack;
};

const syncedByArn = (arn: string, given: (stack: Stack) => Partial<DsqlDatabaseProps> = () => ({})) => {
  const stack = newStack();
  syncIn(stack, { database: UserDatabase.fromDsqlArn(arn, { ...props, ...given(stack) }) });
  return stack;
};

test('the functions are told where the cluster is and who they are there', () => {
  expect(planOf(synced({ key: ['cognito_user_id'] })).database).toEqual({ kind: 'dsql', table: 'users', key: ['cognito_user_id'], host: expect.stringMatching(/^<Dsql.*\.Endpoint>$/), region: 'eu-west-1', user: 'user_sync' });
});

test('a cluster that the app does not know is reached by its identifier, in its own Region', () => {
  expect(planOf(syncedByArn(ARN)).database).toEqual({ kind: 'dsql', table: 'users', host: 'weabcdefghijklmnopqrstuvwx.dsql.us-east-1.on.aws', region: 'us-east-1', user: 'user_sync' });
});

test('a cluster whose ARN is known at deployment only works, too', () => {
  const stack = syncedByArn(Token.asString({ Ref: 'Arn' }));
  expect(JSON.stringify(triggerFunctionOf(stack).Properties.Environment)).toContain('.on.aws');
});

test('they may connect to that cluster, not as its administrator, and do nothing else', () => {
  expect(statementsOf(synced()).slice(2)).toEqual([{ Effect: 'Allow', Action: 'dsql:DbConnect', Resource: { 'Fn::GetAtt': [CLUSTER, 'ResourceArn'] } }]);
  expect(statementsOf(syncedByArn(ARN)).slice(2)).toEqual([{ Effect: 'Allow', Action: 'dsql:DbConnect', Resource: ARN }]);
});

test('they run in no VPC', () => {
  const stack = synced();
  expect(functionNamesOf(stack)).toEqual(['Trigger', 'Consumer']);
  for (const name of functionNamesOf(stack)) expect(functionOf(stack, name).Properties).not.toHaveProperty('VpcConfig');
  expect(warningsOf(stack)).toEqual([]);
});

test('they run in a VPC where one is given, and reach the cluster by its private host name', () => {
  const endpoint = 'weabcdefghijklmnopqrstuvwx.dsql-fnh4.us-east-1.on.aws';
  const stack = syncedByArn(ARN, (scope) => ({ vpc: vpcIn(scope), endpoint }));
  expect(triggerFunctionOf(stack).Properties.VpcConfig.SubnetIds).toHaveLength(2);
  expect(planOf(stack).database).toMatchObject({ host: endpoint });
});

test.each([
  ['admin', 'got userName "admin", who may do anything in a DSQL cluster, expected a user for the sync alone'],
  [undefined, "got undefined as IAM user name, expected the name of one PostgreSQL user: name it, as in userName: 'user_sync'"],
  ['', 'got IAM user name "", expected one PostgreSQL user'],
])('fails on the user name %j', (userName, message) => {
  expect(() => synced({ userName: userName as never })).toThrow(`App/UserSync: ${message}`);
});

test.each(['weabcdefghijklmnopqrstuvwx', 'arn:aws:dsql:us-east-1:444455556666:cluster/*', 'arn:aws:rds:us-east-1:444455556666:cluster:users'])('fails on the ARN %j', (arn) => {
  expect(() => syncedByArn(arn)).toThrow(`App/UserSync: got ${JSON.stringify(arn)} as ARN of a DSQL cluster, expected arn:aws:dsql:<region>:<account>:cluster/<identifier>`);
});
