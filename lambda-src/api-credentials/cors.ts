import type { ApiRequest } from './verified-claims';

/**
 * What lets a page of another origin read an answer. A REST API takes these headers from the function; an HTTP API with CORS
 * configured puts its own in their place.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/how-to-cors.html
 *
 * @param allowed origins, or `*` for all; undefined where no page of another origin is to read anything
 */
export function corsHeaders({ headers }: ApiRequest, allowed: readonly string[] | undefined): Readonly<Record<string, string>> {
  if (!allowed) return {};
  const exposed = { 'access-control-expose-headers': 'retry-after' };
  if (allowed.includes('*')) return { 'access-control-allow-origin': '*', ...exposed };
  // REST APIs pass names on as the client wrote them.
  const [, origin] = Object.entries(headers ?? {}).find(([name]) => name.toLowerCase() === 'origin') ?? [];
  const varies = { vary: 'origin' };
  return origin !== undefined && allowed.includes(origin) ? { 'access-control-allow-origin': origin, ...exposed, ...varies } : varies;
}
