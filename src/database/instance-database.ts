import type { aws_ec2 as ec2, aws_rds as rds, aws_secretsmanager as secretsmanager } from 'aws-cdk-lib';
import type { RdsDatabase } from './rds-database';
import { templateResource } from './rendered-properties';

/** An instance of RDS for PostgreSQL. */
export function rdsInstance(instance: rds.IDatabaseInstance): RdsDatabase {
  if (templateResource<rds.CfnDBInstance>(instance)?.sourceDbInstanceIdentifier !== undefined) {
    throw new Error(`got ${instance.node.path}, which is a read replica, expected an instance that takes writes: pass its source`);
  }
  // Imported instances have neither.
  const { vpc, secret } = instance as { readonly vpc?: ec2.IVpc; readonly secret?: secretsmanager.ISecret };
  return {
    resource: instance,
    get endpoint() {
      if (!instance.instanceEndpoint.hostname) {
        throw new Error(`got imported instance ${instance.node.path} without instanceEndpointAddress: pass it to fromDatabaseInstanceAttributes`);
      }
      return instance.instanceEndpoint;
    },
    engine: instance.engine,
    vpc,
    secret,
    grantConnect(grantee, userName) {
      if (instance.instanceResourceId === undefined) {
        throw new Error(`got imported instance ${instance.node.path} without its resource id, which an IAM policy needs: pass instanceResourceId (db-…) to fromDatabaseInstanceAttributes, or use DatabaseLogin.secret()`);
      }
      instance.grantConnect(grantee, userName);
    },
  };
}
