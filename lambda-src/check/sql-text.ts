import { quoteIdentifier } from '../../src/private/identifiers';

export interface TableIdentity {
  readonly schema?: string;
  readonly table: string;
}

export function qualified({ schema, table }: TableIdentity): string {
  return [schema, table].filter((name) => name !== undefined).map(quoteIdentifier).join('.');
}

export function quotedList(names: readonly string[]): string {
  return names.map(quoteIdentifier).join(', ');
}

/** Also where `standard_conforming_strings` is off: https://www.postgresql.org/docs/current/sql-syntax-lexical.html#SQL-SYNTAX-STRINGS-ESCAPE */
export function literal(text: string): string {
  const quoted = `'${text.replaceAll("'", "''")}'`;
  return text.includes('\\') ? `E${quoted.replaceAll('\\', '\\\\')}` : quoted;
}

/** As a message has them: no more than a reader takes in. */
export function named(names: readonly string[]): string {
  const shown = names.slice(0, 8).map((name) => JSON.stringify(name)).join(', ');
  return names.length > 8 ? `${shown} and ${names.length - 8} more` : shown;
}
