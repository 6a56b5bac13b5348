import type { Person } from './person';

/** A row as the table has it at the end. */
export interface StoredRow {
  readonly cognito_user_id: string;
  readonly email: string | null;
  readonly display_name: string | null;
  readonly handle: string | null;
  readonly generation: number | null;
  readonly status: string | null;
  readonly enabled: boolean | null;
}

/** A row as it was at some moment of the storm. */
export interface AuditedWrite {
  /** Simulated. */
  readonly at: number;
  /** The login that wrote. */
  readonly writer: string;
  readonly operation: 'INSERT' | 'UPDATE' | 'DELETE';
  readonly sub: string;
  readonly generation: number | null;
  readonly observedAt: Date | null;
}

export type Count = 'lost' | 'duplicates' | 'stale' | 'resurrected';
/** `overtaken` is told, and no part of the promise. */
type Wrongdoing = Count | 'overtaken';
export const COUNTS: readonly Count[] = ['lost', 'duplicates', 'stale', 'resurrected'];

export interface Verdict extends Readonly<Record<Count, number>> {
  /** What was wrong with whom; `at` a moment of the storm, or at its end. */
  readonly wrongs: ReadonlyArray<{ readonly person: Person; readonly count: Wrongdoing; readonly why: string; readonly at?: number }>;
}

/** A snapshot may be written as it is within its first minute, and the user may be gone by then. */
export const FIRST_MINUTE = 60_000;

/**
 * - `lost`: in the pool, and without a row.
 * - `duplicates`: with more than one.
 * - `stale`: the row is not the newest state that was nudged, or a newer one; and, with a version column, every moment of
 *   the whole storm at which an older state replaced a newer one.
 * - `overtaken`: such moments without one. Between reading a user from Cognito and writing them, a sign-in may write what
 *   is newer, and nothing in the table could tell. The nudge of the newer state mends it, or `stale` counts it.
 * - `resurrected`: gone, and with a row; or a row was written when they had been gone for a minute.
 */
export function verdictOf(people: readonly Person[], rows: readonly StoredRow[], audit: readonly AuditedWrite[], functions: readonly string[]): Verdict {
  // A unique index lets no `sub` in twice; written otherwise it would.
  const rowsOf = groupedBy(rows, ({ cognito_user_id }) => cognito_user_id.trim().toLowerCase());
  const writesOf = groupedBy(audit, ({ sub }) => sub);
  const wrongs = people.flatMap((person) => [
    ...wrongsAtTheEnd(person, rowsOf.get(person.sub) ?? []),
    ...wrongsMeanwhile(person, writesOf.get(person.sub) ?? [], functions),
  ].map(([count, why, at]) => ({ person, count, why, at })));
  const counted = (count: Count) => wrongs.filter((wrong) => wrong.count === count).length;
  return { lost: counted('lost'), duplicates: counted('duplicates'), stale: counted('stale'), resurrected: counted('resurrected'), wrongs };
}

type Wrong = readonly [count: Wrongdoing, why: string, at?: number];

function wrongsAtTheEnd(person: Person, rows: readonly StoredRow[]): Wrong[] {
  if (!person.isInPool) return rows.length > 0 ? [['resurrected', 'has a row at the end, and is gone']] : [];
  if (rows.length > 1) return [['duplicates', `has ${rows.length} rows`]];
  if (rows.length === 0) return person.nudged > 0 ? [['lost', 'has no row']] : [];
  const [row] = rows;
  const generation = row.generation ?? 0;
  if (generation < person.nudged) return [['stale', `the row has generation ${generation}, expected ${person.nudged} or newer`]];
  const differing = differences(person, row);
  return differing.length > 0 ? [['stale', `the row differs from generation ${generation} in ${differing.join(', ')}`]] : [];
}

function differences(person: Person, row: StoredRow): string[] {
  const state = person.states[row.generation! - 1];
  if (!state) return ['generation'];
  const { attributes, status, enabled } = state;
  const expected: Partial<StoredRow> = {
    email: attributes.email,
    display_name: attributes.name,
    handle: attributes.preferred_username ?? null,
    status,
    // Trigger events do not tell it: it is known from the time when Cognito was read.
    ...(person.reread >= row.generation! && { enabled }),
  };
  return Object.entries(expected).filter(([column, value]) => row[column as keyof StoredRow] !== value).map(([column]) => column);
}

function wrongsMeanwhile(person: Person, writes: readonly AuditedWrite[], functions: readonly string[]): Wrong[] {
  const wrongs: Wrong[] = [];
  let newest = 0;
  for (const { at, writer, operation, generation, observedAt } of writes) {
    if (operation === 'DELETE') {
      newest = 0;
      continue;
    }
    if ((generation ?? 0) < newest) wrongs.push([observedAt ? 'stale' : 'overtaken', `${writer} wrote generation ${generation} over ${newest}`, at]);
    newest = Math.max(newest, generation ?? 0);
    const gone = person.leftAt === undefined ? 0 : at - person.leftAt;
    if (gone > FIRST_MINUTE && functions.includes(writer)) wrongs.push(['resurrected', `${writer} wrote a row when they had been gone for ${Math.round(gone / 1000)} s`, at]);
  }
  return wrongs;
}

function groupedBy<T>(items: readonly T[], keyOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const group = groups.get(keyOf(item));
    if (group) group.push(item);
    else groups.set(keyOf(item), [item]);
  }
  return groups;
}
