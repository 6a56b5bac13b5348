import type { ColumnKindName } from '../../../src/private/plan';
import type { Column, UserRow } from '../../user-row';

/**
 * The columns that the row has, as a JSON object. Its text is put together here: JSON.stringify would round numbers to 53
 * bits, and write JSON within it as a string.
 */
export function jsonBody(row: UserRow, columns: readonly Column[]): string {
  const fields = columns.filter(({ name }) => row.has(name)).map(({ name, kind }) => `${JSON.stringify(name)}:${jsonValue(kind, row.get(name) ?? null)}`);
  return `{${fields.join(',')}}`;
}

/** @param text as the kind's rule made it: see src/private/kind-rules.ts */
function jsonValue(kind: ColumnKindName, text: string | null): string {
  if (text === null) return 'null';
  switch (kind) {
    case 'boolean':
    case 'json':
      return text;
    case 'integer':
    case 'numeric':
      return jsonNumber(text);
    default:
      return JSON.stringify(text);
  }
}

/** All its digits, without what PostgreSQL allows and JSON does not: `+5`, `.5`, `5.`, `007`. */
function jsonNumber(text: string): string {
  const [, sign, whole, fraction = '', exponent = ''] = /^([+-]?)(\d*)(?:\.(\d*))?(e[+-]?\d+)?$/i.exec(text) ?? [];
  return `${sign === '-' ? '-' : ''}${whole.replace(/^0+(?=\d)/, '') || '0'}${fraction && `.${fraction}`}${exponent}`;
}
