import { type StatementRunner, tooLate } from './connection';
import { storeError } from './store-error';
import type { Statement } from './upsert';
import type { Deadline } from '../../deadline';

/** A client or pool that the application has already: `pg`'s, or anything with the same method. */
export interface Queryable {
  query(text: string, values: unknown[]): Promise<{ readonly rowCount?: number | null }>;
}

/** Runs statements on a connection that is somebody else's to open, mend and close. */
export class QueryableRunner implements StatementRunner {
  constructor(private readonly queryable: Queryable) {}

  async run({ text, values }: Statement, deadline: Deadline): Promise<number> {
    try {
      const { rowCount } = await deadline.race(this.queryable.query(text, [...values]), tooLate);
      return rowCount ?? 0;
    } catch (error) {
      throw storeError(error, values);
    }
  }
}
