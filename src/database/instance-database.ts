import type { aws_ec2 as ec2, aws_rds as rds } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { DatabaseBinding } from './database-binding';
import { bindRdsDatabase, type RdsDatabaseProps } from './rds-database';

/** An instance of RDS for PostgreSQL. */
export function bindInstance(scope: Construct, instance: rds.IDatabaseInstance, props: RdsDatabaseProps): DatabaseBinding {
  return bindRdsDatabase(scope, {
    resource: instance,
    endpoint: instance.instanceEndpoint,
    engine: instance.engine,
    // Imported instances have none.
    vpc: (instance as { readonly vpc?: ec2.IVpc }).vpc,
    grantConnect(grantee, userName) {
      if (instance.instanceResourceId === undefined) {
        throw new Error(`got imported instance ${instance.node.path} without its resource id, which an IAM policy needs: pass instanceResourceId (db-…) to fromDatabaseInstanceAttributes, or use DatabaseLogin.secret()`);
      }
      if ((instance as { enableIamAuthentication?: boolean }).enableIamAuthentication === false) {
        throw new Error(`got instance ${instance.node.path} with iamAuthentication: false, expected IAM authentication: take that setting out, or use DatabaseLogin.secret()`);
      }
      instance.grantConnect(grantee, userName);
    },
  }, props);
}
