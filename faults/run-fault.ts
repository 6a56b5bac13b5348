import type { Fault } from './fault';
import { redrive } from './redrive';
import { signUp, type SignUp } from './sign-up';
import { openSite, type Servers, type Site } from './site';
import type { SiteStore } from './store';
import { judge, leaks, type Verdict } from './verdict';
import type { Cleanup } from '../demo/cleanup';

/** Who signs up during one fault. */
const PEOPLE = 3;

const HOUR = 60 * 60 * 1000;

/** @param cleanup closes what is open when somebody ends the run in the middle */
export async function runFault<Store extends SiteStore>(fault: Fault<Store>, servers: Servers<Store>, cleanup: Cleanup): Promise<Verdict> {
  const site = await openSite(fault, servers);
  cleanup.add(() => site.close());
  try {
    return await run(fault, site);
  } catch (error) {
    // Nobody knows where these people are.
    return {
      result: { name: fault.name, signUpMs: null, ended: 'unrecorded', lost: PEOPLE, duplicates: 0 },
      broken: [`the fault could not be run: ${(error as Error).message}`],
      log: site.logs(),
    };
  } finally {
    await site.close();
  }
}

async function run<Store extends SiteStore>(fault: Fault<Store>, site: Site<Store>): Promise<Verdict> {
  const loaded = async () => site.trigger;
  const before = await signUp(site, loaded);
  await fault.arrange(site);
  // The last one by an environment that starts in the middle of it.
  const during: SignUp[] = [];
  while (during.length < PEOPLE) during.push(await signUp(site, during.length < PEOPLE - 1 ? loaded : site.anotherTrigger, fault.whileSigningUp));
  // Lambda polls all the time: the consumer meets the fault, too, and an hour later it still does.
  await site.mapping.poll();
  await site.mapping.advance(HOUR);
  await site.mapping.poll();
  const deadLetters = await site.sqs.messages(site.queue.deadLetters);
  const leaked = await leaks(site, [before, ...during]);

  await fault.lift(site);
  const after = await signUp(site, loaded);
  const stuck = await drained(site);
  if (fault.goesToDeadLetters) {
    await redrive(site);
    stuck.push(...await drained(site));
  }
  return judge({ fault, site, before, during, after, diedDuringFault: deadLetters.visible.length, broken: [...stuck, ...leaked] });
}

/** @returns what is wrong, where the queue does not get empty */
async function drained({ mapping }: Site): Promise<string[]> {
  return mapping.drain().then(() => [], (error: Error) => [error.message]);
}
