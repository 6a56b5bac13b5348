import type { ColumnKindName } from './plan';

/**
 * A value as PostgreSQL reads it, checked here so that a value that cannot fit is named before any round trip.
 * Every rule returns the canonical text, or undefined where the value does not fit.
 */
const RULES: Readonly<Record<ColumnKindName, { readonly expected: string; readonly canonical: (text: string) => string | undefined }>> = {
  text: {
    expected: 'well-formed Unicode text',
    // A lone surrogate would silently become U+FFFD in UTF-8.
    canonical: (text) => (isWellFormed(text) ? text : undefined),
  },
  boolean: {
    expected: 'true or false (or yes/no, on/off, t/f, y/n, 1/0)',
    canonical: (text) => BOOLEANS.get(text.toLowerCase()),
  },
  integer: { expected: 'a whole number', canonical: (text) => matching(/^[+-]?\d+$/, text) },
  numeric: { expected: 'a decimal number', canonical: (text) => matching(/^[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d{1,4})?$/i, text) },
  uuid: { expected: 'a UUID', canonical: (text) => matching(/^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$/i, text)?.toLowerCase() },
  date: { expected: 'a date as YYYY-MM-DD', canonical: date },
  timestamp: { expected: 'an ISO 8601 timestamp, or seconds (or milliseconds) since 1970', canonical: timestamp },
  json: { expected: 'JSON', canonical: json },
};

/** https://www.postgresql.org/docs/current/datatype-boolean.html */
const BOOLEANS: ReadonlyMap<string, string> = new Map([
  ...['true', 'yes', 'on', 't', 'y', '1'].map((text) => [text, 'true'] as const),
  ...['false', 'no', 'off', 'f', 'n', '0'].map((text) => [text, 'false'] as const),
]);

/** More seconds than this would be after the year 5138: the number is in milliseconds. */
const MOST_SECONDS = 1e11;

export function canonicalText(kind: ColumnKindName, value: string): string | undefined {
  return RULES[kind].canonical(kind === 'text' ? value : value.trim());
}

/** What a kind accepts, for an error that must not show the value. */
export function expectation(kind: ColumnKindName): string {
  return RULES[kind].expected;
}

function matching(pattern: RegExp, text: string): string | undefined {
  return pattern.test(text) ? text : undefined;
}

function date(text: string): string | undefined {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return undefined;
  // 2023-02-30 would roll over to March. OpenID Connect's birthdate without a year, 0000-MM-DD, is no date of PostgreSQL's.
  const parsed = new Date(`${text}T00:00:00Z`);
  return !text.startsWith('0000') && isValid(parsed) && parsed.toISOString().startsWith(text) ? text : undefined;
}

/** OpenID Connect's `updated_at` is seconds since 1970, and many apps store milliseconds. */
function timestamp(text: string): string | undefined {
  if (/^\d{1,15}$/.test(text)) {
    const number = Number(text);
    return iso(new Date(number > MOST_SECONDS ? number : number * 1000));
  }
  const [, day, time, zone] = /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?)(Z|[+-]\d{2}:?\d{2})?)?$/i.exec(text) ?? [];
  if (day === undefined || date(day) === undefined) return undefined;
  return iso(new Date(`${day}T${time ?? '00:00'}${zone ?? 'Z'}`));
}

function iso(moment: Date): string | undefined {
  return isValid(moment) ? moment.toISOString() : undefined;
}

function isValid(moment: Date): boolean {
  return !Number.isNaN(moment.getTime());
}

/** Checked but passed on as it is: parsing and writing it again would round large numbers. */
function json(text: string): string | undefined {
  if (!isWellFormed(text)) return undefined;
  try {
    // Half a character may also be written as an escape. Most texts have none, and need no second look.
    const values = /\\ud/i.test(text) ? (key: string, value: unknown) => wellFormed(key) && wellFormed(value) && value : undefined;
    JSON.parse(text, values);
  } catch {
    return undefined;
  }
  return text;
}

function wellFormed(value: unknown): true {
  if (typeof value === 'string' && !isWellFormed(value)) throw new TypeError();
  return true;
}

function isWellFormed(text: string): boolean {
  return !/\p{Surrogate}/u.test(text);
}
