import { isDeepStrictEqual } from 'node:util';
import type { Fault } from './fault';
import { canariesIn, type Person } from './person';
import { isKilled, type SignUp } from './sign-up';
import type { Site } from './site';
import type { StoredRow } from './store';
import { messagesIn, whereabouts, worst, type Place } from './whereabouts';

/** What `--json` prints of one fault. */
export interface FaultResult {
  readonly name: string;
  /** The longest that anybody waited; null where nobody got an answer. */
  readonly signUpMs: number | null;
  /** Where people were when sign-up returned: the one of them who was worst off. */
  readonly ended: Place;
  /** In the end in no table, no queue and no dead letters; and where that is allowed, known to no error line. */
  readonly lost: number;
  readonly duplicates: number;
}

export interface Verdict {
  readonly result: FaultResult;
  /** Which promises were broken, for people. */
  readonly broken: readonly string[];
  /** What the functions have logged. */
  readonly log: readonly string[];
}

export interface Story {
  readonly fault: Fault;
  readonly site: Site;
  readonly before: SignUp;
  readonly during: readonly SignUp[];
  readonly after: SignUp;
  /** How many were in the dead letters before the fault was lifted. */
  readonly diedDuringFault: number;
  /** What has been found so far. */
  readonly broken: readonly string[];
}

/** Cognito gives up after 5 seconds; the rest is the way to Lambda and back. */
const MOST_MS = 4_500;

export async function judge(story: Story): Promise<Verdict> {
  const { fault, site, before, during, after } = story;
  const all = [before, ...during, after];
  const times = during.map(({ milliseconds }) => milliseconds).filter((milliseconds) => milliseconds !== null);
  const ends = await Promise.all(all.map(async (each) => ({ ...each, endsIn: await whereabouts(site, each.person.sub) })));
  const lost = ends.filter((each) => each.endsIn === 'unrecorded' && !(fault.mayBeUnrecorded && isKnown(site, each))).length;
  const rows = await site.store.rows();
  const duplicates = rows.length - new Set(rows.map(({ cognito_user_id: sub }) => sub)).size;
  const broken = [
    ...story.broken,
    ...lost > 0 ? [`${lost} users are lost`] : [],
    ...duplicates > 0 ? [`${duplicates} rows are duplicates`] : [],
    ...ends.filter(({ endsIn }) => endsIn !== 'table' && endsIn !== 'unrecorded').map(({ endsIn }) => `a user is in the ${endsIn} in the end, expected the table`),
    ...during.flatMap((each) => brokenFor(each, fault)),
    ...brokenAround(story),
    ...all.flatMap(({ person }) => wrongRows(rows, person)),
    ...await leaks(site, all),
  ];
  return {
    result: { name: fault.name, signUpMs: times.length > 0 ? Math.max(...times) : null, ended: worst(during.map(({ ended }) => ended)), lost, duplicates },
    broken: [...new Set(broken)],
    log: site.logs(),
  };
}

/** What one person would complain about. */
function brokenFor({ milliseconds, ended, invocation, isAnswered }: SignUp, { killsLambda, mayBeUnrecorded, needs }: Fault): string[] {
  const broken: string[] = [];
  if (milliseconds !== null && milliseconds > MOST_MS) broken.push(`an answer took ${milliseconds} ms, expected ${MOST_MS} at most`);
  if (ended === 'unrecorded' && !mayBeUnrecorded) broken.push('a user was unrecorded, and the table or the queue could have taken them');
  const maySignUpFail = needs?.delivery?.failSignUp && ended === 'unrecorded';
  if (killsLambda && !isKilled(invocation)) broken.push('Lambda was not killed in the middle of a sign-up: the fault did not happen');
  if (!killsLambda && !isAnswered && !maySignUpFail) broken.push(`a sign-up failed: got ${JSON.stringify(Object(invocation.payload).errorType)}`);
  return broken;
}

function brokenAround({ fault, site, before, during, after, diedDuringFault }: Story): string[] {
  const broken: string[] = [];
  const well = fault.needs?.delivery?.mode === 'queued' ? 'queue' : 'table';
  if (before.ended !== well) broken.push(`the sign-up before the fault ended in ${before.ended}, expected the ${well}`);
  if (after.ended !== well) broken.push(`the sign-up after the fault ended in ${after.ended}, expected the ${well}: the function has not recovered`);
  if (fault.code && !site.logs().some((line) => line.includes(`"code":"${fault.code}"`))) broken.push(`no log has the code ${fault.code}: the fault did not happen, or is not told`);
  const expectedDead = fault.goesToDeadLetters ? during.length : 0;
  if (diedDuringFault !== expectedDead) broken.push(`${diedDuringFault} users were in the dead letters during the fault, expected ${expectedDead}`);
  return broken;
}

/** An error line names the `sub` and counts one; or Lambda itself has counted an error. */
function isKnown(site: Site, { person, invocation }: SignUp): boolean {
  return isKilled(invocation) || site.logs().some((line) => {
    if (!line.startsWith('{') || !line.includes(person.sub)) return false;
    const { level, outcome, sub, unrecorded } = JSON.parse(line);
    return level === 'ERROR' && outcome === 'unrecorded' && sub === person.sub && unrecorded === 1;
  });
}

function wrongRows(rows: readonly StoredRow[], { sub, attributes }: Person): string[] {
  const expected: StoredRow = { cognito_user_id: sub, email: attributes.email, display_name: attributes.name, handle: attributes.preferred_username };
  const isRight = rows.every((row) => row.cognito_user_id !== sub || isDeepStrictEqual({ ...row }, expected));
  return isRight ? [] : ['a row does not hold what the user pool has'];
}

/** Where a user's values stand that must not: in a function's log, in what it threw, and in a message beside the body. */
export async function leaks(site: Site, signUps: readonly SignUp[]): Promise<string[]> {
  const people = signUps.map(({ person }) => person);
  const messages = [...await messagesIn(site.sqs, site.queue), ...await messagesIn(site.sqs, site.queue.deadLetters)];
  const places = {
    'a log': site.logs().join('\n'),
    'message attributes': JSON.stringify(messages.map(({ messageAttributes }) => messageAttributes)),
    'an error': JSON.stringify(site.functions().flatMap(({ invocations }) => invocations).filter(({ functionError }) => functionError).map(({ payload }) => payload)),
  };
  return Object.entries(places).flatMap(([place, text]) => canariesIn(text, people).map((name) => `the user's ${name} stands in ${place}`));
}
