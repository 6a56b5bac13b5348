import { CLIENT_METADATA_PREFIX, STANDARD_ATTRIBUTES } from '../../src/private/plan';
import type { CognitoUser } from '../cognito-user';

/** What a source may give a column: undefined is unknown, and leaves the column as it is; null is known to be absent. */
export type SourceValue = string | number | bigint | boolean | Date | { readonly [field: string]: unknown } | readonly unknown[] | null | undefined;

export type SourceOf = (user: CognitoUser) => SourceValue;

const USER_SOURCES: Readonly<Record<string, SourceOf>> = {
  sub: (user) => user.sub,
  username: (user) => user.username,
  userPoolId: (user) => user.userPoolId,
  status: (user) => user.status,
  enabled: (user) => user.enabled,
  identityProvider,
  // In one order, so that the same attributes are the same text.
  attributes: (user) => Object.fromEntries(Object.entries(user.attributes).sort(([a], [b]) => (a < b ? -1 : 1))),
  observedAt: (user) => user.observedAt,
};

/** @returns undefined when there is no source of that name */
export function sourceNamed(name: string): SourceOf | undefined {
  if (Object.hasOwn(USER_SOURCES, name)) return USER_SOURCES[name];
  if (name.startsWith(CLIENT_METADATA_PREFIX)) {
    const key = name.slice(CLIENT_METADATA_PREFIX.length);
    return (user) => user.clientMetadata?.[key];
  }
  return isAttribute(name) ? (user) => user.attributes[name] ?? null : undefined;
}

export function isAttribute(name: string): boolean {
  return /^(dev:)?custom:./.test(name) || (STANDARD_ATTRIBUTES as readonly string[]).includes(name);
}

/** `Cognito` for users who are only in the pool itself, as in AdminLinkProviderForUser's ProviderName. */
function identityProvider({ identities }: CognitoUser): string | undefined {
  return identities && (identities[0]?.providerName ?? 'Cognito');
}
