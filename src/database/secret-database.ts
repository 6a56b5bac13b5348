import type { aws_secretsmanager as secretsmanager } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { anyPostgresPlan, type AnyPostgresProps } from './any-postgres';
import type { DatabaseBinding } from './database-binding';
import { ownCertificates } from './own-certificates';
import { grantSecretRead } from './secret-grant';
import { optionalPlacement, warnOfUnreachable } from './vpc-placement';

/**
 * The users table in any PostgreSQL that a secret tells how to reach.
 */
export interface SecretDatabaseProps extends AnyPostgresProps {
  /**
   * JSON field of the secret that holds a connection URL, such as `CONNECTION_URL`.
   *
   * @default - the whole secret is a connection URL, or has the JSON fields that RDS gives it
   */
  readonly field?: string;
}

/** Any PostgreSQL, by secret. */
export function bindSecret(scope: Construct, secret: secretsmanager.ISecret, props: SecretDatabaseProps): DatabaseBinding {
  const { field } = props;
  const placement = optionalPlacement(scope, props);
  warnOfUnreachable(scope, placement, 'Secrets Manager');
  return {
    plan: { ...anyPostgresPlan(props), login: { secretArn: secret.secretArn, ...(field !== undefined && { secretField: field }) } },
    placement,
    certificates: ownCertificates(props),
    dependencies: [],
    connect: (fn) => grantSecretRead(secret, fn),
  };
}
