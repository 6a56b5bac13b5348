import { keyLogin, plannedLogin, type ServiceLogin } from './service-login';
import { checkedUrl, serviceTable } from './user-service-table';
import type { ServiceIamLogin, ServiceMethod, ServiceSecretLogin } from '../../../src/private/plan';
import { awsEnvironment } from '../../aws/environment';
import { ConfigurationError } from '../../errors';
import type { UsersTable } from '../../user-store';

/** An application's own service, which keeps the users itself. */
export interface UserServiceOptions {
  /**
   * URL of all users, such as `https://users.example.com/api/v1/users`. A PUT goes to the user's key below it, and makes
   * or changes the user; a POST goes to itself.
   */
  readonly userService: string | undefined;
  /**
   * `PUT` makes or changes a user. `POST` makes one; 409 must mean that this very user is there, and changes are never sent.
   *
   * @default 'PUT'
   */
  readonly method?: ServiceMethod;
  /**
   * The fields that tell one user from another, and make the path of a PUT. One of them is mapped from `sub`, or from a
   * function whose value belongs to one user for ever; the others may be `username`, `userPoolId` or a constant, too.
   *
   * @default - the only field that is mapped from `sub`
   */
  readonly key?: string | readonly string[];
  /**
   * A key or token, a secret of Secrets Manager that holds one, or a signature by the function's role.
   *
   * @default - none: the service lets everybody in who reaches it
   */
  readonly login?: ServiceTokenLogin | ServiceSecretLogin | ServiceIamLogin;
  /**
   * Certificate authorities to trust, as PEM.
   *
   * @default - those that Node.js trusts
   */
  readonly ca?: string;
  /**
   * Whether the URL may be `http:`, so that everybody on the way may read and change what is sent.
   *
   * @default false
   */
  readonly mayBeUnencrypted?: boolean;
}

export interface ServiceTokenLogin {
  /** A function is asked once, and again when the service rejects what it gave. */
  readonly token: string | undefined | (() => string | Promise<string>);
  /**
   * Such as `x-api-key`.
   *
   * @default - `Authorization: Bearer …`
   */
  readonly header?: string;
}

/** @throws ConfigurationError */
export function userServiceOf({ userService, method, key, login, ca, mayBeUnencrypted }: UserServiceOptions): UsersTable {
  return serviceTable({ url: checkedUrl(userService, mayBeUnencrypted), ca, login: loginOf(login) }, method, typeof key === 'string' ? [key] : key);
}

function loginOf(login: UserServiceOptions['login']): ServiceLogin {
  if (!login || !('token' in login)) return plannedLogin(login, awsEnvironment);
  const { token, header } = login;
  if (!token) throw new ConfigurationError('database.login has an empty token: expected the key or token of the user service; is the environment variable set?');
  return keyLogin(async () => (typeof token === 'function' ? token() : token), header);
}
