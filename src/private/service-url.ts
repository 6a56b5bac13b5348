import { URL } from 'node:url';

/**
 * The URL of a user service. What is wrong with it is said without the URL, which may hold a password or a key.
 *
 * @throws a plain `Error` that says what was got and what is expected
 */
export function serviceUrl(text: string | undefined, mayBeUnencrypted = false): URL {
  const url = parsed(text);
  if (!url || !/^https?:$/.test(url.protocol)) {
    throw new Error('got no URL of the user service, expected that of all its users, such as https://users.example.com/api/v1/users');
  }
  if (url.protocol === 'http:' && !mayBeUnencrypted) throw new Error(UNENCRYPTED);
  if (url.username || url.password) {
    throw new Error('got a URL of the user service with a user name or password in it, which whoever sees the template or the function reads: expected one without, and a login by a secret');
  }
  if (url.href.includes('#')) {
    throw new Error('got a URL of the user service with a fragment (#…), which no request sends: expected one without');
  }
  return url;
}

const UNENCRYPTED = 'got an http: URL of the user service, on whose way everybody may read and change what is sent: expected https:, or dangerouslyAllowUnencryptedConnections (in the factory\'s options: mayBeUnencrypted) for one on a trusted network';

function parsed(text: string | undefined): URL | undefined {
  try {
    return new URL(text!);
  } catch {
    return undefined;
  }
}
