import { type StatementRunner, tooLate } from './connection';
import { parameters } from './parameters';
import { storeError } from './store-error';
import type { Statement, StatementResult } from './upsert';
import type { Deadline } from '../../deadline';

/** A client or pool that the application has already: `pg`'s, or anything with the same method. */
export interface Queryable {
  query(text: string, values: unknown[]): Promise<{ readonly rowCount?: number | null; readonly rows?: readonly unknown[] }>;
}

/** Runs statements on a connection that is somebody else's to open, mend and close. */
export class QueryableRunner implements StatementRunner {
  constructor(private readonly queryable: Queryable) {}

  async run({ text, values }: Statement, deadline: Deadline): Promise<StatementResult> {
    try {
      const { rowCount, rows } = await deadline.race(this.queryable.query(text, parameters(values)), tooLate);
      return { rowCount: rowCount ?? 0, rows: (rows ?? []) as StatementResult['rows'] };
    } catch (error) {
      throw storeError(error, values);
    }
  }
}
