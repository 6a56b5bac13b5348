import type { CertificateAuthorityProps } from './own-certificates';
import { tablePlan, type UserTableProps } from './user-table';
import type { VpcPlacementProps } from './vpc-placement';
import type { PostgresPlan } from '../private/plan';

/**
 * The users table in any PostgreSQL, wherever it runs.
 */
export interface AnyPostgresProps extends UserTableProps, VpcPlacementProps, CertificateAuthorityProps {
  /**
   * Name of the database that holds the table. May be a token.
   *
   * @default - the one that the secret or parameter names
   */
  readonly databaseName?: string;

  /**
   * Whether the secret or parameter may turn TLS off (`sslmode=disable` in its URL). Users and the password of the login
   * then cross the network in the clear, and whoever is in between can read and change them. For a database on a trusted
   * network that cannot do TLS, and for nothing else.
   *
   * @default false
   */
  readonly dangerouslyAllowUnencryptedConnections?: boolean;
}

/** All but the login. */
export function anyPostgresPlan(props: AnyPostgresProps): Omit<PostgresPlan, 'login'> {
  const { databaseName, certificateAuthorities, dangerouslyAllowUnencryptedConnections } = props;
  return {
    kind: 'postgres',
    ...tablePlan(props),
    ...(databaseName !== undefined && { databaseName }),
    ...(certificateAuthorities !== undefined && { ownCertificates: true }),
    ...(dangerouslyAllowUnencryptedConnections && { mayBeUnencrypted: true }),
  };
}
