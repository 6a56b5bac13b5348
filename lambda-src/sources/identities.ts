import type { Identity } from '../cognito-user';

/**
 * The attribute `identities` is JSON in text. What cannot be read is unknown, not absent, and no reason to lose the user.
 *
 * @param json undefined for a user who has none linked
 */
export function identitiesIn(json: string | undefined): Identity[] | undefined {
  if (json === undefined) return [];
  let list: unknown;
  try {
    list = JSON.parse(json);
  } catch {
    return undefined;
  }
  if (!Array.isArray(list)) return undefined;
  return list
    .filter((identity) => typeof identity?.providerName === 'string')
    .sort((a, b) => Number(isPrimary(b)) - Number(isPrimary(a)))
    .map(({ providerName, userId }) => ({ providerName, userId: typeof userId === 'string' && userId !== '' ? userId : undefined }));
}

/** Cognito has sent both `true` and `"true"`. */
function isPrimary(identity: { readonly primary?: unknown }): boolean {
  return String(identity.primary) === 'true';
}
