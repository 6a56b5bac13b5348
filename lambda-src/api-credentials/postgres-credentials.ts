import type { CredentialPlace, CredentialStore } from './credential-store';
import { quoteIdentifier } from '../../src/private/identifiers';
import type { Deadline } from '../deadline';
import { UserStoreError } from '../errors';
import { readColumnTypes, type ColumnTypes } from '../stores/postgres/column-types';
import type { StatementRunner } from '../stores/postgres/connection';
import { quotedTable } from '../stores/postgres/table-name';

export interface CredentialTable {
  /** As the user wrote it. */
  readonly table: string;
  readonly place: CredentialPlace;
  /** Whether the key's values must be cast: the Data API binds texts as varchar, which no column of type uuid equals. */
  readonly castsKey?: boolean;
}

/** In whatever runs PostgreSQL's SQL. @throws ConfigurationError */
export function postgresCredentials(runner: StatementRunner, { table, place, castsKey = false }: CredentialTable): CredentialStore {
  const quoted = quotedTable(table);
  const credential = quoteIdentifier(place.column);
  let reading: Promise<ColumnTypes> | undefined;

  async function types(deadline: Deadline): Promise<ColumnTypes | undefined> {
    if (!castsKey) return undefined;
    reading ??= readColumnTypes(runner, quoted, deadline);
    reading.catch(() => { reading = undefined; });
    return reading;
  }

  /** `$1` and on. */
  async function isUsers(deadline: Deadline): Promise<string> {
    const known = await types(deadline);
    return place.key.map(({ name }, index) => {
      const type = known?.get(name)?.type;
      return `${quoteIdentifier(name)} = $${index + 1}${type === undefined ? '' : `::${type}`}`;
    }).join(' and ');
  }

  return {
    open: async () => runner.open?.(),
    async read(sub, deadline) {
      const text = `select ${credential} as credential from ${quoted} where ${await isUsers(deadline)}`;
      const { rows: [row] } = await runner.run({ text, values: [...place.keyOf(sub).values()] }, deadline).catch(explained(place.column));
      return typeof row?.credential === 'string' ? row.credential : undefined;
    },
    async write(sub, value, deadline) {
      const text = `update ${quoted} set ${credential} = $${place.key.length + 1} where ${await isUsers(deadline)}`;
      const { rowCount } = await runner.run({ text, values: [...place.keyOf(sub).values(), value] }, deadline).catch(explained(place.column));
      return rowCount > 0;
    },
  };
}

/** What is most often forgotten: the sync needs neither the column nor these grants. */
function explained(column: string): (error: unknown) => never {
  return (error) => {
    const { code } = error as Partial<UserStoreError>;
    if (code !== '42703' && code !== '42501') throw error;
    throw new UserStoreError('misconfigured', `the users table has no column ${JSON.stringify(column)}, or the login lacks a privilege (${code}): expected a column of type text, SELECT of it and of the key, UPDATE of it, and USAGE of the schema`, { code });
  };
}
