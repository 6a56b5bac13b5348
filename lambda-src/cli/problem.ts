import { errorName, UserSyncError } from '../errors';

/** Why a command cannot do what it is asked for, in words that say what to do. */
export class Problem extends Error {}

/** Only our own sentences are shown: a foreign error's message may quote anything. */
export function inWords(error: unknown): string {
  if (error instanceof Problem || error instanceof UserSyncError) return error.message;
  return `got an unexpected ${errorName(error)}: please report it at https://github.com/cognito-user-sync/cognito-user-sync/issues`;
}
