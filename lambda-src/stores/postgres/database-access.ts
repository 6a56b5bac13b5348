/** Where the server is. */
export interface ServerAddress {
  readonly host: string;
  readonly port: number;
  /** False only where somebody wrote `sslmode=disable`. */
  readonly encrypted: boolean;
  /** PEM certificates to trust; by default those that fit the host. */
  readonly ca?: string;
  /** Whether they are in a file beside the function. */
  readonly ownCertificates?: boolean;
  /** Region of an RDS database, where its host name does not tell. */
  readonly region?: string;
  /** What of the certificate is not verified. For the command line alone, where a URL means what it means to psql. */
  readonly unverified?: { readonly rejectUnauthorized?: boolean; readonly checkServerIdentity?: () => undefined };
}

export type Password = string | (() => string | Promise<string>);

export interface DatabaseLogin {
  readonly user: string;
  /** A function is asked when the server wants a password. */
  readonly password: Password;
  readonly database: string;
  /** Command-line options for the server, such as `-c search_path=app`. */
  readonly options?: string;
}

/**
 * How to get to a database. Address and login are asked for separately and at the same time, so that the connection
 * opens and TLS shakes hands while a password is still on its way.
 */
export interface DatabaseAccess {
  address(): ServerAddress | Promise<ServerAddress>;
  /** Asked for at every connection. */
  login(): Promise<DatabaseLogin>;
  /** The server rejected the login: what is remembered of the database may be old. */
  rejected?(): void;
}
