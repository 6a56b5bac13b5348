import type { ColumnKindName } from './plan';

/** Types that an attribute in a key of a DynamoDB table or index may have: text, number, binary. */
export type KeyType = 'S' | 'N' | 'B';

const KEY_TYPES: Readonly<Record<ColumnKindName, KeyType | undefined>> = {
  text: 'S',
  uuid: 'S',
  date: 'S',
  timestamp: 'S',
  integer: 'N',
  numeric: 'N',
  boolean: undefined,
  json: undefined,
};

/** @returns undefined for kinds that no key can have: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/HowItWorks.CoreComponents.html */
export function keyType(kind: ColumnKindName): KeyType | undefined {
  return KEY_TYPES[kind];
}

/** A table's key has one attribute or two: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/HowItWorks.CoreComponents.html */
const MOST_KEY_ATTRIBUTES = 2;

/** @throws a plain `Error` */
export function checkKeySize(key: readonly string[]): void {
  if (key.length <= MOST_KEY_ATTRIBUTES) return;
  throw new Error(`got key (${key.join(', ')}) of ${key.length} attributes, expected those of the table's key: a partition key, and at most a sort key`);
}

/** @throws a plain `Error` */
export function checkKeyKind(name: string, kind: ColumnKindName): void {
  if (keyType(kind) !== undefined) return;
  throw new Error(`key column ${JSON.stringify(name)} is of kind ${kind}, expected a kind that is text or a number, as attributes in a key of DynamoDB are`);
}
