import { literal } from '../sql-text';

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
  /** Digits after the second; null where it is not a time, or has all six. */
  readonly precision: number | null;
  /** Of an enum; null of any other type. */
  readonly labels: readonly string[] | null;
  readonly isNotNull: boolean;
  /** Its domain refuses null, whatever the column says. */
  readonly isNotNullByDomain: boolean;
  readonly hasDefault: boolean;
  /** The default is one value, the same in every row. */
  readonly hasConstantDefault: boolean;
  readonly hasDomainDefault: boolean;
  readonly identity: '' | 'always' | 'byDefault';
  readonly generated: '' | 'stored' | 'virtual';
  /** It has a foreign key, to whatever table. */
  readonly isReference: boolean;
  /** What hinders a change of its type. */
  readonly boundBy: readonly string[];
  /** Sequences that its default takes values from. */
  readonly sequences: readonly { readonly schema: string; readonly name: string; readonly isUsable: boolean }[];
  /** Functions that its default, or the column itself where it is generated, calls and the login may not: as a GRANT names them. */
  readonly forbiddenFunctions: readonly string[];
  readonly mayInsert: boolean;
  readonly mayUpdate: boolean;
  readonly maySelect: boolean;
}

/** Domains may be over domains; each may refuse null and have a default. */
const BASE_TYPE = `
  with recursive chain as (
    select pg_type.*, pg_attribute.atttypmod as modifier from pg_catalog.pg_type where pg_type.oid = atttypid
    union all
    select base.*, chain.typtypmod from chain join pg_catalog.pg_type as base on base.oid = chain.typbasetype where chain.typtype = 'd'
  )
  select pg_catalog.bool_or(typtype = 'd' and typnotnull) as domain_not_null, pg_catalog.bool_or(typtype = 'd' and typdefault is not null) as domain_default,
    pg_catalog.max(typname) filter (where typtype <> 'd') as base_type,
    pg_catalog.max(modifier - 4) filter (where typname = any (array['varchar', 'bpchar']) and typtype = 'b' and modifier > 4) as length,
    pg_catalog.max(modifier) filter (where typname = any (array['timestamp', 'timestamptz']) and typtype = 'b' and modifier >= 0) as precision,
    (select pg_catalog.json_agg(enumlabel order by enumsortorder) from pg_catalog.pg_enum where enumtypid = any (select chain.oid from chain)) as labels
  from chain`;

/** https://www.postgresql.org/docs/current/catalog-pg-depend.html; a table's own default does not bind it, and neither does an index that every type can have. */
const BOUND_BY = `
  select distinct thing from (
    select case
      when classid = 'pg_catalog.pg_rewrite'::pg_catalog.regclass then 'a view or rule' when classid = 'pg_catalog.pg_policy'::pg_catalog.regclass then 'a policy'
      when classid = 'pg_catalog.pg_trigger'::pg_catalog.regclass then 'a trigger' when classid = 'pg_catalog.pg_proc'::pg_catalog.regclass then 'a function'
      when classid = 'pg_catalog.pg_publication_rel'::pg_catalog.regclass then 'a publication' when classid = 'pg_catalog.pg_attrdef'::pg_catalog.regclass then 'a generated column'
    end as thing
    from pg_catalog.pg_depend
    where refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass and refobjid = attrelid and refobjsubid = attnum
      and not exists (select from pg_catalog.pg_attrdef where pg_attrdef.oid = objid and adrelid = attrelid and adnum = attnum)
    union all
    select 'an index' from pg_catalog.pg_index join pg_catalog.pg_class on pg_class.oid = indexrelid join pg_catalog.pg_am on pg_am.oid = relam
    where indrelid = attrelid and (
      (attnum = any (indkey) and (amname <> 'btree' or exists (select from pg_catalog.pg_opclass where pg_opclass.oid = any (indclass) and not opcdefault)))
      or ((indexprs is not null or indpred is not null) and exists (
        select from pg_catalog.pg_depend where classid = 'pg_catalog.pg_class'::pg_catalog.regclass and objid = indexrelid
          and refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass and refobjid = attrelid and refobjsubid = attnum
      ))
    )
    union all
    select case when contype = 'f' then 'a foreign key' else 'a check constraint' end from pg_catalog.pg_constraint
    where (conrelid = attrelid and contype = any (array['f', 'c']) and attnum = any (conkey)) or (confrelid = attrelid and contype = 'f' and attnum = any (confkey))
    union all
    select 'the partition key' from pg_catalog.pg_partitioned_table where partrelid = attrelid and attnum = any (partattrs)
    union all
    select 'its parent table' where attinhcount > 0
  ) as things where thing is not null`;

