import type { aws_secretsmanager as secretsmanager } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { DatabaseBinding } from './database-binding';
import { grantSecretRead } from './secret-grant';
import { tablePlan, type UserTableProps } from './user-table';
import { vpcPlacement, warnOfUnreachableSecret, type VpcPlacementProps } from './vpc-placement';

/**
 * The users table in any PostgreSQL that a secret tells how to reach.
 */
export interface SecretDatabaseProps extends UserTableProps, VpcPlacementProps {
  /**
   * JSON field of the secret that holds a connection URL, such as `CONNECTION_URL`.
   *
   * @default - the whole secret is a connection URL, or has the JSON fields that RDS gives it
   */
  readonly field?: string;

  /**
   * Name of the database that holds the table. May be a token.
   *
   * @default - the one that the secret names
   */
  readonly databaseName?: string;
}

/** Any PostgreSQL, by secret. */
export function bindSecret(scope: Construct, secret: secretsmanager.ISecret, props: SecretDatabaseProps): DatabaseBinding {
  const { databaseName, field, vpc, vpcSubnets, securityGroups } = props;
  if (!vpc && (vpcSubnets || securityGroups)) {
    throw new Error(`got ${vpcSubnets ? 'vpcSubnets' : 'securityGroups'} without vpc, expected both: pass the VPC that the database runs in as vpc`);
  }
  const placement = vpc && vpcPlacement(scope, vpc, props);
  if (placement) warnOfUnreachableSecret(scope, placement);
  return {
    plan: {
      ...tablePlan(props),
      ...(databaseName !== undefined && { databaseName }),
      login: { secretArn: secret.secretArn, ...(field !== undefined && { secretField: field }) },
    },
    placement,
    connect: (fn) => grantSecretRead(secret, fn),
  };
}
