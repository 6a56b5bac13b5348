import type { aws_rds as rds } from 'aws-cdk-lib';
import type { ProxyDatabaseProps } from './proxy-database';
import { templateResource } from './rendered-properties';
import type { IamLogin, SecretLogin } from '../private/plan';

const END_TO_END = 'give the proxy defaultAuthScheme: rds.DefaultAuthScheme.IAM_AUTH (endToEndIam: true for an imported one that has it)';
const NO_PROXY = 'or leave the proxy out, by UserDatabase.fromInstance() or fromCluster()';

/**
 * Which login gets through which proxy. A standard one logs in to the database with the passwords of its secrets; one with
 * end-to-end IAM authentication takes IAM's tokens on both sides.
 *
 * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-proxy-connecting.html
 *
 * @throws a plain `Error` with the ways out
 */
export function checkProxyLogin(proxy: rds.IDatabaseProxy, props: ProxyDatabaseProps, login: SecretLogin | IamLogin): void {
  const { path } = proxy.node;
  const isCreated = props.login._administrator !== undefined;
  if (isEndToEnd(proxy, props)) {
    if ('secretArn' in login) {
      throw new Error(`got DatabaseLogin.secret() through proxy ${path} with end-to-end IAM authentication, which takes no password, expected a login by IAM: use DatabaseLogin.created() or DatabaseLogin.iam(), or take defaultAuthScheme out of the proxy`);
    }
    if (isCreated && !props.instance && !props.cluster) {
      throw new Error(`got DatabaseLogin.created() through proxy ${path}, expected to know the database behind it, where the login is created: pass it as instance or cluster`);
    }
    return;
  }
  if ('iamUser' in login) {
    const call = isCreated ? 'DatabaseLogin.created()' : 'DatabaseLogin.iam()';
    throw new Error(`got ${call} through standard proxy ${path}, which logs in with a password, and no user whom IAM lets in (rds_iam) can do that, expected another login or another proxy: use DatabaseLogin.secret() with one of the proxy's secrets, or ${END_TO_END}, ${NO_PROXY}`);
  }
  if (takesTokensAlone(proxy)) {
    throw new Error(`got DatabaseLogin.secret() through proxy ${path} with iamAuth: true, which takes no password from the functions, expected a proxy that does: take iamAuth out, or ${END_TO_END} and use DatabaseLogin.created() or DatabaseLogin.iam(), ${NO_PROXY}`);
  }
}

function isEndToEnd(proxy: rds.IDatabaseProxy, { endToEndIam }: ProxyDatabaseProps): boolean {
  const resource = templateResource<rds.CfnDBProxy>(proxy);
  if (!resource) return endToEndIam ?? false;
  const own = resource.defaultAuthScheme === 'IAM_AUTH';
  if (endToEndIam !== undefined && endToEndIam !== own) {
    throw new Error(`got endToEndIam: ${endToEndIam} for proxy ${proxy.node.path}, whose defaultAuthScheme says ${resource.defaultAuthScheme ?? 'NONE'}: take endToEndIam out, which is for imported proxies`);
  }
  return own;
}

function takesTokensAlone(proxy: rds.IDatabaseProxy): boolean {
  const auth = templateResource<rds.CfnDBProxy>(proxy)?.auth;
  return Array.isArray(auth) && auth.length > 0 && auth.every((entry) => (entry as rds.CfnDBProxy.AuthFormatProperty).iamAuth === 'REQUIRED');
}
