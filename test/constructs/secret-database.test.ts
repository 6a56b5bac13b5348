import { aws_ec2 as ec2, aws_kms as kms, aws_secretsmanager as secretsmanager, type Stack } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { isolatedVpcIn, newStack, planOf, secretIn, statementsOf, syncIn, triggerFunctionOf, vpcIn } from './stacks';
import { UserDatabase, type SecretDatabaseProps } from '../../src';

const SECRET_ARN = expect.stringMatching(/^<Secret[0-9A-F]{8}>$/);

test('the function is told which secret knows the database', () => {
  expect(planOf(withSecret({ table: 'users' })).database).toEqual({ kind: 'postgres', table: 'users', login: { secretArn: SECRET_ARN } });
});

test('the secret may hold a connection URL in one of its fields, and the database may be another', () => {
  expect(planOf(withSecret({ table: 'users', field: 'CONNECTION_URL', databaseName: 'app' })).database)
    .toEqual({ kind: 'postgres', table: 'users', databaseName: 'app', login: { secretArn: SECRET_ARN, secretField: 'CONNECTION_URL' } });
});

test.each([[true, { mayBeUnencrypted: true }], [false, {}], [undefined, {}]])('the secret may turn TLS off only where that was said: %p', (dangerouslyAllowUnencryptedConnections, told) => {
  expect(planOf(withSecret({ table: 'users', dangerouslyAllowUnencryptedConnections })).database).toEqual({ kind: 'postgres', table: 'users', login: { secretArn: SECRET_ARN }, ...told });
});

test('a secret under a key of its own may be read and decrypted', () => {
  const stack = newStack();
  const encryptionKey = new kms.Key(stack, 'Key');
  const secret = new secretsmanager.Secret(stack, 'Secret', { encryptionKey });
  syncIn(stack, { database: UserDatabase.fromSecret(secret, { table: 'users' }) });
  expect(statementsOf(stack).slice(2)).toEqual([
    { Effect: 'Allow', Action: 'secretsmanager:GetSecretValue', Resource: stack.resolve(secret.secretArn) },
    { Effect: 'Allow', Action: 'kms:Decrypt', Resource: stack.resolve(encryptionKey.keyArn), Condition: { StringEquals: { 'kms:ViaService': 'secretsmanager.eu-west-1.amazonaws.com' } } },
  ]);
});

test('a secret that is known by its name may be read', () => {
  const stack = newStack();
  syncIn(stack, { database: UserDatabase.fromSecret(secretsmanager.Secret.fromSecretNameV2(stack, 'Named', 'app/database'), { table: 'users' }) });
  expect(stack.resolve(statementsOf(stack)[2].Resource)['Fn::Join'][1].at(-1)).toBe(':secretsmanager:eu-west-1:111122223333:secret:app/database-??????');
});

test('the function runs in no VPC', () => {
  const stack = newStack();
  const sync = syncIn(stack);
  expect(triggerFunctionOf(stack).Properties).not.toHaveProperty('VpcConfig');
  expect(() => sync.connections).toThrow(/security groups/);
});

test('the function runs in a VPC where one is given, and its connections let it in', () => {
  const stack = newStack();
  const vpc = vpcIn(stack);
  const database = new ec2.SecurityGroup(stack, 'Database', { vpc });
  const sync = syncIn(stack, { database: UserDatabase.fromSecret(secretIn(stack), { table: 'users', vpc }) });
  sync.connections.allowTo(database, ec2.Port.POSTGRES);
  const { SubnetIds, SecurityGroupIds } = triggerFunctionOf(stack).Properties.VpcConfig;
  expect(SubnetIds).toEqual(vpc.privateSubnets.map(({ subnetId }) => stack.resolve(subnetId)));
  Template.fromStack(stack).hasResourceProperties('AWS::EC2::SecurityGroupIngress', { GroupId: stack.resolve(database.securityGroupId), SourceSecurityGroupId: SecurityGroupIds[0], FromPort: 5432 });
});

test('warns of a secret that cannot be read from isolated subnets', () => {
  const stack = withSecret((scope) => ({ table: 'users', vpc: isolatedVpcIn(scope) }));
  Annotations.fromStack(stack).hasWarning('/App/UserSync', Match.stringLikeRegexp('cannot reach Secrets Manager'));
});

test('fails on subnets without a VPC', () => {
  expect(() => withSecret({ table: 'users', vpcSubnets: { subnetType: ec2.SubnetType.PRIVATE_ISOLATED } })).toThrow('App/UserSync: got vpcSubnets without vpc, expected both: pass the VPC that the database runs in as vpc');
});

test('fails on security groups without a VPC', () => {
  expect(() => withSecret((stack) => ({ table: 'users', securityGroups: [ec2.SecurityGroup.fromSecurityGroupId(stack, 'Group', 'sg-1')] }))).toThrow('App/UserSync: got securityGroups without vpc');
});

function withSecret(props: SecretDatabaseProps | ((stack: Stack) => SecretDatabaseProps)): Stack {
  const stack = newStack();
  syncIn(stack, { database: UserDatabase.fromSecret(secretIn(stack), typeof props === 'function' ? props(stack) : props) });
  return stack;
}
