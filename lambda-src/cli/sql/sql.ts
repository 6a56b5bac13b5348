import { createTableStatement, loginStatement } from '../../check';
import { DONE } from '../exit-code';
import { Problem } from '../problem';
import type { Session } from '../session';
import { target, type TargetOptions } from '../target-options';

export interface SqlOptions extends TargetOptions {
  readonly login?: string;
  readonly createTable?: boolean;
}

export async function sql({ login, createTable, ...options }: SqlOptions, session: Session): Promise<number> {
  if (login === undefined && !createTable) throw new Problem('got neither --login nor --create-table: expected one of them, or both');
  const written = target(options);
  // The table first: the login is granted what is there.
  const statements = [...(createTable ? [createTableStatement(written)] : []), ...(login === undefined ? [] : [loginStatement({ ...written, login })])];
  session.print(statements.join('\n\n'));
  return DONE;
}
