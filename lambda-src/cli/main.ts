import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command, CommanderError } from 'commander';
import { addCheck } from './check/command';
import { addDeadLetters } from './dead-letters/command';
import { FAILED } from './exit-code';
import { inWords } from './problem';
import type { Run } from './run';
import { Session } from './session';
import { addSql } from './sql/command';

const session = new Session();

const program = new Command('cognito-user-sync')
  .description('Looks after your users table, and the users that cognito-user-sync writes to it.')
  .version(JSON.parse(readFileSync(join(__dirname, '..', '..', 'package.json'), 'utf8')).version)
  .showHelpAfterError('Add --help to see what is possible.')
  .exitOverride();

const run: Run = (command) => async (options) => {
  process.exitCode = session.exitCode(await command(options, session));
};

addCheck(program, run);
addSql(program, run);
addDeadLetters(program, run);

program.parseAsync().catch((error: unknown) => {
  // commander has said what is wrong with the arguments. Asked for help, it is not wrong.
  if (!(error instanceof CommanderError)) session.say(`error: ${inWords(error)}`);
  process.exitCode = session.exitCode(error instanceof CommanderError && error.exitCode === 0 ? 0 : FAILED);
});
