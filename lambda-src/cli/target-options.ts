import { readFileSync } from 'node:fs';
import { type Command, InvalidArgumentError } from 'commander';
import { Problem } from './problem';
import { columnName } from '../../src/private/identifiers';
import { COLUMN_KINDS, type ColumnKindName, type ColumnPlan } from '../../src/private/plan';
import type { CheckTarget } from '../check';

/** Which table, and what is written to it. */
export interface TargetOptions {
  readonly table?: string;
  readonly key?: readonly string[];
  readonly column?: Readonly<Record<string, string>>;
  readonly kind?: Readonly<Record<string, ColumnKindName>>;
  readonly plan?: Partial<CheckTarget>;
}

export function withTarget(command: Command): Command {
  return command
    .option('--table <table>', 'the users table, such as public.users; quoted where a name has a dot or a space in it')
    .option('--column <name=source>', 'a column and what is written to it; for each column', parseColumn)
    .option('--kind <name=kind>', `what a column is written as, where it is not the source's own kind: ${COLUMN_KINDS.join(', ')}; for each such column`, parseKind)
    .option('--key <columns>', 'columns that tell users apart, repeated or with commas (default: the one mapped from sub)', parseKey)
    .option('--plan <file>', 'JSON with table, key and columns, as the construct gives it to its functions; options come before it', parsePlan);
}

/** @throws Problem */
export function target({ table, key, column, kind = {}, plan = {} }: TargetOptions): CheckTarget {
  const written = table ?? plan.table;
  if (written === undefined) throw new Problem('got no table: expected --table, such as --table public.users, or --plan with a table in it (the trigger\'s plan has none where it writes through a relay; the writer\'s has)');
  const columns = together(plan.columns ?? {}, column ?? {});
  if (Object.keys(columns).length === 0) throw new Problem('got no columns: expected --column for each, such as --column cognito_user_id=sub --column email=email, or --plan');
  return { table: written, key: key ?? plan.key, columns: withKinds(columns, kind) };
}

/** A name is the same with and without quotes. */
function together(planned: CheckTarget['columns'], given: Readonly<Record<string, string>>): CheckTarget['columns'] {
  const isGiven = (name: string) => Object.keys(given).some((each) => unquoted(each) === unquoted(name));
  return Object.fromEntries<ColumnPlan>([...Object.entries(planned).filter(([name]) => !isGiven(name)), ...Object.entries(given)]);
}

function withKinds(columns: CheckTarget['columns'], kinds: Readonly<Record<string, ColumnKindName>>): CheckTarget['columns'] {
  const kindOf = new Map(Object.entries(kinds).map(([name, kind]) => [unquoted(name), kind]));
  const withKind = Object.entries(columns).map(([name, plan]): [string, ColumnPlan] => {
    const kind = kindOf.get(unquoted(name));
    kindOf.delete(unquoted(name));
    return [name, kind === undefined ? plan : { ...(typeof plan === 'string' ? { from: plan } : plan), kind }];
  });
  const [left] = kindOf.keys();
  if (left !== undefined) throw new Problem(`got --kind for the column ${JSON.stringify(left)}, which is not mapped: expected --column ${left}=… or a --plan with it, too`);
  return Object.fromEntries(withKind);
}

/** What is no name is told when the mapping is read. */
function unquoted(written: string): string {
  try {
    return columnName(written);
  } catch {
    return written;
  }
}

function parseColumn(value: string, others: Readonly<Record<string, string>> = {}): Readonly<Record<string, string>> {
  const [name, source] = parsePair(value, 'Expected column=source, such as email=email or plan=custom:plan.');
  return withAnother(others, name, source);
}

function parseKind(value: string, others: Readonly<Record<string, ColumnKindName>> = {}): Readonly<Record<string, ColumnKindName>> {
  const expected = `Expected column=kind, such as active=boolean, and one of the kinds ${COLUMN_KINDS.join(', ')}.`;
  const [name, written] = parsePair(value, expected);
  const kind = COLUMN_KINDS.find((each) => each === written);
  if (kind === undefined) throw new InvalidArgumentError(expected);
  return withAnother(others, name, kind);
}

/** At the first `=` outside of quotes: a source may hold more of them. */
function parsePair(value: string, expected: string): readonly [name: string, rest: string] {
  const [, name, rest] = /^("(?:[^"]|"")+"|[^="]+)=(.+)$/s.exec(value) ?? [];
  if (name === undefined) throw new InvalidArgumentError(expected);
  return [name, rest];
}

function withAnother<Value>(others: Readonly<Record<string, Value>>, name: string, value: Value): Readonly<Record<string, Value>> {
  if (Object.hasOwn(others, name)) throw new InvalidArgumentError(`The column ${name} is there twice.`);
  return { ...others, [name]: value };
}

function parseKey(value: string, others: readonly string[] = []): readonly string[] {
  const names = value.match(/(?:[^,"]|"(?:[^"]|"")*")+/g);
  if (names === null) throw new InvalidArgumentError('Expected names of columns, such as cognito_user_id or pool,id. Without --key it is the column that is mapped from sub.');
  return [...others, ...names];
}

/** A whole plan, or the table's part of it. */
function parsePlan(file: string): Partial<CheckTarget> {
  const { database, table, key, columns } = jsonObject(file);
  const found = { table, key, ...(typeof database === 'object' ? database : {}), columns };
  const isOf = (value: unknown, type: string) => value === undefined || (typeof value === type && value !== null);
  if (isOf(found.table, 'string') && isOf(columns, 'object') && (found.key === undefined || (Array.isArray(found.key) && found.key.every((name) => typeof name === 'string')))) {
    return { table: found.table, key: found.key, columns } as Partial<CheckTarget>;
  }
  throw new InvalidArgumentError('Expected {"table": …, "key": [ … ], "columns": { … }}, or {"database": {"table": …, "key": [ … ]}, "columns": { … }}.');
}

/** Editors and shells on Windows begin a file with a byte order mark, which JSON has not. */
function jsonObject(file: string): Readonly<Record<string, unknown>> {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw new InvalidArgumentError(`It cannot be read (${(error as NodeJS.ErrnoException).code}).`);
  }
  try {
    return Object(JSON.parse(text.replace(/^\ufeff/, '')));
  } catch {
    throw new InvalidArgumentError('It is no JSON.');
  }
}
