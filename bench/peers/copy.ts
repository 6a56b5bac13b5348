import { readFileSync } from 'node:fs';
import { Client, type Connection, type Submittable } from 'pg';

/** Large enough that chunks cost nothing, small enough that the server works while the next one is written. */
const CHUNK_CHARACTERS = 65_536;

export type Merge = 'same' | 'upsert';

/**
 * The fastest way into a table that PostgreSQL has: COPY into a temporary table with the types of the real one, and one
 * statement that merges it. One connection, one transaction.
 */
export async function copyAndMerge(connectionString: string, table: string, columns: readonly string[], rows: Iterable<ReadonlyArray<string | null>>, merge: Merge): Promise<void> {
  const client = await connected(connectionString);
  await client.query(`begin; create temporary table incoming on commit drop as select ${columns.join(', ')} from ${table} with no data`);
  await new Promise<void>((resolve, reject) => client.query(new CopyFrom('copy incoming from stdin', chunks(rows), (error) => (error ? reject(error) : resolve()))));
  await client.query(merge === 'same' ? sameMerge(table, columns) : upsert(table, columns));
  await client.query('commit');
  await client.end();
}

export async function connected(connectionString: string): Promise<Client> {
  const url = new URL(connectionString);
  const ca = readFileSync(url.searchParams.get('sslrootcert')!, 'utf8');
  url.search = '';
  const client = new Client({ connectionString: url.href, ssl: { ca } });
  await client.connect();
  return client;
}

/** What our statement does, without what only it needs: who was written, a known order, and hints for small batches. */
function sameMerge(table: string, [key, ...others]: readonly string[]): string {
  const names = [key, ...others].join(', ');
  const changes = others.map((name) => `stored.${name} is distinct from excluded.${name}`).join(' or ');
  const set = others.map((name) => `${name} = excluded.${name}`).join(', ');
  return `with due as materialized (
      select excluded.*, stored.${key} is null as is_new from incoming as excluded left join ${table} as stored on stored.${key} = excluded.${key}
      where stored.${key} is null or ${changes}
    ), updated as (
      update ${table} as stored set ${set} from due as excluded where not is_new and stored.${key} = excluded.${key} and (${changes})
    )
    insert into ${table} as stored (${names}) select ${names} from due where is_new on conflict (${key}) do update set ${set} where ${changes}`;
}

/** What most people write, and what takes a value of every sequence for each row that is there. */
function upsert(table: string, [key, ...others]: readonly string[]): string {
  const names = [key, ...others].join(', ');
  return `insert into ${table} as stored (${names}) select ${names} from incoming on conflict (${key})
    do update set ${others.map((name) => `${name} = excluded.${name}`).join(', ')} where ${others.map((name) => `stored.${name} is distinct from excluded.${name}`).join(' or ')}`;
}

/** In COPY's text format: https://www.postgresql.org/docs/current/sql-copy.html#SQL-COPY-FILE-FORMATS */
function* chunks(rows: Iterable<ReadonlyArray<string | null>>): Generator<Buffer> {
  let text = '';
  for (const row of rows) {
    for (let index = 0; index < row.length; index++) text += (index > 0 ? '\t' : '') + field(row[index]);
    text += '\n';
    if (text.length < CHUNK_CHARACTERS) continue;
    yield Buffer.from(text);
    text = '';
  }
  yield Buffer.from(text);
}

const ESCAPES: Readonly<Record<string, string>> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' };

function field(value: string | null): string {
  if (value === null) return '\\N';
  return /[\\\t\n\r]/.test(value) ? value.replace(/[\\\t\n\r]/g, (character) => ESCAPES[character]) : value;
}

/** What its types leave out. */
interface CopyConnection extends Connection {
  readonly stream: Connection['stream'] & { readonly writableNeedDrain: boolean };
  query(text: string): void;
  sendCopyFromChunk(chunk: Buffer): void;
  endCopyFrom(): void;
}

/** Speaks the protocol of COPY, which `pg` itself leaves to others: https://www.postgresql.org/docs/current/protocol-flow.html#PROTOCOL-COPY */
class CopyFrom implements Submittable {
  constructor(private readonly text: string, private readonly given: Iterator<Buffer>, private readonly ended: (error?: Error) => void) {}

  submit(connection: Connection): void {
    (connection as CopyConnection).query(this.text);
  }

  handleCopyInResponse(connection: CopyConnection): void {
    for (let next = this.given.next(); !next.done; next = this.given.next()) {
      connection.sendCopyFromChunk(next.value);
      if (connection.stream.writableNeedDrain) {
        connection.stream.once('drain', () => this.handleCopyInResponse(connection));
        return;
      }
    }
    connection.endCopyFrom();
  }

  handleCommandComplete(): void {
    // Only whether it ended well matters.
  }

  handleReadyForQuery(): void {
    this.ended();
  }

  handleError(error: Error): void {
    this.ended(error);
  }
}
