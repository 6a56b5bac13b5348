import { COLUMNS, type InspectedColumn } from './columns';
import { INDEXES, type InspectedIndex } from './indexes';
import { type InspectedLogin, LOGIN, TABLE_ACCESS, type TableAccess } from './login';
import { withOwnOperators } from './own-operators';
import { SURROUNDINGS, type Surroundings } from './surroundings';
import type { Deadline } from '../../deadline';
import { UserStoreError } from '../../errors';
import type { StatementRunner } from '../../stores/postgres/connection';
import type { TableIdentity } from '../sql-text';

/** The catalog about one table, as the login sees it. */
export interface Inspection {
  readonly login: InspectedLogin;
  /** Where a table that is not there would be created. */
  readonly home: { readonly schema: string; readonly isThere: boolean; readonly maySchema: boolean };
  readonly table: InspectedTable | null;
}

export interface InspectedTable extends Surroundings, TableAccess {
  readonly schema: string;
  readonly table: string;
  /** `relkind`: https://www.postgresql.org/docs/current/catalog-pg-class.html */
  readonly kind: string;
  readonly isPartition: boolean;
  /** Columns of the partition key; null for an expression in it. */
  readonly partitionKey: readonly (string | null)[];
  readonly columns: readonly InspectedColumn[];
  readonly indexes: readonly InspectedIndex[];
}

/**
 * Everything in one statement, so that it fits together whatever is altered meanwhile, and as JSON texts, since neither
 * the bundled pg nor the Data API reads other types the same way. A row for each column, since the Data API takes no row
 * of more than 64 KB: https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/data-api.limitations.html
 *
 * The catalog may be read without any privilege. `to_regclass` would not do: it fails where the login lacks USAGE of the
 * schema, and `current_schemas` leaves such a schema out; so the search path is read as it was set, too.
 */
const INSPECTION = withOwnOperators(`
with path as (
  select schema_name, pg_catalog.min(place) as place from (
    select schema_name, place from pg_catalog.unnest(pg_catalog.current_schemas(true)) with ordinality as visible(schema_name, place)
    union all
    select case when named = '$user' then current_user else named end, 1000 + place
    from pg_catalog.unnest(pg_catalog.string_to_array(pg_catalog.current_setting('search_path'), ',')) with ordinality as written(entry, place)
    cross join lateral pg_catalog.btrim(entry, ' "') as named
  ) as listed where $1::pg_catalog.text is null group by schema_name
  union all
  select $1::pg_catalog.text, 1 where $1::pg_catalog.text is not null
), home as (
  select coalesce(
    $1::pg_catalog.text, pg_catalog.current_schema(),
    (select schema_name from path join pg_catalog.pg_namespace on nspname = schema_name where schema_name <> 'pg_catalog' order by place limit 1), 'public'
  ) as schema_name
), target as (
  select pg_class.*, nspname from path
  join pg_catalog.pg_namespace on nspname = schema_name join pg_catalog.pg_class on relnamespace = pg_namespace.oid
  where relname = $2::pg_catalog.text order by place limit 1
)
select pg_catalog.json_build_object(
  'login', (${LOGIN}),
  'home', (
    select pg_catalog.json_build_object('schema', schema_name, 'isThere', pg_namespace.oid is not null, 'maySchema', coalesce(pg_catalog.has_schema_privilege(pg_namespace.oid, 'USAGE'), false))
    from home left join pg_catalog.pg_namespace on nspname = schema_name
  ),
  'table', (
    select pg_catalog.json_build_object(
      'schema', nspname, 'table', relname, 'kind', relkind, 'isPartition', relispartition,
      'partitionKey', (
        select coalesce(pg_catalog.json_agg(attname), '[]') from pg_catalog.pg_partitioned_table, pg_catalog.unnest(partattrs) as part(number)
        left join pg_catalog.pg_attribute on attrelid = target.oid and attnum = number and number > 0 where partrelid = target.oid
      ),
      ${TABLE_ACCESS}, ${SURROUNDINGS}
    ) from target
  )
)::pg_catalog.text as part
union all select pg_catalog.json_build_object('column', entry)::pg_catalog.text from target cross join lateral (${COLUMNS}) as columns
union all select pg_catalog.json_build_object('index', entry)::pg_catalog.text from target cross join lateral (${INDEXES}) as indexes`);

/** PostgreSQL's own functions see an object that was dropped meanwhile, which the statement's snapshot still has. */
const ATTEMPTS = 3;

/** @throws UserSyncError */
export async function inspect(runner: StatementRunner, { schema, table }: TableIdentity, deadline: Deadline): Promise<Inspection> {
  for (let attempt = 1; ; attempt++) {
    try {
      const { rows } = await runner.run({ text: INSPECTION, values: [schema ?? null, table] }, deadline);
      return together(rows.map(({ part }) => JSON.parse(String(part))));
    } catch (failure) {
      if (attempt === ATTEMPTS || !isOfAlteredTable(failure)) throw failure;
    }
  }
}

/** Rows come in any order. */
function together(parts: readonly Part[]): Inspection {
  const { login, home, table } = parts.find((part) => 'login' in part) as Head;
  const columns = parts.flatMap((part) => ('column' in part ? [part.column] : [])).sort((a, b) => a.place - b.place);
  const indexes = parts.flatMap((part) => ('index' in part ? [part.index] : [])).sort((a, b) => (a.name < b.name ? -1 : 1));
  return { login, home, table: table && { ...table, columns, indexes } };
}

type Head = Omit<Inspection, 'table'> & { readonly table: Omit<InspectedTable, 'columns' | 'indexes'> | null };
type Part = Head | { readonly column: InspectedColumn } | { readonly index: InspectedIndex };

function isOfAlteredTable(failure: unknown): boolean {
  return failure instanceof UserStoreError && /^(XX000|42P01|42703|42704)$/.test(failure.code ?? '');
}
