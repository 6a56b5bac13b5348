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
