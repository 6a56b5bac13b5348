import { columnName } from './identifiers';
import type { ColumnNames } from './plan';

/** What DynamoDB takes of a name in a key: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html */
const MAX_BYTES = 255;

/**
 * The column's name, as whatever holds the users knows it.
 *
 * @throws a plain `Error` that says what was got and what is expected
 */
export function columnNamed(written: string, names: ColumnNames): string {
  return names === 'sql' ? columnName(written) : plainName(written);
}

/** Of a field in an item or in JSON: any text. */
function plainName(written: string): string {
  const bytes = new TextEncoder().encode(written).length;
  if (bytes === 0 || bytes > MAX_BYTES || /\p{Surrogate}/u.test(written)) {
    throw new Error(`got ${JSON.stringify(written)} as name of a field, expected well-formed text of 1 to ${MAX_BYTES} bytes: choose another name`);
  }
  return written;
}
