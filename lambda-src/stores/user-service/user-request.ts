import { jsonBody } from './json-body';
import type { ServiceRequest } from './service-exchange';
import type { ServiceMethod } from '../../../src/private/plan';
import { UserStoreError } from '../../errors';
import { onDemand } from '../../on-demand';
import type { Column, UserRow } from '../../user-row';

export interface UserRequestProps {
  readonly row: UserRow;
  /** Of the body. */
  readonly columns: readonly Column[];
  /** Only for a user who is not there. */
  readonly isNew?: boolean;
}

/** What a service is asked for one user. */
export class UserRequests {
  constructor(private readonly url: URL, private readonly method: ServiceMethod, private readonly key: readonly string[]) {}

  /** @throws UserStoreError for a key that no path can name */
  of({ row, columns, isNew = false }: UserRequestProps): ServiceRequest {
    const body = jsonBody(row, columns);
    return {
      method: this.method,
      path: this.method === 'POST' ? this.url.pathname + this.url.search : this.userPath(row),
      headers: {
        'content-type': 'application/json',
        // Firewalls such as AWS WAF refuse who sends none.
        'user-agent': 'cognito-user-sync',
        ...(isNew && { 'if-none-match': '*' }),
        ...(row.observation !== undefined && { 'idempotency-key': idempotencyKey(row.observation, body, isNew) }),
      },
      body,
    };
  }

  /** Below the path of all users, before the query string. */
  private userPath(row: UserRow): string {
    const segments = this.key.map((name) => segment(row.get(name), name));
    return `${this.url.pathname.replace(/\/+$/, '')}/${segments.join('/')}${this.url.search}`;
  }
}

/**
 * Of this observation, and of what is asked for it: a redelivered message has the same key, and a service that knows the
 * key must not see another request under it, such as the one that follows where the user is there, or that of a mapping
 * that was changed meanwhile. In quotes, as the draft has it: a string of https://www.rfc-editor.org/rfc/rfc8941.html
 * https://datatracker.ietf.org/doc/draft-ietf-httpapi-idempotency-key-header/
 */
function idempotencyKey(observation: string, body: string, isNew: boolean): string {
  const asked = onDemand.crypto().createHash('sha256').update(`${isNew} ${observation} ${body}`).digest('base64url').slice(0, 12);
  return `"${observation.replace(/[^\w.:-]/g, '_')}:${asked}"`;
}

/** Servers and proxies resolve `.` and `..` even where they are encoded, and drop a segment of nothing: it would be another resource. */
function segment(value: string | null | undefined, name: string): string {
  if (value === null || value === undefined || /^\.{0,2}$/.test(value) || /\p{Surrogate}/u.test(value)) {
    throw new UserStoreError('permanent', `key column ${JSON.stringify(name)}: the user's value cannot be part of a path: expected well-formed text that is neither empty nor dots alone`, { column: name });
  }
  return encodeURIComponent(value).replace(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);
}
