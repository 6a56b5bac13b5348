/**
 * Who owns a column once the user's row exists.
 */
export enum ColumnWrite {
  /** Cognito owns the column: every later change in Cognito overwrites it. */
  ALWAYS = 'always',

  /** The application owns the column: it is written with a new row, and never again. */
  ON_INSERT = 'onInsert',

  /** Cognito owns the column until it holds a value: null is overwritten, everything else stays. */
  WHILE_NULL = 'whileNull',
}