const SEQUENCES = `
  select pg_catalog.json_build_object('schema', nspname, 'name', relname,
    'isUsable', pg_catalog.has_sequence_privilege(pg_class.oid, 'USAGE') or pg_catalog.has_sequence_privilege(pg_class.oid, 'UPDATE')) as sequence
  from pg_catalog.pg_attrdef
  join pg_catalog.pg_depend on classid = 'pg_catalog.pg_attrdef'::pg_catalog.regclass and objid = pg_attrdef.oid and refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass
  join pg_catalog.pg_class on pg_class.oid = refobjid and relkind = 'S'
  join pg_catalog.pg_namespace on pg_namespace.oid = relnamespace
  where adrelid = attrelid and adnum = attnum and attgenerated = ''`;

/** PostgreSQL's own functions, which everybody may call, are not in `pg_depend`. */
const FORBIDDEN_FUNCTIONS = `
  select distinct pg_catalog.format('%I.%I(%s)', nspname, proname, pg_catalog.pg_get_function_identity_arguments(pg_proc.oid)) as function
  from pg_catalog.pg_attrdef
  join pg_catalog.pg_depend on classid = 'pg_catalog.pg_attrdef'::pg_catalog.regclass and objid = pg_attrdef.oid and refclassid = 'pg_catalog.pg_proc'::pg_catalog.regclass
  join pg_catalog.pg_proc on pg_proc.oid = refobjid
  join pg_catalog.pg_namespace on pg_namespace.oid = pronamespace
  where adrelid = attrelid and adnum = attnum and not pg_catalog.has_function_privilege(pg_proc.oid, 'EXECUTE')`;

/** A literal, and what it is cast to. */
const CONSTANT = "^[(]?(-?[0-9.]+|true|false|'([^']|'')*')[)]?(::[^(]+([(][0-9, ]+[)])?[^(]*)?$";

/** A row for each, of the row of `pg_class` that is called `target`. */
export const COLUMNS = `
  select pg_catalog.json_build_object(
    'name', attname,
    'place', attnum,
    'type', pg_catalog.format_type(atttypid, atttypmod),
    'typeSchema', nspname,
    'mayUseTypeSchema', pg_catalog.has_schema_privilege(pg_namespace.oid, 'USAGE'),
    'baseType', base_type,
    'isDomain', own.typtype = 'd',
    'length', length,
    'precision', precision,
    'labels', labels,
    'isNotNull', attnotnull,
    'isNotNullByDomain', domain_not_null,
    'hasDefault', atthasdef and attgenerated = '',
    'hasConstantDefault', attgenerated = '' and exists (
      select from pg_catalog.pg_attrdef where adrelid = attrelid and adnum = attnum and pg_catalog.pg_get_expr(adbin, adrelid) ~ ${literal(CONSTANT)}
    ),
    'hasDomainDefault', domain_default,
    'identity', case when attidentity = 'a' then 'always' when attidentity = 'd' then 'byDefault' else '' end,
    'generated', case when attgenerated = '' then '' when attgenerated = 'v' then 'virtual' else 'stored' end,
    'isReference', exists (select from pg_catalog.pg_constraint where conrelid = attrelid and contype = 'f' and attnum = any (conkey)),
    'boundBy', coalesce((select pg_catalog.json_agg(thing order by thing) from (${BOUND_BY}) as bound), '[]'),
    'sequences', coalesce((select pg_catalog.json_agg(sequence) from (${SEQUENCES}) as sequences), '[]'),
    'forbiddenFunctions', coalesce((select pg_catalog.json_agg(function order by function) from (${FORBIDDEN_FUNCTIONS}) as functions), '[]'),
    'mayInsert', pg_catalog.has_column_privilege(attrelid, attnum, 'INSERT'),
    'mayUpdate', pg_catalog.has_column_privilege(attrelid, attnum, 'UPDATE'),
    'maySelect', pg_catalog.has_column_privilege(attrelid, attnum, 'SELECT')
  ) as entry
  from pg_catalog.pg_attribute
  join pg_catalog.pg_type as own on own.oid = atttypid
  join pg_catalog.pg_namespace on pg_namespace.oid = own.typnamespace
  cross join lateral (${BASE_TYPE}) as base
  where attrelid = target.oid and attnum > 0 and not attisdropped`;
