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
  /**
   * Origins whose pages may claim from a REST API, such as `https://app.example.com`, or `*`: the claim function's answers
   * have CORS headers for these. An HTTP API needs none of it, but CORS of its own.
   *
   * @default - none
   */
  readonly allowOrigins?: readonly string[];
}
