/**
 * Takes the place of `pg-types` in the bundles, which turns what a query selects into JavaScript values. Our statements
 * select text or nothing, and the parsers would be a tenth of the code that every cold start compiles.
 */
export function getTypeParser(): (text: string) => string {
  return String;
}

export function setTypeParser(): void {
  throw new Error('the bundled pg has no type parsers: select text');
}

export const builtins = {};
