import { aws_kms as kms, aws_ssm as ssm, type Stack } from 'aws-cdk-lib';
import { isolatedVpcIn, newStack, planOf, statementsOf, syncIn, triggerFunctionOf, vpcIn, warningsOf } from './stacks';
import { UserDatabase, type AnyPostgresProps } from '../../src';

const NAME = ':ssm:eu-west-1:111122223333:parameter/app/database-url';
const ARN = { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, NAME]] };

const parameterIn = (stack: Stack, encryptionKey?: kms.IKey) => ssm.StringParameter.fromSecureStringParameterAttributes(stack, 'Parameter', { parameterName: '/app/database-url', encryptionKey });

const synced = (props: (stack: Stack) => Partial<AnyPostgresProps> = () => ({}), key?: (stack: Stack) => kms.IKey) => {
  const stack = newStack();
  syncIn(stack, { database: UserDatabase.fromParameter(parameterIn(stack, key?.(stack)), { table: 'users', ...props(stack) }) });
  return stack;
};

test('the functions are told which parameter knows the database', () => {
  expect(planOf(synced()).database).toEqual({ kind: 'postgres', table: 'users', login: { parameterArn: `arn:<AWS::Partition>${NAME}` } });
});

test('the database may be another than the parameter names', () => {
  expect(planOf(synced(() => ({ databaseName: 'app', key: ['cognito_user_id'] }))).database).toMatchObject({ databaseName: 'app', key: ['cognito_user_id'] });
});

test('the parameter may turn TLS off only where that was said', () => {
  expect(planOf(synced(() => ({ dangerouslyAllowUnencryptedConnections: true }))).database).toMatchObject({ mayBeUnencrypted: true });
  expect(planOf(synced()).database).not.toHaveProperty('mayBeUnencrypted');
});

test('they may read that parameter, and do nothing else', () => {
  expect(statementsOf(synced()).slice(2)).toEqual([{ Effect: 'Allow', Action: 'ssm:GetParameter', Resource: ARN }]);
});

test('a parameter under a key of its own may be decrypted', () => {
  const stack = synced(undefined, (scope) => new kms.Key(scope, 'Key'));
  expect(statementsOf(stack).slice(2)).toEqual([
    { Effect: 'Allow', Action: 'ssm:GetParameter', Resource: ARN },
    { Effect: 'Allow', Action: 'kms:Decrypt', Resource: { 'Fn::GetAtt': [expect.stringMatching(/^Key/), 'Arn'] }, Condition: { StringEquals: { 'kms:ViaService': 'ssm.eu-west-1.amazonaws.com' } } },
  ]);
});

test('the functions run in no VPC, unless one is given', () => {
  expect(triggerFunctionOf(synced()).Properties).not.toHaveProperty('VpcConfig');
  expect(triggerFunctionOf(synced((stack) => ({ vpc: vpcIn(stack) }))).Properties.VpcConfig.SubnetIds).toHaveLength(2);
});

test('warns of a parameter that cannot be read from isolated subnets', () => {
  expect(warningsOf(synced((stack) => ({ vpc: isolatedVpcIn(stack) })))).toEqual([expect.stringMatching(/cannot reach Systems Manager.*interface endpoint for Systems Manager/)]);
});

test.each([
  ['the template creates', (stack: Stack) => new ssm.StringParameter(stack, 'Plain', { stringValue: 'postgresql://user:password@host/app' })],
  ['is imported as plain text', (stack: Stack) => ssm.StringParameter.fromStringParameterName(stack, 'Plain', '/app/database-url')],
])('fails on a parameter that %s', (_, parameter) => {
  const stack = newStack();
  expect(() => syncIn(stack, { database: UserDatabase.fromParameter(parameter(stack), { table: 'users' }) }))
    .toThrow('App/UserSync: got parameter App/Plain of type String, expected a SecureString, since it holds a password: create it outside CloudFormation');
});

test('fails on subnets without a VPC', () => {
  expect(() => synced(() => ({ vpcSubnets: {} }))).toThrow('App/UserSync: got vpcSubnets without vpc');
});
