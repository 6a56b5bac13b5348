import { type Batch, halves, rounds } from './batches';
import { bulkUpsert } from './bulk-upsert';
import { type ColumnTypes, readColumnTypes } from './column-types';
import type { StatementRunner } from './connection';
import { mayBeOneRow } from './store-error';
import { quotedTable } from './table-name';
import { insertedOnly } from './upsert';
import type { Deadline } from '../../deadline';
import type { UserSyncError } from '../../errors';
import type { Column } from '../../user-row';
import type { UserStore, WriteResult } from '../../user-store';

/** An `ALTER TABLE` to a type of more digits raises no error: values would be rounded as before. */
const TYPES_KNOWN_MILLIS = 60_000;

/**
 * Writes what `postgresStore` writes, in statements for many rows, with the same statement for one: it takes no value
 * of a sequence for a row that is there. Its first call asks PostgreSQL once more, for the types of the columns.
 *
 * @throws ConfigurationError
 */
export function bulkPostgresStore(runner: StatementRunner, table: string, key: readonly string[], columns: readonly Column[]): UserStore {
  const target: Target = { runner, table: quotedTable(table), key, isKeyUnique: false };
  const writer = (mapped: readonly Column[]): UserStore['write'] => async (rows, deadline) => {
    const call = new BulkWrite(target, deadline);
    for (const batches of rounds(rows, key, mapped)) await call.writeAll(batches);
    return call.results;
  };
  return { write: writer(columns), insert: writer(insertedOnly(columns)) };
}

interface Target {
  readonly runner: StatementRunner;
  /** For calls with more rows than one statement takes. */
  secondRunner?: StatementRunner;
  readonly table: string;
  readonly key: readonly string[];
  types?: { readonly read: ColumnTypes; readonly readAt: number };
  /** A statement that may conflict has succeeded since the types were read, which takes a unique index on the key. */
  isKeyUnique: boolean;
}

/** One call of the store. */
class BulkWrite {
  /** Each in its row's place. */
  readonly results: WriteResult[] = [];
  private types?: Promise<ColumnTypes>;
  private hasReadTypesAgain = false;
  private lastRefusal?: UserSyncError;

  constructor(private readonly target: Target, private readonly deadline: Deadline) {}

  async writeAll(batches: readonly Batch[]): Promise<void> {
    const { target } = this;
    const waiting = [...batches];
    const writeWaiting = async (runner: StatementRunner) => {
      for (let batch = waiting.shift(); batch; batch = waiting.shift()) {
        try {
          await this.write(batch, runner);
        } catch (error) {
          waiting.unshift(batch);
          throw error;
        }
      }
    };
    if (waiting.length > 1) target.secondRunner ??= target.runner.another?.();
    if (waiting.length > 1 && target.secondRunner) await Promise.allSettled([writeWaiting(target.runner), writeWaiting(target.secondRunner)]);
    // What a second connection could not do (there may be no room for one) is left to the first, and now its error counts.
    await writeWaiting(target.runner);
  }

  /** Halves a batch that is refused until the rows at fault are alone. */
  private async write(batch: Batch, runner: StatementRunner, mayConflict = !this.target.isKeyUnique): Promise<void> {
    const types = await (this.types ??= this.knownTypes());
    try {
      await this.writeTogether(batch, types, runner, mayConflict);
    } catch (error) {
      const failure = error as UserSyncError;
      if (failure.failure === 'transient' && !mayBeOneRow(failure)) throw failure;
      // Somebody else may have inserted the key meanwhile.
      if (!mayConflict) return this.write(batch, runner, true);
      // The table may have been altered meanwhile.
      if (await this.typesReadAgain() !== types) return this.write(batch, runner, true);
      if (!mayBeOneRow(failure)) throw failure;
      if (batch.rows.length > 1) for (const half of halves(batch)) await this.write(half, runner, true);
      else this.refuse(batch.rows[0].place, failure);
    }
  }

  /** One after the other may be refused for what is not in them, such as a privilege that is missing after all. */
  private refuse(place: number, failure: UserSyncError): void {
    const isSameAgain = failure.failure !== 'permanent' && failure.message === this.lastRefusal?.message && !this.results.some((result) => typeof result === 'string');
    if (isSameAgain) throw failure;
    this.lastRefusal = failure;
    this.results[place] = failure;
  }

  private async writeTogether({ columns, rows }: Batch, types: ColumnTypes, runner: StatementRunner, mayConflict: boolean): Promise<void> {
    const { table, key } = this.target;
    const answer = await runner.run(bulkUpsert({ table, key, columns, types, rows: rows.map(({ row }) => row), mayConflict }), this.deadline);
    if (mayConflict) this.target.isKeyUnique = true;
    for (const { place } of rows) this.results[place] = 'unchanged';
    for (const ordinal of String(answer.rows[0].written ?? '').split(',').filter(Boolean)) this.results[rows[Number(ordinal) - 1].place] = 'written';
  }

  private async knownTypes(): Promise<ColumnTypes> {
    const { types } = this.target;
    return types && Date.now() - types.readAt < TYPES_KNOWN_MILLIS ? types.read : this.readTypes();
  }

  /** Once in a call. */
  private async typesReadAgain(): Promise<ColumnTypes | undefined> {
    if (!this.hasReadTypesAgain) this.types = this.readTypes();
    this.hasReadTypesAgain = true;
    return this.types;
  }

  /** @returns the same object as before where nothing has changed */
  private async readTypes(): Promise<ColumnTypes> {
    const { runner, table, types: known } = this.target;
    const found = await readColumnTypes(runner, table, this.deadline);
    const read = known && isSame(known.read, found) ? known.read : found;
    this.target.types = { read, readAt: Date.now() };
    this.target.isKeyUnique = false;
    return read;
  }
}

function isSame(one: ColumnTypes, other: ColumnTypes): boolean {
  return JSON.stringify([...one]) === JSON.stringify([...other]);
}
