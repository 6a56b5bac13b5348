import { columnNamed } from '../../src/private/column-names';
import { type KeyCandidate, type KeyedTable, keyNames } from '../../src/private/key-rule';
import { canonicalText, expectation } from '../../src/private/kind-rules';
import { CLIENT_METADATA_PREFIX, COLUMN_KINDS, COLUMN_WRITES, DEFAULT_KINDS, type ColumnPlanOptions } from '../../src/private/plan';
import type { CognitoUser } from '../cognito-user';
import { ColumnValueError, configured, ConfigurationError, errorName } from '../errors';
import { type Column, ObservedRow, type UserRow } from '../user-row';
import { isAttribute, sourceNamed, type SourceOf, type SourceValue } from './column-source';

/** What the factory takes for a column: the plan's words, or a function in the place of a source. */
export type ColumnMapping = string | SourceOf | ColumnMappingOptions;

export interface ColumnMappingOptions extends Omit<ColumnPlanOptions, 'from'> {
  readonly from?: string | SourceOf;
}

/** How users become rows of one table. */
export interface RowMapping {
  readonly columns: readonly Column[];
  /** Names of the key's columns: the conflict target. */
  readonly key: readonly string[];
  /** @throws ColumnValueError */
  toRow(user: CognitoUser): UserRow;
}

interface MappedColumn extends Column {
  readonly sourceName: string;
  readonly source: SourceOf;
  readonly prefix: string;
  readonly fallback?: string;
  readonly required: boolean;
  readonly candidate: KeyCandidate;
}

