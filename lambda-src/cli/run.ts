import type { Session } from './session';

/** Runs a command in the one session that there is, and ends with its exit code. */
export type Run = <Options>(command: (options: Options, session: Session) => Promise<number>) => (options: Options) => Promise<void>;
