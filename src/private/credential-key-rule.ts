import { CREDENTIAL_KEY_SOURCES, type CredentialsPlan } from './credentials-plan';

/**
 * Whoever shows a credential is known by `sub` alone: a row that takes more to find is never found.
 *
 * @throws a plain `Error` that says what was got, what is expected and how to mend it
 */
export function checkCredentialKey(key: CredentialsPlan['key']): void {
  for (const [name, value] of Object.entries(key)) {
    const source = typeof value === 'string' ? value : value.from;
    if (source !== undefined && !(CREDENTIAL_KEY_SOURCES as readonly string[]).includes(source)) {
      throw new Error(`key column ${JSON.stringify(name)} is mapped from ${source}, which a credential does not tell: map it from ${CREDENTIAL_KEY_SOURCES.join(', ')} or a constant; whoever shows a credential is known by sub alone`);
    }
  }
}
