import { readFileSync } from 'node:fs';
import { type Command, InvalidArgumentError } from 'commander';
import { Problem } from './problem';
import { columnName } from '../../src/private/identifiers';
import type { ColumnPlan } from '../../src/private/plan';
import type { CheckTarget } from '../check';

/** Which table, and what is written to it. */
export interface TargetOptions {
  readonly table?: string;
  readonly key?: readonly string[];
  readonly column?: Readonly<Record<string, string>>;
  readonly plan?: Partial<CheckTarget>;
}

export function withTarget(command: Command): Command {
  return command
    .option('--table <table>', 'the users table, such as public.users; quoted where a name has a dot or a space in it')
    .option('--column <name=source>', 'a column and what is written to it; for each column', parseColumn)
    .option('--key <columns>', 'columns that tell users apart, repeated or with commas (default: the one mapped from sub)', parseKey)
    .option('--plan <file>', 'JSON with table, key and columns, as the construct gives it to its functions; options come before it', parsePlan);
}

/** @throws Problem */
export function target({ table, key, column, plan = {} }: TargetOptions): CheckTarget {
  const written = table ?? plan.table;
  if (written === undefined) throw new Problem('got no table: expected --table, such as --table public.users, or --plan with a table in it (the trigger\'s plan has none where it writes through a relay; the writer\'s has)');
  const columns = together(plan.columns ?? {}, column ?? {});
  if (Object.keys(columns).length === 0) throw new Problem('got no columns: expected --column for each, such as --column cognito_user_id=sub --column email=email, or --plan');
  return { table: written, key: key ?? plan.key, columns };
}

/** A name is the same with and without quotes. */
function together(planned: CheckTarget['columns'], given: Readonly<Record<string, string>>): CheckTarget['columns'] {
  const isGiven = (name: string) => Object.keys(given).some((each) => unquoted(each) === unquoted(name));
  return Object.fromEntries<ColumnPlan>([...Object.entries(planned).filter(([name]) => !isGiven(name)), ...Object.entries(given)]);
}

/** What is no name is told when the mapping is read. */
function unquoted(written: string): string {
  try {
    return columnName(written);
  } catch {
    return written;
  }
}

/** At the first `=` outside of quotes: the source may hold more of them. */
function parseColumn(value: string, others: Readonly<Record<string, string>> = {}): Readonly<Record<string, string>> {
  const [, name, source] = /^("(?:[^"]|"")+"|[^="]+)=(.+)$/s.exec(value) ?? [];
  if (name === undefined) throw new InvalidArgumentError('Expected column=source, such as email=email or plan=custom:plan.');
  if (Object.hasOwn(others, name)) throw new InvalidArgumentError(`The column ${name} is there twice.`);
  return { ...others, [name]: source };
}

function parseKey(value: string, others: readonly string[] = []): readonly string[] {
  return [...others, ...(value.match(/(?:[^,"]|"(?:[^"]|"")*")+/g) ?? [])];
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

function jsonObject(file: string): Readonly<Record<string, unknown>> {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw new InvalidArgumentError(`It cannot be read (${(error as NodeJS.ErrnoException).code}).`);
  }
  try {
    return Object(JSON.parse(text));
  } catch {
    throw new InvalidArgumentError('It is no JSON.');
  }
}
