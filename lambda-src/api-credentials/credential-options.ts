import type { ReportingOptions } from '../delivery/reporting';

/** What both functions of API credentials are told. */
export interface CredentialOptions extends ReportingOptions {
  /** The only user pool whose users have credentials. The function's role needs `cognito-idp:AdminGetUser` on it. */
  readonly userPoolId: string;
  /**
   * Ids of the app clients whose tokens may claim a credential.
   *
   * @default - any client of the pool
   */
  readonly clientIds?: readonly string[];
}
