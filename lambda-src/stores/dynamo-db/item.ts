import { type AttributeValue, attributeValue } from './attribute-value';
import type { Column, UserRow } from '../../user-row';

/** A row with DynamoDB's own types. */
export interface Item {
  readonly key: Readonly<Record<string, AttributeValue>>;
  readonly attributes: readonly Attribute[];
  /** The attribute that tells whose item it is, where the key does not. */
  readonly owner?: Attribute;
}

export interface Attribute extends Column {
  readonly value: AttributeValue | null;
}

/** @throws ColumnValueError */
export function itemOf(row: UserRow, key: readonly string[], columns: readonly Column[]): Item {
  const all = columns.filter(({ name }) => row.has(name)).map((column): Attribute => {
    const text = row.get(column.name)!;
    return { ...column, value: text === null ? null : attributeValue(column, text) };
  });
  const keyed = key.map((name) => all.find((attribute) => attribute.name === name)!);
  const attributes = all.filter(({ name }) => !key.includes(name));
  return {
    key: Object.fromEntries(keyed.map(({ name, value }) => [name, value!])),
    attributes,
    ...(!keyed.some(({ isSub }) => isSub) && { owner: attributes.find(({ isSub }) => isSub) }),
  };
}
