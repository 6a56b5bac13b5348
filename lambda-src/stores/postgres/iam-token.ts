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
  const signed = onDemand.aws4().sign({
    service: 'rds-db',
    region,
    host: `${host}:${port}`,
    path: `/?Action=connect&DBUser=${encodeURIComponent(user)}&X-Amz-Expires=900`,
    signQuery: true,
  }, credentials);
  return `${host}:${port}${signed.path}`;
}
