import type { AttributeValue } from './attribute-value';
import type { Attribute, Item } from './item';

/** What an `UpdateItem` does to its item, and under which condition. Names and values stand apart from the text. */
export interface ItemUpdate {
  readonly UpdateExpression?: string;
  readonly ConditionExpression?: string;
  readonly ExpressionAttributeNames?: Readonly<Record<string, string>>;
  readonly ExpressionAttributeValues?: Readonly<Record<string, AttributeValue>>;
}

/** https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html#limits-expression-parameters */
const MOST_BYTES = 4096;
const MOST_OPERATORS = 300;
const OPERATOR = /attribute_\w+|[<>=]+|AND|OR|NOT/g;

/** A new item with all its attributes: only where there is none. */
export function insertion(item: Item): ItemUpdate {
  const text = new ExpressionText();
  const set = item.attributes.filter(({ value }) => value !== null).map((attribute) => `${text.name(attribute)} = ${text.value(attribute)}`);
  return text.update(sections(set, []), isMissing(item, text));
}

/**
 * What a row changes in an item: null takes an attribute away, since a key of an index may not be of type NULL.
 *
 * The condition keeps older observations and other users' items out, and without a version also what changes nothing,
 * so that a replay is told from a write.
 *
 * @param inserts whether it makes the item where there is none: never without what is written on insert only
 */
export function change(item: Item, inserts: boolean): ItemUpdate {
  const whole = changeIf(item, inserts, true);
  const condition = whole.ConditionExpression ?? '';
  const fits = condition.length <= MOST_BYTES && (condition.match(OPERATOR) ?? []).length <= MOST_OPERATORS;
  return fits ? whole : changeIf(item, inserts, false);
}

function changeIf(item: Item, inserts: boolean, itDiffers: boolean): ItemUpdate {
  const changed = changedAttributes(item);
  const text = new ExpressionText();
  const set = changed.filter(({ value }) => value !== null).map((attribute) => {
    const name = text.name(attribute);
    return `${name} = ${attribute.write === 'whileNull' ? `if_not_exists(${name}, ${text.value(attribute)})` : text.value(attribute)}`;
  });
  const remove = changed.filter(({ value }) => value === null).map((attribute) => text.name(attribute));
  const versions = changed.filter(({ isVersion }) => isVersion);
  const conditions = [
    ...(inserts ? [] : [isThere(item, text)]),
    ...(item.owner ? [anyOf([...(inserts ? [isMissing(item, text)] : []), isOurs(item.owner, text)])] : []),
    ...versions.map((version) => isOlder(version, text)),
    ...(versions.length === 0 && itDiffers ? [anyOf([...(inserts ? [isMissing(item, text)] : []), ...changed.map((attribute) => difference(attribute, text))])] : []),
  ];
  return text.update(sections(set, remove), conditions.join(' AND '));
}

/** Whether a change finds anything to do in an item that is there. */
export function changesAnything(item: Item): boolean {
  return changedAttributes(item).length > 0;
}

/** Changes nothing, and can be done where the item is there and this user's. */
export function questionOfOurs(item: Item): ItemUpdate {
  const text = new ExpressionText();
  return text.update(undefined, [isThere(item, text), ...(item.owner ? [isOurs(item.owner, text)] : [])].join(' AND '));
}

/** Changes nothing, and can be done where the item is not known to be this user's. */
export function questionOfOthers(item: Item): ItemUpdate {
  const text = new ExpressionText();
  return text.update(undefined, [isThere(item, text), anyOf([difference(item.owner!, text)])].join(' AND '));
}

function changedAttributes({ attributes }: Item): Attribute[] {
  return attributes.filter(({ write, value }) => write === 'always' || (write === 'whileNull' && value !== null));
}

function isThere({ key }: Item, text: ExpressionText): string {
  return `attribute_exists(${text.name({ name: Object.keys(key)[0] })})`;
}

function isMissing({ key }: Item, text: ExpressionText): string {
  return `attribute_not_exists(${text.name({ name: Object.keys(key)[0] })})`;
}

/** An item that says of nobody whose it is was made by somebody else, and is not for whoever comes first. */
function isOurs(owner: Attribute, text: ExpressionText): string {
  return `${text.name(owner)} = ${text.value(owner)}`;
}

/**
 * Versions of ours are all written alike (UTC, with milliseconds), so that as text the later one is the larger. What is of
 * another type is none of them, and replaced; other text is compared as if it were: the column is for nobody else to write.
 */
function isOlder(version: Attribute, text: ExpressionText): string {
  const [name, value] = [text.name(version), text.value(version)];
  return anyOf([`attribute_not_exists(${name})`, `NOT attribute_type(${name}, ${text.typeOf(version)})`, `${name} < ${value}`]);
}

function difference(attribute: Attribute, text: ExpressionText): string {
  const name = text.name(attribute);
  if (attribute.value === null) return `attribute_exists(${name})`;
  return attribute.write === 'whileNull' ? `attribute_not_exists(${name})` : `attribute_not_exists(${name}) OR ${name} <> ${text.value(attribute)}`;
}

function anyOf(conditions: readonly string[]): string {
  return `(${conditions.join(' OR ')})`;
}

function sections(set: readonly string[], remove: readonly string[]): string | undefined {
  const all = [...(set.length > 0 ? [`SET ${set.join(', ')}`] : []), ...(remove.length > 0 ? [`REMOVE ${remove.join(', ')}`] : [])];
  return all.length > 0 ? all.join(' ') : undefined;
}

/** Numbers names and values, each once. DynamoDB refuses those that no expression uses, and lists of none. */
class ExpressionText {
  private readonly names = new Map<string, string>();
  private readonly values = new Map<string, AttributeValue>();

  name({ name }: { readonly name: string }): string {
    if (!this.names.has(name)) this.names.set(name, `#${this.names.size}`);
    return this.names.get(name)!;
  }

  value(attribute: Attribute): string {
    return this.held(`:${this.name(attribute).slice(1)}`, attribute.value!);
  }

  typeOf(attribute: Attribute): string {
    return this.held(`:t${this.name(attribute).slice(1)}`, { S: Object.keys(attribute.value!)[0] });
  }

  update(updateExpression: string | undefined, condition: string): ItemUpdate {
    return {
      ...(updateExpression && { UpdateExpression: updateExpression }),
      ...(condition && { ConditionExpression: condition }),
      ...(this.names.size > 0 && { ExpressionAttributeNames: Object.fromEntries([...this.names].map(([name, placeholder]) => [placeholder, name])) }),
      ...(this.values.size > 0 && { ExpressionAttributeValues: Object.fromEntries(this.values) }),
    };
  }

  private held(placeholder: string, value: AttributeValue): string {
    this.values.set(placeholder, value);
    return placeholder;
  }
}
