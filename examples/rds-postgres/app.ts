import { App, CfnOutput, Stack, aws_cognito as cognito, aws_ec2 as ec2, aws_rds as rds } from 'aws-cdk-lib';
import { CognitoUserSync, ColumnValue, ColumnWrite, DatabaseLogin, UserDatabase } from 'cognito-user-sync';

const stack = new Stack(new App(), 'RdsPostgres');

// Nothing leads out of the database's subnets, and nothing has to: no NAT, no endpoints.
const vpc = new ec2.Vpc(stack, 'Vpc', {
  natGateways: 0,
  subnetConfiguration: [{ name: 'Data', subnetType: ec2.SubnetType.PRIVATE_ISOLATED }],
});
const instance = new rds.DatabaseInstance(stack, 'Database', {
  engine: rds.DatabaseInstanceEngine.postgres({ version: rds.PostgresEngineVersion.VER_17_6 }),
  instanceType: ec2.InstanceType.of(ec2.InstanceClass.T4G, ec2.InstanceSize.MICRO),
  storageEncrypted: true,
  databaseName: 'app',
  vpc,
  vpcSubnets: { subnetType: ec2.SubnetType.PRIVATE_ISOLATED },
});

const userPool = new cognito.UserPool(stack, 'UserPool', { selfSignUpEnabled: true, signInAliases: { email: true } });
const client = userPool.addClient('App', { authFlows: { userSrp: true }, disableOAuth: true });

const sync = new CognitoUserSync(stack, 'UserSync', {
  userPool,
  database: UserDatabase.fromInstance(instance, {
    databaseName: 'app',
    table: 'public.users',
    login: DatabaseLogin.created({ administrator: instance.secret!, userName: 'user_sync' }),
  }),
  columns: {
    cognito_user_id: ColumnValue.sub(),
    email: ColumnValue.attribute('email'),
    display_name: ColumnValue.attribute('name', { write: ColumnWrite.WHILE_NULL }),
    handle: ColumnValue.attribute('preferred_username'),
  },
});

new CfnOutput(stack, 'UserPoolId', { value: userPool.userPoolId });
new CfnOutput(stack, 'ClientId', { value: client.userPoolClientId });
new CfnOutput(stack, 'DatabaseHost', { value: instance.dbInstanceEndpointAddress });
new CfnOutput(stack, 'TriggerFunction', { value: sync.triggerFunction.functionName });
