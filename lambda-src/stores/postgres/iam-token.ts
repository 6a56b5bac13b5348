import type { AwsCredentials } from '../../aws/credentials';
import { onDemand } from '../../on-demand';

/**
 * A password for a database user with IAM authentication: a presigned `connect` request. It is signed offline, so it
 * works in subnets without a way out, and only checked when a connection is made.
 * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.IAMDBAuth.Connecting.html
 *
 * @param host the database's own endpoint: a CNAME of yours is another host, and is refused
 */
export function iamToken(host: string, port: number, region: string, user: string, credentials: AwsCredentials): string {
  return presigned({ service: 'rds-db', host: `${host}:${port}`, region, query: `Action=connect&DBUser=${encodeURIComponent(user)}` }, credentials);
}

/**
 * The same for Aurora DSQL, where the token says nothing of the user: the role is linked to it there.
 * https://docs.aws.amazon.com/aurora-dsql/latest/userguide/SECTION_authentication-token.html
 */
export function dsqlToken(host: string, region: string, credentials: AwsCredentials): string {
  return presigned({ service: 'dsql', host, region, query: 'Action=DbConnect' }, credentials);
}

interface Connecting {
  readonly service: string;
  readonly host: string;
  readonly region: string;
  readonly query: string;
}

function presigned({ query, ...where }: Connecting, credentials: AwsCredentials): string {
  return where.host + onDemand.aws4().sign({ ...where, path: `/?${query}&X-Amz-Expires=900`, signQuery: true }, credentials).path;
}