/** @throws ConfigurationError */
export function rowMapping(mappings: Readonly<Record<string, ColumnMapping>>, table: KeyedTable = {}): RowMapping {
  if (!mappings || typeof mappings !== 'object') throw new ConfigurationError('the options have no columns: expected column → value');
  const { key, names: naming = 'sql' } = table;
  const mapped = Object.entries(mappings).map(([written, mapping]) => mappedColumn(written, configured(() => columnNamed(written, naming)), mapping));
  const names = mapped.map(({ name }) => name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw new ConfigurationError(`column ${JSON.stringify(twice)} is mapped twice: expected one value for it`);
  const keyed = configured(() => keyNames(mapped.map(({ candidate }) => candidate), { ...table, key: key?.map((written) => columnNamed(written, naming)) }));
  const columns = mapped.map((column) => (keyed.includes(column.name) ? { ...column, required: true } : column));
  return {
    columns: columns.map(({ name, kind, write, isVersion, isSub }) => ({ name, kind, write, isVersion, isSub })),
    key: keyed,
    toRow: (user) => {
      const row = new ObservedRow([], `${user.sub}:${user.observedAt.getTime()}`);
      for (const column of columns) {
        const value = valueOf(column, user);
        if (value !== undefined) row.set(column.name, value);
      }
      return row;
    },
  };
}

function mappedColumn(written: string, name: string, mapping: ColumnMapping): MappedColumn {
  const { from, constant, kind, write, fallback, required = false, prefix = '', immutable = false }: ColumnMappingOptions = typeof mapping === 'object' && mapping !== null ? mapping : { from: mapping };
  const source = constant === undefined ? sourceFor(name, from) : () => constant;
  const sourceName = typeof from === 'string' ? from : '';
  const fromClient = sourceName.startsWith(CLIENT_METADATA_PREFIX);
  // Whoever signs in chooses client metadata, every time anew: it may never change a row that is there.
  if (fromClient && write !== undefined && write !== 'onInsert') {
    throw new ConfigurationError(`column ${JSON.stringify(name)}: client metadata is written on insert only, got write ${JSON.stringify(write)}: leave write out`);
  }
  const column = {
    name,
    kind: oneOf(COLUMN_KINDS, kind ?? DEFAULT_KINDS[sourceName] ?? 'text', name, 'kind'),
    write: oneOf(COLUMN_WRITES, write ?? (fromClient ? 'onInsert' : 'always'), name, 'write'),
    sourceName,
    source,
    prefix,
    fallback: fallback === undefined ? undefined : String(fallback),
    required,
  };
  if (sourceName === 'observedAt' && column.kind !== 'timestamp' && column.kind !== 'text') {
    throw new ConfigurationError(`column ${JSON.stringify(name)}: observedAt is a moment, got kind ${column.kind}: expected timestamp, or text`);
  }
  if (prefix !== '' && column.kind !== 'text') throw new ConfigurationError(`column ${JSON.stringify(name)}: got a prefix for kind ${column.kind}: expected kind text, or no prefix`);
  for (const [what, text] of Object.entries({ constant, fallback, prefix: prefix || undefined })) {
    if (text !== undefined && canonicalText(column.kind, String(text)) === undefined) {
      throw new ConfigurationError(`column ${JSON.stringify(name)}: the ${what} is not of kind ${column.kind}: expected ${expectation(column.kind)}`);
    }
  }
  const isKept = column.write === 'always';
  const candidate = {
    written,
    name,
    source: constant === undefined && typeof from === 'string' ? from : undefined,
    constant: constant === undefined ? undefined : prefix + constant,
    isFunction: constant === undefined && typeof from === 'function',
    isImmutable: immutable && isAttribute(sourceName),
    write: column.write,
  };
  return { ...column, candidate, isVersion: isKept && sourceName === 'observedAt', isSub: isKept && sourceName === 'sub' };
}

function sourceFor(column: string, from: string | SourceOf | undefined): SourceOf {
  const source = typeof from === 'function' ? from : sourceNamed(String(from));
  if (source) return source;
  throw new ConfigurationError(`column ${JSON.stringify(column)}: got ${JSON.stringify(from)}, which is no value of a Cognito user: expected a standard attribute such as "email", "custom:<name>", "sub", "username", "userPoolId", "status", "enabled", "identityProvider", "attributes", "observedAt", "clientMetadata:<key>", or a function`);
}

/** @returns undefined where the column is left out of the row */
function valueOf(column: MappedColumn, user: CognitoUser): string | null | undefined {
  let text = sourceText(column, user);
  if (text === '' && column.kind !== 'text') text = null;
  // A fallback for the unknown is only safe where it cannot replace what was known.
  if (text === null || (text === undefined && column.write !== 'always')) text = column.fallback ?? text;
  if (text === null || text === undefined) {
    if (column.required) throw new ColumnValueError(column.name, 'is required, and this user has no value for it: map it from what every user has, or give a fallback');
    return text;
  }
  const canonical = canonicalText(column.kind, text);
  if (canonical === undefined) throw new ColumnValueError(column.name, `the user's value is not of kind ${column.kind}: expected ${expectation(column.kind)}`);
  return column.prefix + canonical;
}

function sourceText(column: MappedColumn, user: CognitoUser): string | null | undefined {
  try {
    return asText(column.source(user));
  } catch (error) {
    // Its message may hold the user's data.
    throw new ColumnValueError(column.name, `the mapping's own function gave no value that can be written: ${errorName(error)}`);
  }
}

function asText(value: SourceValue): string | null | undefined {
  if (value === null || value === undefined) return value;
  if (value instanceof Date) return value.toISOString();
  if (value instanceof Promise) {
    value.catch(() => undefined); // what it rejects with is nobody's to log
    throw new AsyncMappingError();
  }
  if (value instanceof Map || value instanceof Set || typeof value === 'function') throw new TypeError();
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

class AsyncMappingError extends Error {
  override readonly name = 'AsyncMappingError';
}

function oneOf<T extends string>(allowed: readonly T[], value: string, column: string, what: string): T {
  if ((allowed as readonly string[]).includes(value)) return value as T;
  throw new ConfigurationError(`column ${JSON.stringify(column)}: got ${what} ${JSON.stringify(value)}, expected one of ${allowed.join(', ')}`);
}
