import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { functionOf, iamProps, instanceIn, isolatedVpcIn, newApp, newStack, planOf, statementsOf, syncIn, userPoolIn, warningsOf } from './stacks';
import { DatabaseLogin, DeployCheck, UserDatabase, type CognitoUserSyncProps } from '../../src';
import { certificates } from '../support/certificates';

const INSTANCE = 'InstanceC1063A87';

function withInstance(props: Partial<CognitoUserSyncProps> = {}, created = false): Stack {
  const stack = newStack();
  const instance = instanceIn(stack);
  const login = created ? DatabaseLogin.created({ administrator: instance.secret!, userName: 'user_sync' }) : DatabaseLogin.iam('user_sync');
  syncIn(stack, { database: UserDatabase.fromInstance(instance, { ...iamProps, login }), ...props });
  return stack;
}

function checkOf(stack: Stack): { Properties: Record<string, any>; DependsOn: string[] } {
  const [check] = Object.values(Template.fromStack(stack).findResources('Custom::CognitoUserSyncCheck'));
  return check as never;
}

test('by default the table is looked at, and nothing fails', () => {
  expect(checkOf(withInstance()).Properties).toMatchObject({ Mode: 'warn', Inspector: { Ref: expect.stringMatching(/^UserSyncInspectorFunction/) } });
});

test('with fail() the deployment is told to fail', () => {
  expect(checkOf(withInstance({ check: DeployCheck.fail() })).Properties.Mode).toBe('fail');
});

test('with none() nothing looks', () => {
  const template = Template.fromStack(withInstance({ check: DeployCheck.none() }));
  template.resourceCountIs('Custom::CognitoUserSyncCheck', 0);
  expect(JSON.stringify(template.toJSON())).not.toMatch(/InspectorFunction|DeploymentFunction/);
});

test('fails with none() where a login is to be created, which nobody would do', () => {
  expect(() => withInstance({ check: DeployCheck.none() }, true)).toThrow(/got check: DeployCheck\.none\(\) with DatabaseLogin\.created\(\).*take check out/);
});

test('it comes after the database, the way to it and every permission', () => {
  const { DependsOn } = checkOf(withInstance({}, true));
  for (const needed of [INSTANCE, 'UserSyncInspectorRoleDefaultPolicy', 'UserSyncDeploymentRoleDefaultPolicy', 'InstanceSecurityGroupfrom', 'InstanceSecretAttachment']) {
    expect(DependsOn).toContainEqual(expect.stringMatching(`^${needed}`));
  }
});

test('the inspector stands where the writing function stands, and logs in as it does', () => {
  const stack = withInstance({ relay: true });
  expect(functionOf(stack, 'Inspector').Properties.VpcConfig).toEqual(functionOf(stack, 'Writer').Properties.VpcConfig);
  expect(planOf(stack, 'Inspector')).toEqual({ columns: planOf(stack, 'Writer').columns, database: planOf(stack, 'Writer').database });
  expect(statementsOf(stack, 'Inspector')).toEqual(statementsOf(stack, 'Writer'));
});

test('what CloudFormation calls stands outside, and may call the inspector, ask for its own stack, and do nothing else', () => {
  const stack = withInstance();
  expect(functionOf(stack, 'Deployment').Properties.VpcConfig).toBeUndefined();
  expect(statementsOf(stack, 'Deployment')).toEqual([
    expect.objectContaining({ Action: ['logs:CreateLogStream', 'logs:PutLogEvents'] }),
    { Effect: 'Allow', Action: 'lambda:InvokeFunction', Resource: { 'Fn::GetAtt': [expect.stringMatching(/^UserSyncInspectorFunction/), 'Arn'] } },
    { Effect: 'Allow', Action: 'cloudformation:DescribeStacks', Resource: { Ref: 'AWS::StackId' } },
  ]);
});

test('the administrator\'s secret may be read by it alone', () => {
  const stack = withInstance({ relay: true }, true);
  const readers = (['Trigger', 'Consumer', 'Writer', 'Inspector', 'Deployment'] as const)
    .filter((name) => JSON.stringify(statementsOf(stack, name)).includes('secretsmanager:GetSecretValue'));
  expect(readers).toEqual(['Deployment']);
  expect(checkOf(stack).Properties.Administrator).toEqual({ Ref: expect.stringMatching(/^InstanceSecretAttachment/) });
  expect(planOf(stack, 'Inspector').creation).toMatchObject({ userName: 'user_sync', host: `<${INSTANCE}.Endpoint.Address>`, databaseName: 'app' });
});

test('another mapping, or another version of the package, is another check', () => {
  const checked = JSON.stringify(checkOf(withInstance()).Properties.Checked);
  const { version } = JSON.parse(readFileSync(join(__dirname, '..', '..', 'package.json'), 'utf8'));
  expect(checked).toContain(`\\"version\\":\\"${version}\\"`);
  expect(checked).toContain('\\"email\\":\\"email\\"');
});

test('it needs no way out of the VPC', () => {
  const app = newApp();
  const stack = newStack('App', undefined, app);
  syncIn(stack, { userPool: userPoolIn(stack), database: UserDatabase.fromInstance(instanceIn(stack, { vpc: isolatedVpcIn(stack) }), iamProps), check: DeployCheck.fail() });
  expect(functionOf(stack, 'Inspector').Properties.VpcConfig).toBeDefined();
  expect(functionOf(stack, 'Deployment').Properties.VpcConfig).toBeUndefined();
});

test('other certificate authorities, subnets or security groups are another check', async () => {
  const { ca, wrongCa } = await certificates();
  const checkedWith = (props: object) => {
    const stack = newStack();
    syncIn(stack, { database: UserDatabase.fromInstance(instanceIn(stack), { ...iamProps, ...props }) });
    return JSON.stringify(checkOf(stack).Properties.Checked);
  };
  const all = [{}, { certificateAuthorities: ca }, { certificateAuthorities: wrongCa }, { vpcSubnets: { availabilityZones: ['dummy1a'] } }].map(checkedWith);
  expect(new Set(all).size).toBe(all.length);
});

test('warns that Aurora DSQL does not know the inspector at the first deployment, which fail() would then fail', () => {
  const warnings = (check: DeployCheck) => {
    const stack = newStack();
    syncIn(stack, { database: UserDatabase.fromDsqlArn('arn:aws:dsql:eu-west-1:111122223333:cluster/abcdefghij', { table: 'users', userName: 'user_sync' }), check });
    return warningsOf(stack).filter((warning) => String(warning).includes('AWS IAM GRANT'));
  };
  expect(warnings(DeployCheck.fail())).toHaveLength(1);
  expect(warnings(DeployCheck.warn())).toEqual([]);
});
