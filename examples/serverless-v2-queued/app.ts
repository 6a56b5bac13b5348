import { App, CfnOutput, Duration, Stack, aws_cognito as cognito, aws_ec2 as ec2, aws_rds as rds } from 'aws-cdk-lib';
import { CognitoUserSync, ColumnValue, DatabaseLogin, Delivery, UserDatabase } from 'cognito-user-sync';

const stack = new Stack(new App(), 'ServerlessV2Queued');

const vpc = new ec2.Vpc(stack, 'Vpc', {
  natGateways: 0,
  subnetConfiguration: [{ name: 'Data', subnetType: ec2.SubnetType.PRIVATE_ISOLATED }],
});
const cluster = new rds.DatabaseCluster(stack, 'Database', {
  engine: rds.DatabaseClusterEngine.auroraPostgres({ version: rds.AuroraPostgresEngineVersion.VER_17_5 }),
  writer: rds.ClusterInstance.serverlessV2('Writer'),
  serverlessV2MinCapacity: 0, // it pauses when nobody uses it, and costs nothing then
  serverlessV2MaxCapacity: 2,
  serverlessV2AutoPauseDuration: Duration.minutes(10),
  storageEncrypted: true,
  defaultDatabaseName: 'app',
  vpc,
  vpcSubnets: { subnetType: ec2.SubnetType.PRIVATE_ISOLATED },
});

const userPool = new cognito.UserPool(stack, 'UserPool', { selfSignUpEnabled: true, signInAliases: { email: true } });
const client = userPool.addClient('App', { authFlows: { userSrp: true }, disableOAuth: true });

const sync = new CognitoUserSync(stack, 'UserSync', {
  userPool,
  database: UserDatabase.fromCluster(cluster, {
    databaseName: 'app',
    table: 'public.users',
    login: DatabaseLogin.created({ administrator: cluster.secret!, userName: 'user_sync' }),
  }),
  columns: {
    cognito_user_id: ColumnValue.sub(),
    email: ColumnValue.attribute('email'),
    seen_at: ColumnValue.observedAt(),
  },
  delivery: Delivery.queued(), // waking up takes longer than the 5 seconds that Cognito waits
});

new CfnOutput(stack, 'UserPoolId', { value: userPool.userPoolId });
new CfnOutput(stack, 'ClientId', { value: client.userPoolClientId });
new CfnOutput(stack, 'DatabaseHost', { value: cluster.clusterEndpoint.hostname });
new CfnOutput(stack, 'QueueUrl', { value: sync.queue.queueUrl });
new CfnOutput(stack, 'TriggerFunction', { value: sync.triggerFunction.functionName });
