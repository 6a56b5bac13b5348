import { parseArgs } from 'node:util';
import { bulkFigures } from './bulk';
import { bundlePeers } from './bundles';
import { coldFigures } from './cold';
import { configurationOf } from './configuration';
import { startDatabase } from './database';
import { type Figure, bytesOf } from './figure';
import { peersOf } from './peers';
import { endProgress, progressOnStandardError as progress } from './progress';
import { pythonWithPsycopg2 } from './python';
import { json, type Results, table } from './report';
import { FULL, QUICK, type Rounds } from './rounds';
import { startSecret } from './secret';
import { warmFigures } from './warm';
import { startKeeper } from '../test/support/keeper';
import { node24 } from '../test/support/node24';

const NOISE = 'Machines are noisy: the milliseconds are this machine\'s and this minute\'s, only the ratios mean something.';

const { values: options } = parseArgs({
  options: {
    'json': { type: 'boolean', default: false },
    'quick': { type: 'boolean', default: false },
    'without-python': { type: 'boolean', default: false },
  },
});

async function measured(rounds: Rounds, withPython: boolean): Promise<Results> {
  progress('starting PostgreSQL, bundling, looking for Python', 0, 1);
  const keeper = await startKeeper();
  const database = await startDatabase();
  const secret = await startSecret(database);
  try {
    const [node, python, bundles] = await Promise.all([
      node24(),
      withPython ? pythonWithPsycopg2() : { missing: 'without Python, as asked for' },
      bundlePeers(keeper.folder, database.server.caFile),
    ]);
    const peers = peersOf(bundles, database, secret, node, 'program' in python ? python.program : undefined);
    const figures: Figure[] = [];
    for (const route of database.routes) {
      figures.push(...await coldFigures(database, route, peers, rounds.cold, progress));
      figures.push(...await warmFigures(database, route, peers, rounds, progress));
    }
    figures.push(bytesOf('triggerBundleBytes', bundles.trigger));
    figures.push(...await bulkFigures(database, bundles, node, rounds.bulk, progress));
    return {
      figures,
      configuration: configurationOf(node, database, python, rounds),
      notes: ['missing' in python ? [`The figures against seed 000 are left out: ${python.missing}`] : [], NOISE].flat(),
    };
  } finally {
    endProgress();
    await secret.stop();
    await database.stop();
    await keeper.stop();
  }
}

async function main(): Promise<void> {
  const results = await measured(options.quick ? QUICK : FULL, !options['without-python']);
  if (options.json) {
    console.error(table(results));
    console.log(json(results));
  } else {
    console.log(table(results));
  }
}

// Servers and folders go with this process, by their keepers; measured processes by its exit.
process.once('SIGINT', () => process.exit(130)).once('SIGTERM', () => process.exit(143));
void main();
