import { type Grant, grants } from './grants';

/** A column as the catalog has it. */
export interface InspectedColumn {
  readonly name: string;
  /** Among the columns. */
  readonly place: number;
  /** For people and for DDL: `character varying(20)`. */
  readonly type: string;
  readonly typeSchema: string;
  readonly mayUseTypeSchema: boolean;
  /** Name of the type that its domain, if any, is over. */
  readonly baseType: string;
  readonly isDomain: boolean;
  /** In characters; null where it is not limited. */
  readonly length: number | null;
  /** Of an enum; null of any other type. */
  readonly labels: readonly string[] | null;
  readonly isNotNull: boolean;
  /** Its domain refuses null, whatever the column says. */
  readonly isNotNullByDomain: boolean;
  readonly hasDefault: boolean;
  readonly hasDomainDefault: boolean;
  readonly identity: '' | 'always' | 'byDefault';
  readonly generated: '' | 'stored' | 'virtual';
  /** What hinders a change of its type. */
  readonly boundBy: readonly string[];
  /** Sequences that its default takes values from. */
  readonly sequences: readonly { readonly schema: string; readonly name: string; readonly isUsable: boolean }[];
  readonly mayInsert: boolean;
  readonly mayUpdate: boolean;
  readonly maySelect: boolean;
  /** Those on the table as a whole left out. */
  readonly grants: readonly Grant[];
}

/** Domains may be over domains; each may refuse null and have a default. */
const BASE_TYPE = `
  with recursive chain as (
    select pg_type.*, pg_attribute.atttypmod as modifier from pg_catalog.pg_type where pg_type.oid = atttypid
    union all
    select base.*, chain.typtypmod from chain join pg_catalog.pg_type as base on base.oid = chain.typbasetype where chain.typtype = 'd'
  )
  select bool_or(typtype = 'd' and typnotnull) as domain_not_null, bool_or(typtype = 'd' and typdefault is not null) as domain_default,
    max(typname) filter (where typtype <> 'd') as base_type,
    max(modifier - 4) filter (where typname in ('varchar', 'bpchar') and typtype = 'b' and modifier > 4) as length,
    (select json_agg(enumlabel order by enumsortorder) from pg_catalog.pg_enum where enumtypid in (select chain.oid from chain)) as labels
  from chain`;

/** https://www.postgresql.org/docs/current/catalog-pg-depend.html; a table's own default does not bind it. */
const BOUND_BY = `
  select distinct thing from (
    select case classid
      when 'pg_catalog.pg_rewrite'::pg_catalog.regclass then 'a view or rule' when 'pg_catalog.pg_policy'::pg_catalog.regclass then 'a policy'
      when 'pg_catalog.pg_trigger'::pg_catalog.regclass then 'a trigger' when 'pg_catalog.pg_proc'::pg_catalog.regclass then 'a function'
      when 'pg_catalog.pg_publication_rel'::pg_catalog.regclass then 'a publication' when 'pg_catalog.pg_attrdef'::pg_catalog.regclass then 'a generated column'
    end as thing
    from pg_catalog.pg_depend
    where refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass and refobjid = attrelid and refobjsubid = attnum
      and not exists (select from pg_catalog.pg_attrdef where pg_attrdef.oid = objid and adrelid = attrelid and adnum = attnum)
    union all
    select case contype when 'f' then 'a foreign key' else 'a check constraint' end from pg_catalog.pg_constraint
    where (conrelid = attrelid and contype in ('f', 'c') and attnum = any (conkey)) or (confrelid = attrelid and contype = 'f' and attnum = any (confkey))
    union all
    select 'the partition key' from pg_catalog.pg_partitioned_table where partrelid = attrelid and attnum = any (partattrs)
    union all
    select 'its parent table' where attinhcount > 0
  ) as things where thing is not null`;

const SEQUENCES = `
  select json_build_object('schema', nspname, 'name', relname,
    'isUsable', has_sequence_privilege(pg_class.oid, 'USAGE') or has_sequence_privilege(pg_class.oid, 'UPDATE')) as sequence
  from pg_catalog.pg_attrdef
  join pg_catalog.pg_depend on classid = 'pg_catalog.pg_attrdef'::pg_catalog.regclass and objid = pg_attrdef.oid and refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass
  join pg_catalog.pg_class on pg_class.oid = refobjid and relkind = 'S'
  join pg_catalog.pg_namespace on pg_namespace.oid = relnamespace
  where adrelid = attrelid and adnum = attnum and attgenerated = ''`;

/** A row for each, of the row of `pg_class` that is called `target`. */
export const COLUMNS = `
  select json_build_object(
    'name', attname,
    'place', attnum,
    'type', format_type(atttypid, atttypmod),
    'typeSchema', nspname,
    'mayUseTypeSchema', has_schema_privilege(pg_namespace.oid, 'USAGE'),
    'baseType', base_type,
    'isDomain', own.typtype = 'd',
    'length', length,
    'labels', labels,
    'isNotNull', attnotnull,
    'isNotNullByDomain', domain_not_null,
    'hasDefault', atthasdef and attgenerated = '',
    'hasDomainDefault', domain_default,
    'identity', case attidentity when 'a' then 'always' when 'd' then 'byDefault' else '' end,
    'generated', case attgenerated when '' then '' when 'v' then 'virtual' else 'stored' end,
    'boundBy', coalesce((select json_agg(thing order by thing) from (${BOUND_BY}) as bound), '[]'),
    'sequences', coalesce((select json_agg(sequence) from (${SEQUENCES}) as sequences), '[]'),
    'mayInsert', has_column_privilege(attrelid, attnum, 'INSERT'),
    'mayUpdate', has_column_privilege(attrelid, attnum, 'UPDATE'),
    'maySelect', has_column_privilege(attrelid, attnum, 'SELECT'),
    'grants', (${grants('attacl')})
  ) as entry
  from pg_catalog.pg_attribute
  join pg_catalog.pg_type as own on own.oid = atttypid
  join pg_catalog.pg_namespace on pg_namespace.oid = own.typnamespace
  cross join lateral (${BASE_TYPE}) as base
  where attrelid = target.oid and attnum > 0 and not attisdropped`;
