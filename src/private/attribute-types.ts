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
