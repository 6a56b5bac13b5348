import type { aws_ec2 as ec2, aws_rds as rds, aws_secretsmanager as secretsmanager } from 'aws-cdk-lib';
import { canPause } from './pausing';
import type { RdsDatabase } from './rds-database';
import { templateResource } from './rendered-properties';

/** A cluster of Aurora PostgreSQL, through its writer endpoint. */
export function rdsCluster(cluster: rds.IDatabaseCluster): RdsDatabase {
  if (templateResource<rds.CfnDBCluster>(cluster)?.replicationSourceIdentifier !== undefined) {
    throw new Error(`got ${cluster.node.path}, which is a read replica, expected a cluster that takes writes: pass its source`);
  }
  // Imported clusters may have neither.
  const { vpc, secret } = cluster as { readonly vpc?: ec2.IVpc; readonly secret?: secretsmanager.ISecret };
  return {
    resource: cluster,
    get endpoint() {
      return told(cluster, 'clusterEndpointAddress and port', () => cluster.clusterEndpoint);
    },
    engine: cluster.engine,
    vpc,
    secret,
    isPausing: () => canPause(cluster),
    grantConnect(grantee, userName) {
      told(cluster, 'clusterResourceIdentifier (cluster-…)', () => cluster.grantConnect(grantee, userName));
    },
  };
}

/** An imported cluster throws where it is asked for what its importer did not say. */
function told<T>(cluster: rds.IDatabaseCluster, attributes: string, ask: () => T): T {
  try {
    return ask();
  } catch (error) {
    throw new Error(`got imported cluster ${cluster.node.path} without ${attributes}: pass it to fromDatabaseClusterAttributes`, { cause: error });
  }
}
