import { type Command, Option } from 'commander';
import { parseQueueUrl, parseSince } from './choice';
import type { DropOptions } from './drop';
import type { ListOptions } from './list';
import type { RedriveOptions } from './redrive';
import type { Run } from '../run';

const ABOUT = `
A dead letter is a user who could not be written, whatever was tried: mend the cause first, then redrive. A redriven
user is read from Cognito again, so that nothing old is written. What is shown holds no attribute and no username.

Credentials and endpoint are found as the AWS CLI finds them (AWS_PROFILE, aws sso login, AWS_ENDPOINT_URL, …); the
Region is the one in the queue's URL, else AWS_REGION. All commands need sqs:GetQueueAttributes, ReceiveMessage and
ChangeMessageVisibility on the queue; redrive and drop also DeleteMessage; redrive also ListDeadLetterSourceQueues, and
SendMessage on the destination.

Exit codes: 0 done, 1 some messages could not be moved or dropped, 2 wrong arguments or no access, 130 Ctrl-C.`;

const LIST = `
Looking takes nothing out: the messages are received, held while the command runs, and given back at its end, on
Ctrl-C, too. Meanwhile nobody else receives them. With --json the only line of standard output is
  {"queueUrl":…,"approximateNumberOfMessages":n,"seen":n,"deadLetters":[{"messageId":…,"sub":…,"userPoolId":…,
   "observedAt":…,"deadSince":…,"failure":…,"error":…,"code":…,"constraint":…,"table":…,"column":…,"reason":…}]}
where a message that this version cannot read has "unreadable" instead of sub, pool and time.

Examples:
  cognito-user-sync dead-letters list --queue-url https://sqs.eu-west-1.amazonaws.com/111122223333/dead-letters
  cognito-user-sync dead-letters list --queue-url "$URL" --since 2h --json | jq '.deadLetters[].reason'`;

const REDRIVE = `
Each message is sent to the destination and only then deleted here: whatever happens, none is lost. One may come twice,
which is harmless. It is sent without its reason; a user who still cannot be written comes back with a new one.

Examples:
  cognito-user-sync dead-letters redrive --queue-url "$URL" --dry-run
  cognito-user-sync dead-letters redrive --queue-url "$URL" --since 2026-03-01T09:30:00Z
  cognito-user-sync dead-letters redrive --queue-url "$URL" --sub 0b5f6c9e-9a35-4c43-8f43-3f1b1f9d2a10 --to "$QUEUE_URL"`;

const DROP = `
For users who need no row. Nothing brings the messages back; the users are still in the pool.

Examples:
  cognito-user-sync dead-letters drop --queue-url "$URL" --sub 0b5f6c9e-9a35-4c43-8f43-3f1b1f9d2a10
  cognito-user-sync dead-letters drop --queue-url "$URL" --all --yes`;

export function addDeadLetters(program: Command, run: Run): void {
  const deadLetters = program.command('dead-letters').description('Shows, redrives and drops users who could not be written.').addHelpText('after', ABOUT);

  // Loaded only when it runs: the AWS SDK takes longer than everything else. An import() needs the extension it will have.
  withChoice(deadLetters.command('list').description('Shows who is in the dead-letter queue and why, and changes nothing.'))
    .option('--json', 'one JSON object instead of a table')
    .addHelpText('after', LIST)
    .action(run<ListOptions>(async (options, session) => (await import('./list.js')).list(options, session)));

  withChoice(deadLetters.command('redrive').description('Sends messages to the queue that the consumer reads, to be tried again.'))
    .option('--to <url>', 'the queue to send to (default: the only one whose redrive policy names the dead-letter queue)', parseQueueUrl)
    .option('--dry-run', 'only show what would be moved')
    .addHelpText('after', REDRIVE)
    .action(run<RedriveOptions>(async (options, session) => (await import('./redrive.js')).redrive(options, session)));

  withChoice(deadLetters.command('drop').description('Deletes messages for good.'))
    .option('--all', 'every message')
    .option('--yes', 'do not ask; needed where there is no terminal')
    .addHelpText('after', DROP)
    .action(run<DropOptions>(async (options, session) => (await import('./drop.js')).drop(options, session)));
}

function withChoice(command: Command): Command {
  return command
    .addOption(new Option('--queue-url <url>', 'the dead-letter queue').argParser(parseQueueUrl).makeOptionMandatory())
    .option('--sub <sub>', 'only this user; may be repeated', (sub, others: readonly string[] = []) => [...others, sub])
    .option('--since <when>', 'only what is dead since 30m, 2h, 3d, or a time such as 2026-03-01T09:30:00Z', parseSince);
}
