/** Something about the table, its surroundings or the login that keeps users out of the table, or may. */
export interface Finding {
  /** An `error` keeps users out for sure. */
  readonly severity: 'error' | 'warning';
  /** The same in every version, for programs. */
  readonly code: string;
  /** What was found, what was expected, and what to do: names only, never a value. */
  readonly message: string;
  /** Statements that mend it, each ended by a semicolon; null where no statement can, or should. */
  readonly sql: string | null;
}

export function error(code: string, message: string, sql: string | null): Finding {
  return { severity: 'error', code, message, sql };
}

export function warning(code: string, message: string, sql: string | null): Finding {
  return { severity: 'warning', code, message, sql };
}
