import { Annotations, Token } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { DatabaseBinding } from './database-binding';
import { ownCertificates, type CertificateAuthorityProps } from './own-certificates';
import { ServiceLogin } from './service-login';
import { createdColumns, putColumns } from './user-service-columns';
import { optionalPlacement, warnOfUnreachable, type VpcPlacementProps } from './vpc-placement';
import { serviceUrl } from '../private/service-url';

/**
 * What a user service is asked.
 */
export enum UserServiceMethod {
  /** Makes the user below the URL, at their key, or sets the fields of who is there. */
  PUT = 'PUT',

  /** Makes the user at the URL itself. 409 must mean that this very user is there, and is done with: changes are never sent. */
  POST = 'POST',
}

/**
 * An application's own service, which keeps the users itself.
 */
export interface UserServiceProps extends VpcPlacementProps, CertificateAuthorityProps {
  /**
   * Method of the requests.
   *
   * @default UserServiceMethod.PUT
   */
  readonly method?: UserServiceMethod;

  /**
   * Fields that together tell one user from another, in the order in which a PUT's path has them. One of them is mapped
   * from `sub`, and the others from what never changes: username, user pool id, a constant.
   *
   * @default - the only field that is mapped from `sub`
   */
  readonly key?: string[];

  /**
   * How the functions tell the service who they are: `ServiceLogin.apiKey()`, `ServiceLogin.bearer()` or
   * `ServiceLogin.iam()`.
   *
   * @default ServiceLogin.none()
   */
  readonly login?: ServiceLogin;

  /**
   * Whether the URL may be `http:`. Users and the login then cross the network in the clear, and whoever is in between can
   * read and change them. For a service on a trusted network that cannot do TLS, and for nothing else.
   *
   * @default false
   */
  readonly dangerouslyAllowUnencryptedConnections?: boolean;
}

export function bindUserService(scope: Construct, url: string, props: UserServiceProps): DatabaseBinding {
  const { method = UserServiceMethod.PUT, key, login = ServiceLogin.none(), dangerouslyAllowUnencryptedConnections: mayBeUnencrypted = false } = props;
  checkUrl(url, mayBeUnencrypted);
  const certificates = ownCertificates(props);
  const loginPlan = login._plan(method);
  const placement = optionalPlacement(scope, props);
  if (login._readsSecret) warnOfUnreachable(scope, placement, 'Secrets Manager', '');
  if (!loginPlan && !placement) {
    Annotations.of(scope).addWarningV2(
      'cognito-user-sync:openUserService',
      'the user service is in no VPC, and lets everybody in: whoever finds its URL could write users; give it a login (ServiceLogin.apiKey(), bearer() or iam()), or acknowledge this warning where something else keeps strangers out',
    );
  }
  return {
    plan: {
      kind: 'userService',
      url,
      ...(method !== UserServiceMethod.PUT && { method }),
      ...(key && { key }),
      ...(loginPlan && { login: loginPlan }),
      ...(certificates !== undefined && { ownCertificates: true }),
      ...(mayBeUnencrypted && { mayBeUnencrypted }),
    },
    names: 'plain',
    placement,
    certificates,
    dependencies: [],
    fitColumns: (columns) => (method === UserServiceMethod.POST ? createdColumns(scope, columns) : putColumns(columns)),
    connect: (fn) => login._grant(fn),
  };
}

/**
 * Where a part of it is known at deployment only, the rest is looked at with something in its place; where it begins with
 * such a part, that may be anything, and the functions look at the whole.
 */
function checkUrl(url: string, mayBeUnencrypted: boolean): void {
  const beginning = /^\$\{Token\[[^\]]*\]\}/;
  const plausible = url.replace(beginning, 'https://x').replace(/(:?)\$\{Token\[[^\]]*\]\}/g, (_token, colon: string) => (colon ? ':1' : 'x'));
  serviceUrl(Token.isUnresolved(url) ? plausible : url, mayBeUnencrypted);
}
