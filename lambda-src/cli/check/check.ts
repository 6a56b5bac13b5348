import { report } from './report';
import { checkTable } from '../../check';
import { Deadline } from '../../deadline';
import { Connection } from '../database/connection';
import { DONE, FAILED, FAULTY } from '../exit-code';
import { Problem } from '../problem';
import type { Session } from '../session';
import { target, type TargetOptions } from '../target-options';

export interface CheckOptions extends TargetOptions {
  readonly databaseUrl?: string;
  readonly json?: boolean;
}

/** To answer, once connected. */
const MILLIS = 60_000;

export async function check({ databaseUrl, json, ...options }: CheckOptions, session: Session): Promise<number> {
  const checked = target(options);
  const url = databaseUrl ?? process.env.DATABASE_URL;
  if (!url) throw new Problem('got no database: expected --database-url or the environment variable DATABASE_URL, such as postgresql://user:password@host:5432/database');
  const connection = new Connection(url, session);
  try {
    const findings = await checkTable(connection, checked, Deadline.after(MILLIS), 'error');
    session.print(json ? JSON.stringify({ findings }) : report(findings, process.stdout.isTTY === true && !process.env.NO_COLOR));
    return findings.some(({ severity }) => severity === 'error') ? FAULTY : DONE;
  } catch (error) {
    if (session.interrupted.aborted) return FAILED;
    throw error;
  } finally {
    connection.close();
  }
}
