import { errorName } from '../errors';

/** Why a command cannot do what it is asked for, in words that say what to do. The only error whose message is shown. */
export class Problem extends Error {}

export function inWords(error: unknown): string {
  if (error instanceof Problem) return error.message;
  return `got an unexpected ${errorName(error)}: please report it at https://github.com/cognito-user-sync/cognito-user-sync/issues`;
}
