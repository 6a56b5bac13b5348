import { attributeNumber, NUMBER_LIMITS } from './attribute-number';
import { ColumnValueError } from '../../errors';
import type { Column } from '../../user-row';

/** As DynamoDB's protocol writes it: https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_AttributeValue.html */
export type AttributeValue =
  | { readonly S: string }
  | { readonly N: string }
  | { readonly BOOL: boolean }
  | { readonly NULL: true }
  | { readonly L: readonly AttributeValue[] }
  | { readonly M: Readonly<Record<string, AttributeValue>> };

/** https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html#limits-attributes */
const MOST_LEVELS = 32;

/**
 * A column's canonical text as DynamoDB's own type. There is none for dates and times: ISO 8601 sorts as text.
 *
 * @throws ColumnValueError for what DynamoDB cannot hold
 */
export function attributeValue({ name, kind }: Column, text: string): AttributeValue {
  const refuse = (what: string): never => { throw new ColumnValueError(name, what); };
  switch (kind) {
    case 'boolean': return { BOOL: text === 'true' };
    case 'integer':
    case 'numeric': return { N: attributeNumber(text) ?? refuse(`the user's value is no number that DynamoDB holds: expected ${NUMBER_LIMITS}`) };
    case 'json': return documentValue(text, refuse);
    default: return { S: text };
  }
}

/** Strings, keys included, and numbers; nothing else in JSON has a quote or a digit. */
const STRING_OR_NUMBER = /"[^"\\]*(?:\\.[^"\\]*)*"|-?\d+(?:\.\d+)?(?:e[+-]?\d+)?/gi;

/**
 * Numbers are parsed as strings, since JavaScript's own would be rounded, and a first letter tells the two apart. With it
 * no key is `__proto__`, either.
 */
function documentValue(text: string, refuse: (what: string) => never): AttributeValue {
  const marked = text.replace(STRING_OR_NUMBER, (token) => (token.startsWith('"') ? `"s${token.slice(1)}` : `"n${token}"`));
  return nested(JSON.parse(marked), 1);

  function nested(value: unknown, level: number): AttributeValue {
    if (value === null) return { NULL: true };
    if (typeof value === 'boolean') return { BOOL: value };
    if (typeof value === 'string') return value.startsWith('s') ? { S: value.slice(1) } : { N: attributeNumber(value.slice(1)) ?? refuse(`a number in the JSON is none that DynamoDB holds: expected ${NUMBER_LIMITS}`) };
    if (level > MOST_LEVELS) return refuse(`the JSON is nested deeper than DynamoDB holds: expected at most ${MOST_LEVELS} levels`);
    if (Array.isArray(value)) return { L: value.map((element) => nested(element, level + 1)) };
    return { M: Object.fromEntries(Object.entries(value as object).map(([key, element]) => [key.slice(1), nested(element, level + 1)])) };
  }
}
