import { App, Stack, aws_cognito as cognito, aws_ec2 as ec2, aws_rds as rds, aws_secretsmanager as secretsmanager, type StackProps } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { CognitoUserSync, ColumnValue, DatabaseLogin, UserDatabase, type CognitoUserSyncProps, type RdsDatabaseProps } from '../../src';
import { PLAN_VARIABLE, type PostgresPlan, type SyncPlan } from '../../src/private/plan';

export const IRELAND: StackProps = { env: { account: '111122223333', region: 'eu-west-1' } };

export const columns = { cognito_user_id: ColumnValue.sub(), email: ColumnValue.attribute('email') };

export const iamProps: RdsDatabaseProps = { databaseName: 'app', table: 'public.users', login: DatabaseLogin.iam('user_sync') };

/** Without what is in no template, and takes time: copies of the functions' code, stack traces, tree.json. */
export function newApp(): App {
  return new App({ stackTraces: false, treeMetadata: false, context: { 'aws:cdk:disable-asset-staging': true } });
}

export function newStack(id = 'App', props: StackProps = IRELAND, app = newApp()): Stack {
  return new Stack(app, id, props);
}

export function userPoolIn(stack: Stack): cognito.UserPool {
  return new cognito.UserPool(stack, 'UserPool');
}

export function vpcIn(stack: Stack): ec2.Vpc {
  return new ec2.Vpc(stack, 'Vpc', { maxAzs: 2 });
}

export function isolatedVpcIn(stack: Stack): ec2.Vpc {
  return new ec2.Vpc(stack, 'Vpc', { maxAzs: 2, natGateways: 0, subnetConfiguration: [{ name: 'Data', subnetType: ec2.SubnetType.PRIVATE_ISOLATED }] });
}

export function instanceIn(stack: Stack, props: Partial<rds.DatabaseInstanceProps> = {}): rds.DatabaseInstance {
  const vpc = props.vpc ?? vpcIn(stack);
  const subnetType = vpc.privateSubnets.length > 0 ? ec2.SubnetType.PRIVATE_WITH_EGRESS : ec2.SubnetType.PRIVATE_ISOLATED;
  return new rds.DatabaseInstance(stack, 'Instance', {
    engine: rds.DatabaseInstanceEngine.postgres({ version: rds.PostgresEngineVersion.VER_17_6 }),
    vpcSubnets: { subnetType },
    ...props,
    vpc,
  });
}

export function clusterIn(stack: Stack, props: Partial<rds.DatabaseClusterProps> = {}): rds.DatabaseCluster {
  return new rds.DatabaseCluster(stack, 'Cluster', {
    engine: rds.DatabaseClusterEngine.auroraPostgres({ version: rds.AuroraPostgresEngineVersion.VER_16_8 }),
    writer: rds.ClusterInstance.serverlessV2('Writer'),
    vpc: vpcIn(stack),
    ...props,
  });
}

export function secretIn(stack: Stack): secretsmanager.Secret {
  return new secretsmanager.Secret(stack, 'Secret');
}

/** A sync in a stack of its own choice, with whatever the test is not about left as it is. */
export function syncIn(stack: Stack, props: Partial<CognitoUserSyncProps> = {}): CognitoUserSync {
  return new CognitoUserSync(stack, 'UserSync', {
    userPool: props.userPool ?? userPoolIn(stack),
    database: props.database ?? UserDatabase.fromSecret(secretIn(stack), { table: 'users' }),
    columns,
    ...props,
  });
}

export type FunctionName = 'Trigger' | 'Consumer' | 'Writer' | 'Inspector' | 'Deployment' | 'Attachment' | 'Guard';

/** The functions that a stack has, in their order along the path. */
export function functionNamesOf(stack: Stack): FunctionName[] {
  return (['Trigger', 'Consumer', 'Writer'] as const).filter((name) => functionsOf(stack, name).length > 0);
}

/** A function as CloudFormation gets it. */
export function functionOf(stack: Stack, name: FunctionName): Resource {
  const [found, ...others] = functionsOf(stack, name);
  if (found === undefined || others.length > 0) throw new Error(`got ${others.length + (found ? 1 : 0)} functions ${name}, expected one`);
  return found;
}

export function triggerFunctionOf(stack: Stack): Resource {
  return functionOf(stack, 'Trigger');
}

export interface Resource {
  readonly Properties: Record<string, any>;
  readonly DependsOn: string[];
}

function functionsOf(stack: Stack, name: FunctionName): Resource[] {
  const functions = Template.fromStack(stack).findResources('AWS::Lambda::Function', { Properties: { Role: { 'Fn::GetAtt': [Match.stringLikeRegexp(`^UserSync${name}Role`), 'Arn'] } } });
  return Object.values(functions) as never;
}

/** The plan that a function is given. What is known at deployment only: `<LogicalId.Attribute>`, and 5432 for a port. */
export function planOf(stack: Stack, name: FunctionName = 'Trigger'): SyncPlan & { database: PostgresPlan } {
  return JSON.parse(textOf(functionOf(stack, name).Properties.Environment.Variables[PLAN_VARIABLE])) as never;
}

function textOf(value: any): string {
  if (typeof value === 'string') return value;
  if (value['Fn::Join']) return (value['Fn::Join'][1] as unknown[]).map(textOf).join('');
  if (value['Fn::GetAtt']) return value['Fn::GetAtt'][1] === 'Endpoint.Port' ? '5432' : `<${value['Fn::GetAtt'].join('.')}>`;
  if (value.Ref) return `<${value.Ref}>`;
  throw new Error(`got ${JSON.stringify(value)}, which this test cannot read`);
}

/** Every statement of a function's role. */
export function statementsOf(stack: Stack, name: FunctionName = 'Trigger'): any[] {
  const policies = Template.fromStack(stack).findResources('AWS::IAM::Policy', { Properties: { Roles: [{ Ref: Match.stringLikeRegexp(`^UserSync${name}Role`) }] } });
  return Object.values(policies).flatMap((policy) => policy.Properties.PolicyDocument.Statement);
}

/** What the sync warns of at synth. */
export function warningsOf(stack: Stack): unknown[] {
  return Annotations.fromStack(stack).findWarning('/App/UserSync', Match.anyValue()).map(({ entry }) => entry.data);
}
