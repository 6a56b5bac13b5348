import { Stack, aws_apigateway as apigateway, aws_dsql as dsql, aws_dynamodb as dynamodb, aws_ec2 as ec2, aws_rds as rds, aws_secretsmanager as secretsmanager, aws_ssm as ssm } from 'aws-cdk-lib';
import { clusterIn, iamProps, instanceIn, secretIn } from './stacks';
import { DatabaseLogin, ServiceLogin, UserDatabase } from '../../src';

/** Every kind of database with every login that fits: defined in a stack, or imported into it. */
export interface DatabaseKind {
  readonly defined: (stack: Stack) => UserDatabase;
  readonly imported: (stack: Stack) => UserDatabase;
}

const HOST = 'users.abc.eu-west-1.rds.amazonaws.com';
const api = { databaseName: 'app', table: 'public.users' };

export const databases: Record<string, DatabaseKind> = {
  'an instance with IAM login': {
    defined: (stack) => UserDatabase.fromInstance(instanceIn(stack), iamProps),
    imported: (stack) => UserDatabase.fromInstance(importedInstance(stack), { ...iamProps, vpc: importedVpc(stack) }),
  },
  'an instance with a secret': {
    defined: (stack) => UserDatabase.fromInstance(instanceIn(stack), { ...iamProps, login: DatabaseLogin.secret(secretIn(stack)) }),
    imported: (stack) => UserDatabase.fromInstance(importedInstance(stack), { ...iamProps, vpc: importedVpc(stack), login: DatabaseLogin.secret(importedSecret(stack)) }),
  },
  'an instance with a created login': {
    defined: (stack) => {
      const instance = instanceIn(stack);
      return UserDatabase.fromInstance(instance, { ...iamProps, login: created(instance.secret!) });
    },
    imported: (stack) => UserDatabase.fromInstance(importedInstance(stack), { ...iamProps, vpc: importedVpc(stack), login: created(importedSecret(stack)) }),
  },
  'a provisioned cluster with IAM login': {
    defined: (stack) => UserDatabase.fromCluster(clusterIn(stack, { writer: rds.ClusterInstance.provisioned('Writer') }), iamProps),
    imported: (stack) => UserDatabase.fromCluster(importedCluster(stack), { ...iamProps, vpc: importedVpc(stack) }),
  },
  'a serverless cluster with a created login': {
    defined: (stack) => {
      const cluster = clusterIn(stack);
      return UserDatabase.fromCluster(cluster, { ...iamProps, login: created(cluster.secret!) });
    },
    imported: (stack) => UserDatabase.fromCluster(importedCluster(stack), { ...iamProps, vpc: importedVpc(stack), login: created(importedSecret(stack)) }),
  },
  'a standard proxy with a secret': {
    defined: (stack) => {
      const instance = instanceIn(stack);
      const secret = secretIn(stack);
      return UserDatabase.fromProxy(instance.addProxy('Proxy', { vpc: instance.vpc, secrets: [secret] }), { ...iamProps, login: DatabaseLogin.secret(secret) });
    },
    imported: (stack) => UserDatabase.fromProxy(importedProxy(stack), { ...iamProps, vpc: importedVpc(stack), login: DatabaseLogin.secret(importedSecret(stack)) }),
  },
  'a proxy with end-to-end IAM': {
    defined: (stack) => UserDatabase.fromProxy(endToEndProxy(clusterIn(stack)), iamProps),
    imported: (stack) => UserDatabase.fromProxy(importedProxy(stack), { ...iamProps, vpc: importedVpc(stack), endToEndIam: true }),
  },
  'a proxy with end-to-end IAM and a created login': {
    defined: (stack) => {
      const cluster = clusterIn(stack);
      return UserDatabase.fromProxy(endToEndProxy(cluster), { ...iamProps, cluster, login: created(cluster.secret!) });
    },
    imported: (stack) => UserDatabase.fromProxy(importedProxy(stack), {
      ...iamProps, vpc: importedVpc(stack), cluster: importedCluster(stack), endToEndIam: true, login: created(importedSecret(stack)),
    }),
  },
  'Aurora DSQL': {
    defined: (stack) => UserDatabase.fromDsql(new dsql.CfnCluster(stack, 'Dsql'), { table: 'users', userName: 'user_sync' }),
    imported: () => UserDatabase.fromDsqlArn('arn:aws:dsql:eu-west-1:111122223333:cluster/weabcdefghijklmnopqrstuvwx', { table: 'users', userName: 'user_sync' }),
  },
  'the Data API': {
    defined: (stack) => UserDatabase.fromDataApi(clusterIn(stack), { ...api, secret: secretIn(stack) }),
    imported: (stack) => UserDatabase.fromDataApiArn('arn:aws:rds:eu-west-1:111122223333:cluster:users', { ...api, secret: importedSecret(stack) }),
  },
  'any PostgreSQL by secret': {
    defined: (stack) => UserDatabase.fromSecret(secretIn(stack), { table: 'users' }),
    imported: (stack) => UserDatabase.fromSecret(importedSecret(stack), { table: 'users', vpc: importedVpc(stack) }),
  },
  'any PostgreSQL by parameter': {
    defined: (stack) => UserDatabase.fromParameter(parameterIn(stack), { table: 'users' }),
    imported: (stack) => UserDatabase.fromParameter(parameterIn(stack), { table: 'users', vpc: importedVpc(stack) }),
  },
  'DynamoDB': {
    defined: (stack) => UserDatabase.dynamoDb(new dynamodb.TableV2(stack, 'Table', { partitionKey: { name: 'cognito_user_id', type: dynamodb.AttributeType.STRING } })),
    imported: (stack) => UserDatabase.dynamoDb(dynamodb.TableV2.fromTableName(stack, 'ImportedTable', 'users')),
  },
  'a user service with an API key': {
    defined: (stack) => UserDatabase.userService(`${apiIn(stack).url}users`, { login: ServiceLogin.apiKey(secretIn(stack)) }),
    imported: (stack) => UserDatabase.userService('https://users.internal/users', { login: ServiceLogin.bearer(importedSecret(stack), { field: 'token' }), vpc: importedVpc(stack) }),
  },
};

