import { type Failure, UserStoreError, UserSyncError } from '../../errors';
import { ObservedRow, type UserRow } from '../../user-row';
import type { WriteResult } from '../../user-store';

/** What trigger and consumer ask of the writer function, and what it answers. The three are always deployed together. */
export interface WriteRequest {
  readonly rows: ReadonlyArray<ReadonlyArray<readonly [string, string | null]>>;
  /** Of each row; left out by functions that are not updated yet. */
  readonly observations?: ReadonlyArray<string | null>;
  /** Whether rows that are there stay as they are. */
  readonly insertOnly: boolean;
  /** How long the caller waits. */
  readonly milliseconds: number;
}

export type WriteAnswer = { readonly results: readonly WireResult[] } | { readonly error: WireError };

type WireResult = 'written' | 'unchanged' | { readonly error: WireError };

interface WireError {
  readonly failure: Failure;
  readonly message: string;
  readonly code?: string;
  readonly constraint?: string;
  readonly table?: string;
  readonly column?: string;
  readonly retryAfterSeconds?: number;
}

export function wireRows(rows: readonly UserRow[]): Pick<WriteRequest, 'rows' | 'observations'> {
  return { rows: rows.map((row) => [...row]), observations: rows.map(({ observation = null }) => observation) };
}

export function readRows({ rows, observations = [] }: WriteRequest): UserRow[] {
  return rows.map((row, index) => new ObservedRow(row, observations[index] ?? undefined));
}

export function wireResult(result: WriteResult): WireResult {
  return typeof result === 'string' ? result : { error: wireError(result) };
}

export function wireError(error: UserSyncError): WireError {
  const { failure, message } = error;
  const { code, constraint, table, column, retryAfterSeconds } = error as Partial<UserStoreError>;
  return { failure, message, code, constraint, table, column, retryAfterSeconds };
}

/** @returns undefined for what no writer answers */
export function readAnswer(body: string, expectedResults: number): readonly WriteResult[] | UserSyncError | undefined {
  const { results, error } = jsonObject(body);
  if (error) return readError(error);
  if (!Array.isArray(results) || results.length !== expectedResults) return undefined;
  const read = results.map((result) => (result === 'written' || result === 'unchanged' ? result : readError(Object(result).error)));
  return read.every((result) => result !== undefined) ? read : undefined;
}

function readError(error: unknown): UserStoreError | undefined {
  const { failure, message, ...details } = Object(error) as Partial<WireError>;
  const isError = (failure === 'transient' || failure === 'permanent' || failure === 'misconfigured') && typeof message === 'string';
  return isError ? new UserStoreError(failure, message, details) : undefined;
}

function jsonObject(body: string): Record<string, unknown> {
  try {
    return Object(JSON.parse(body));
  } catch {
    return {};
  }
}
