import type { CredentialOptions } from './credential-options';
import type { ApiRequest } from './verified-claims';
import { checkOrigins } from '../../src/private/origins';
import { loggedError } from '../delivery/logged-error';
import type { Report } from '../delivery/reporting';
import { configured } from '../errors';

/**
 * What lets a page of another origin read an answer. A REST API takes these headers from the function; an HTTP API with CORS
 * configured puts its own in their place.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/how-to-cors.html
 *
 * @param allowed origins, or `*` for all; undefined where no page of another origin is to read anything
 */
export function corsHeaders(event: ApiRequest, allowed: readonly string[] | undefined): Readonly<Record<string, string>> {
  if (!allowed) return {};
  const exposed = { 'access-control-expose-headers': 'retry-after' };
  if (allowed.includes('*')) return { 'access-control-allow-origin': '*', ...exposed };
  // REST APIs pass names on as the client wrote them.
  const [, origin] = Object.entries((Object(event) as ApiRequest).headers ?? {}).find(([name]) => name.toLowerCase() === 'origin') ?? [];
  const varies = { vary: 'origin' };
  return origin !== undefined && allowed.includes(origin) ? { 'access-control-allow-origin': origin, ...exposed, ...varies } : varies;
}

/** A wrong one keeps browsers out, and nobody else. */
export function allowedOrigins({ allowOrigins }: CredentialOptions, report: Report): readonly string[] | undefined {
  try {
    if (allowOrigins) configured(() => checkOrigins(allowOrigins));
    return allowOrigins;
  } catch (error) {
    report({ level: 'ERROR', message: 'the configuration is wrong: no page of another origin can claim', error: loggedError(error) });
    return undefined;
  }
}