function apiIn(stack: Stack): apigateway.RestApi {
  const gateway = new apigateway.RestApi(stack, 'Api', { cloudWatchRole: false });
  gateway.root.addResource('users').addResource('{sub}').addMethod('PUT', undefined, { authorizationType: apigateway.AuthorizationType.IAM });
  return gateway;
}

function created(administrator: secretsmanager.ISecret): DatabaseLogin {
  return DatabaseLogin.created({ administrator, userName: 'user_sync' });
}

function endToEndProxy(cluster: rds.DatabaseCluster): rds.DatabaseProxy {
  return cluster.addProxy('Proxy', { vpc: cluster.vpc, defaultAuthScheme: rds.DefaultAuthScheme.IAM_AUTH });
}

function importedVpc(stack: Stack): ec2.IVpc {
  return ec2.Vpc.fromVpcAttributes(stack, 'ImportedVpc', { vpcId: 'vpc-0a1b2c3d', availabilityZones: ['eu-west-1a', 'eu-west-1b'], privateSubnetIds: ['subnet-0a1b2c3d', 'subnet-1a2b3c4d'] });
}

function importedInstance(stack: Stack): rds.IDatabaseInstance {
  const securityGroups = [ec2.SecurityGroup.fromSecurityGroupId(stack, 'ImportedGroup', 'sg-0a1b2c3d')];
  return rds.DatabaseInstance.fromDatabaseInstanceAttributes(stack, 'ImportedInstance', { instanceIdentifier: 'users', instanceEndpointAddress: HOST, port: 5432, instanceResourceId: 'db-ABC', securityGroups });
}

function importedCluster(stack: Stack): rds.IDatabaseCluster {
  const securityGroups = [ec2.SecurityGroup.fromSecurityGroupId(stack, 'ImportedGroup', 'sg-0a1b2c3d')];
  return rds.DatabaseCluster.fromDatabaseClusterAttributes(stack, 'ImportedCluster', { clusterIdentifier: 'users', clusterEndpointAddress: HOST, port: 5432, clusterResourceIdentifier: 'cluster-ABC', securityGroups });
}

function importedProxy(stack: Stack): rds.IDatabaseProxy {
  return rds.DatabaseProxy.fromDatabaseProxyAttributes(stack, 'ImportedProxy', {
    dbProxyName: 'users', dbProxyArn: 'arn:aws:rds:eu-west-1:111122223333:db-proxy:prx-0abc', endpoint: 'users.proxy-abc.eu-west-1.rds.amazonaws.com', securityGroups: [],
  });
}

function importedSecret(stack: Stack): secretsmanager.ISecret {
  return secretsmanager.Secret.fromSecretCompleteArn(stack, 'ImportedSecret', 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:users-AbCdEf');
}

function parameterIn(stack: Stack): ssm.IParameter {
  return ssm.StringParameter.fromSecureStringParameterAttributes(stack, 'Parameter', { parameterName: '/app/database-url' });
}
