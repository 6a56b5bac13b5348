import type { ColumnKind } from './column-kind';
import type { ColumnWrite } from './column-write';

/**
 * How the value of a user attribute is written.
 */
export interface AttributeOptions {
  /**
   * What the value is.
   *
   * @default ColumnKind.TEXT
   */
  readonly kind?: ColumnKind;

  /**
   * Who owns the column once the row exists.
   *
   * @default ColumnWrite.ALWAYS
   */
  readonly write?: ColumnWrite;

  /**
   * Text that is written where the user has no value.
   *
   * @default - null is written
   */
  readonly fallback?: string;

  /**
   * Whether a user without this value (and without a fallback) is reported instead of written.
   *
   * @default false
   */
  readonly required?: boolean;

  /**
   * Whether nobody can change the attribute once the user has it (`mutable: false` in the pool), so that it may be part of
   * the key. Of a pool of this app that is checked.
   *
   * @see https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-settings-attributes.html
   * @default false
   */
  readonly immutable?: boolean;
}

/**
 * How what tells one user from another is written.
 */
export interface IdentityOptions {
  /**
   * Text before the value, as in keys of a DynamoDB table for many kinds of things: `USER#`.
   *
   * @default - none
   */
  readonly prefix?: string;
}

/**
 * How the value of client metadata is written. There is no `write`: see `ColumnValue.clientMetadata()`.
 */
export interface ClientMetadataOptions {
  /**
   * What the value is.
   *
   * @default ColumnKind.TEXT
   */
  readonly kind?: ColumnKind;

  /**
   * Text that is written to a new row where the request had no such client metadata.
   *
   * @default - the column is left out, so that it gets its own default
   */
  readonly fallback?: string;

  /**
   * Whether a user without this value (and without a fallback) is reported instead of written.
   *
   * @default false
   */
  readonly required?: boolean;
}

/**
 * How a constant is written.
 */
export interface ConstantOptions {
  /**
   * What the value is.
   *
   * @default ColumnKind.TEXT
   */
  readonly kind?: ColumnKind;

  /**
   * Who owns the column once the row exists.
   *
   * @default ColumnWrite.ALWAYS
   */
  readonly write?: ColumnWrite;
}
