/**
 * What a value is, so that one that cannot fit its column is named before it is sent.
 *
 * PostgreSQL converts the value to the column's own type, which may be narrower (`varchar(40)`, `smallint`).
 *
 * @see https://www.postgresql.org/docs/current/datatype.html
 */
export enum ColumnKind {
  /** Text, as Cognito has it: for `text`, `varchar`, `citext` and enum columns. */
  TEXT = 'text',

  /** `true` or `false`, such as Cognito's `email_verified`. */
  BOOLEAN = 'boolean',

  /** A whole number: for `smallint`, `integer` and `bigint` columns. */
  INTEGER = 'integer',

  /** A decimal number: for `numeric`, `real` and `double precision` columns. */
  NUMERIC = 'numeric',

  /** A UUID, such as every user's `sub`. */
  UUID = 'uuid',

  /** A date as YYYY-MM-DD, such as Cognito's `birthdate`. */
  DATE = 'date',

  /** A moment: ISO 8601 text, or seconds since 1970 such as Cognito's `updated_at`. For `timestamptz` columns. */
  TIMESTAMP = 'timestamp',

  /** JSON text: for `json` and `jsonb` columns. */
  JSON = 'json',
}
