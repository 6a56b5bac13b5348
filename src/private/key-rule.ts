import { KEY_SOURCES, type ColumnNames, type ColumnSource, type ColumnWriteName } from './plan';

/** What the rule must know of a column. */
export interface KeyCandidate {
  /** As it was written in the mapping. */
  readonly written: string;
  /** As whatever holds the users knows it. */
  readonly name: string;
  /** Left out for a constant and for a function. */
  readonly source?: ColumnSource;
  readonly constant?: string;
  /** A function of the factory's, whose author answers for it. */
  readonly isFunction?: boolean;
  /** An attribute that nobody can change. */
  readonly isImmutable?: boolean;
  /** Left out for `always`. */
  readonly write?: ColumnWriteName;
}

export interface KeyedTable {
  /** Names of its key's columns, if they were said. */
  readonly key?: readonly string[];
  /** @default 'sql' */
  readonly names?: ColumnNames;
  /** Whether the store itself keeps a user from writing another one's row. */
  readonly isGuarded?: boolean;
}

/**
 * Names of the key's columns. No two users may ever share a key, or whoever comes later would write the other's row: it
 * contains `sub`. Where the store looks whose row it is, it may do without, and has something else of the user's.
 *
 * @throws a plain `Error` that says what was got, what is expected and how to mend it
 */
export function keyNames(columns: readonly KeyCandidate[], table: KeyedTable): readonly string[] {
  const { key, isGuarded = false } = table;
  const subs = columns.filter(({ source }) => source === 'sub');
  const written = subs.map((column) => column.written);
  if (key === undefined && subs.length === 0) {
    throw new Error('got no column for the user\'s id, which tells one user from another: map one, such as cognito_user_id, from sub');
  }
  if (key === undefined && subs.length > 1) {
    throw new Error(`got ${subs.length} columns mapped from sub (${written.join(', ')}), and any of them may be the key: say which with key, such as key: [${JSON.stringify(written[0])}]`);
  }
  const names = key ?? [subs[0].name];
  const keyed = names.map((name, index) => {
    if (names.indexOf(name) !== index) throw new Error(`got key column ${JSON.stringify(name)} twice: name it once`);
    return checked(name, columns.find((column) => column.name === name), table);
  });
  const isOneUsers = keyed.some(({ source, isFunction }) => source === 'sub' || isFunction);
  // The owner's column must be one that the store may look at in every row.
  const isLookedAt = isGuarded && subs.some(({ write = 'always' }) => write === 'always');
  if (!isOneUsers && !(isLookedAt && keyed.some(({ source }) => source !== undefined && source !== 'userPoolId'))) {
    throw new Error(`got key (${names.join(', ')}), which two users may share: only sub belongs to one user for ever, so add the column that is mapped from it${subs.length > 0 ? ` (${written.join(', ')})` : ''}`);
  }
  return names;
}

function checked(name: string, candidate: KeyCandidate | undefined, { names = 'sql' }: KeyedTable): KeyCandidate {
  const column = `key column ${JSON.stringify(name)}`;
  if (!candidate) throw new Error(`${column} is not mapped: map it, or take it out of key where that is named by hand`);
  const { source, constant, isImmutable = false, write = 'always' } = candidate;
  if (source !== undefined && !KEY_SOURCES.includes(source) && !isImmutable) {
    throw new Error(`${column} is mapped from ${source}, which may change or be unknown, and a second row would follow: map it from sub, username, the user pool's id, a constant or an attribute that nobody can change (immutable: true), or take it out of key`);
  }
  if (write !== 'always') {
    throw new Error(`${column} has write ${JSON.stringify(write)}, expected ColumnWrite.ALWAYS (in the factory's options: "always"): a key column is what a row is found by, so leave write out`);
  }
  if (constant === '' && names === 'plain') {
    throw new Error(`${column} is a constant without any text, which no key of DynamoDB and no path of a service has: give it one, or take it out of key`);
  }
  return candidate;
}
