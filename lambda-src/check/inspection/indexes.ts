/** A unique index, or the index of an exclusion constraint. */
export interface InspectedIndex {
  readonly name: string;
  /** Null for an expression. */
  readonly columns: readonly (string | null)[];
  /** Columns of its key, of its expressions and of its predicate. */
  readonly involved: readonly string[];
  readonly isPrimary: boolean;
  readonly isExclusion: boolean;
  readonly isPartial: boolean;
  readonly isDeferrable: boolean;
  /** It is a part of a partitioned table's, and cannot be dropped by itself. */
  readonly isInherited: boolean;
  readonly isValid: boolean;
  readonly isNullsNotDistinct: boolean;
}

/** A row for each, of the row of `pg_class` that is called `target`. `indnullsnotdistinct` is not in PostgreSQL 14. */
export const INDEXES = `
  select pg_catalog.json_build_object(
    'name', relname,
    'columns', (
      select pg_catalog.json_agg(attname order by place) from pg_catalog.unnest(indkey) with ordinality as part(attnum, place)
      left join pg_catalog.pg_attribute on attrelid = indrelid and pg_attribute.attnum = part.attnum and part.attnum > 0
      where place <= indnkeyatts
    ),
    'involved', coalesce((
      select pg_catalog.json_agg(attname) from pg_catalog.pg_attribute where attrelid = indrelid and attnum > 0 and (
        exists (select from pg_catalog.unnest(indkey) with ordinality as part(attnum, place) where part.attnum = pg_attribute.attnum and place <= indnkeyatts)
        or (indexprs is not null or indpred is not null) and exists (
          select from pg_catalog.pg_depend where classid = 'pg_catalog.pg_class'::pg_catalog.regclass and objid = indexrelid
            and refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass and refobjid = indrelid and refobjsubid = attnum
        )
      )
    ), '[]'),
    'isPrimary', indisprimary,
    'isExclusion', indisexclusion,
    'isPartial', indpred is not null,
    'isDeferrable', not indimmediate,
    'isInherited', relispartition,
    'isValid', indisvalid,
    'isNullsNotDistinct', coalesce((pg_catalog.row_to_json(pg_index) ->> 'indnullsnotdistinct')::pg_catalog.bool, false)
  ) as entry
  from pg_catalog.pg_index join pg_catalog.pg_class on pg_class.oid = indexrelid
  where indrelid = target.oid and (indisunique or indisexclusion)`;
