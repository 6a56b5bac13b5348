import { randomBytes, randomUUID } from 'node:crypto';
import type { PoolUser } from '../test/support/user-directory';

/** Somebody who signs up. Whatever a pool knows of them is a canary: a text that may stand in rows and messages, and nowhere else. */
export interface Person extends PoolUser {
  readonly clientMetadata: Readonly<Record<string, string>>;
  /** What of it is whose: attribute name → canary. */
  readonly canaries: Readonly<Record<string, string>>;
}

/** The attributes that the table has a column for, and some that it has none for. */
const NAMES = ['email', 'name', 'preferred_username', 'phone_number', 'custom:note'] as const;

export function newPerson(): Person {
  const canaries = Object.fromEntries([...NAMES, 'username', 'client metadata'].map((name) => [name, `canary${randomBytes(8).toString('hex')}`]));
  const { username, 'client metadata': metadata, ...texts } = canaries;
  return {
    sub: randomUUID(),
    username,
    attributes: { ...texts, email: `${texts.email}@example.com` },
    clientMetadata: { campaign: metadata },
    canaries,
  };
}

/** @returns which of a person's values stand in the text, by name */
export function canariesIn(text: string, people: readonly Person[]): string[] {
  const found = people.flatMap(({ canaries }) => Object.entries(canaries).filter(([, canary]) => text.includes(canary)).map(([name]) => name));
  return [...new Set(found)];
}
