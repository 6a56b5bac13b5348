/**
 * In the place of pg-connection-string in the bundle: `connection-url.ts` reads URLs, and pg is given the parts. So pg
 * never asks, and 3 KB need not be loaded for every cold start.
 */
export function parse(): never {
  throw new Error('pg was given a connection URL: expected its parts');
}
