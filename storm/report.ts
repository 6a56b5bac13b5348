import type { Person } from './person';
import type { SimulatedClock } from './simulated-clock';
import type { StormOptions, StormResult } from './storm-run';
import { COUNTS, type AuditedWrite, type Count } from './verdict';

const CHECKS: Readonly<Record<Count, string>> = {
  lost: 'every user in the pool has a row',
  duplicates: 'nobody has two',
  stale: 'no older state replaced a newer one, and each row is the newest state that was nudged',
  resurrected: 'nobody who is gone has a row',
};

type Asked = Pick<StormOptions, 'store' | 'users' | 'seed'>;

/** For people: what was checked, and how much happened. The last line has the form that test runners have. */
export function table({ verdict, figures, faults }: StormResult, asked: Asked): string {
  const passed = COUNTS.filter((count) => verdict[count] === 0);
  return [
    '',
    ...COUNTS.map((count) => `${verdict[count] === 0 ? '✓' : '✗'} ${count.padEnd(12)}${String(verdict[count]).padStart(6)}   ${CHECKS[count]}`),
    '',
    ...Object.entries({ ...asked, ...figures }).map(([name, value]) => `  ${name.padEnd(28)}${value}`),
    '',
    `  ${Object.entries(faults).map(([name, times]) => `${times} × ${name}`).join(', ')}`,
    '',
    `${passed.length} passed, ${COUNTS.length - passed.length} failed`,
  ].join('\n');
}

export function json({ verdict, figures, faults, log }: StormResult, { store, users, seed }: Asked): string {
  const counts = Object.fromEntries(COUNTS.map((count) => [count, verdict[count]]));
  return JSON.stringify({ users, ...counts, store, seed, ...figures, faultsByName: faults, outcomes: log.outcomes });
}

/** How it came to the first few of the wrongs, moment by moment. Invented people only. */
export function stories({ verdict, audit, log, clock }: StormResult, most = 5): string {
  const shown = [...new Set(verdict.wrongs.map(({ person }) => person))].slice(0, most);
  return shown.map((person) => {
    const whys = verdict.wrongs.filter((wrong) => wrong.person === person).map(({ count, why }) => `${count}: ${why}`);
    return [`\n${person.sub} (${whys.join('; ')})`, ...storyOf(person, audit, log.of(person.sub), clock)].join('\n');
  }).join('\n');
}

function storyOf({ sub, story }: Person, audit: readonly AuditedWrite[], lines: ReturnType<StormResult['log']['of']>, clock: SimulatedClock): string[] {
  const moments = [
    ...story.map(({ at, what }) => ({ at, what })),
    ...audit.filter((write) => write.sub === sub).map(({ at, writer, operation, generation, observedAt }) => {
      const stamp = observedAt ? `, observed at ${seconds(clock.elapsed(observedAt.getTime()))}` : '';
      return { at, what: `    ${writer} ${operation} generation ${generation ?? 'null'}${stamp}` };
    }),
    ...lines.map(({ at, functionName, line }) => ({ at, what: `    ${functionName}: ${line}` })),
  ];
  return moments.sort((a, b) => a.at - b.at).map(({ at, what }) => `  ${seconds(clock.elapsed(at)).padStart(11)}  ${what}`);
}

function seconds(millis: number): string {
  return `${(millis / 1000).toFixed(1)} s`;
}
