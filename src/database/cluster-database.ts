import type { aws_ec2 as ec2, aws_rds as rds } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { DatabaseBinding } from './database-binding';
import { bindRdsDatabase, type RdsDatabaseProps } from './rds-database';

/** A cluster of Aurora PostgreSQL, through its writer endpoint. */
export function bindCluster(scope: Construct, cluster: rds.IDatabaseCluster, props: RdsDatabaseProps): DatabaseBinding {
  return bindRdsDatabase(scope, {
    resource: cluster,
    endpoint: told(cluster, 'clusterEndpointAddress and port', () => cluster.clusterEndpoint),
    engine: cluster.engine,
    // Imported clusters have none.
    vpc: (cluster as { readonly vpc?: ec2.IVpc }).vpc,
    grantConnect(grantee, userName) {
      enableIamAuthentication(cluster);
      told(cluster, 'clusterResourceIdentifier (cluster-…)', () => cluster.grantConnect(grantee, userName));
    },
  }, props);
}

/** An instance's grantConnect does this; a cluster's does not, and every login would be refused. */
function enableIamAuthentication(cluster: rds.IDatabaseCluster): void {
  const resource = cluster.node.defaultChild as rds.CfnDBCluster | undefined;
  if (resource?.enableIamDatabaseAuthentication === false) {
    throw new Error(`got cluster ${cluster.node.path} with iamAuthentication: false, expected IAM authentication: take that setting out, or use DatabaseLogin.secret()`);
  }
  if (resource) resource.enableIamDatabaseAuthentication ??= true;
}

/** An imported cluster throws where it is asked for what its importer did not say. */
function told<T>(cluster: rds.IDatabaseCluster, attributes: string, ask: () => T): T {
  try {
    return ask();
  } catch (error) {
    throw new Error(`got imported cluster ${cluster.node.path} without ${attributes}: pass it to fromDatabaseClusterAttributes`, { cause: error });
  }
}
