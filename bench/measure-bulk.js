'use strict';
/**
 * Runs inside the measured Node.js 24 process: writes the same rows into fresh tables by each of the ways, in turn, and
 * sends the milliseconds of each to file descriptor 3.
 */
const { writeSync } = require('node:fs');
const { performance } = require('node:perf_hooks');
const { rowsOf } = require('./bulk-rows.js');

const { ours, copy, url, shape, rows: count, batch, rounds } = JSON.parse(process.argv[2]);
const { bulkWriter } = require(ours);
const { copyAndMerge, connected } = require(copy);

const { columns, definition } = rowsOf(shape);
const names = columns.map(({ name }) => name);
const rows = [...rowsOf(shape).generate(count)];

const WAYS = {
  ours: (table) => batches(bulkWriter(url, table, columns, 2)),
  oursOnOneConnection: (table) => batches(bulkWriter(url, table, columns, 1)),
  copyAndMerge: (table) => milliseconds(() => copyAndMerge(url, table, names, rows, 'same')),
  copyAndUpsert: (table) => milliseconds(() => copyAndMerge(url, table, names, rows, 'upsert')),
};

async function measure() {
  const client = await connected(url);
  const ways = Object.keys(WAYS);
  const times = Object.fromEntries(ways.map((way) => [way, []]));
  // The first round is not counted: neither the processes nor the database are warm.
  for (let round = 0; round <= rounds; round++) {
    // Every other round in the other order: whatever drifts drifts for all.
    for (const way of round % 2 ? ways.toReversed() : ways) {
      const table = `bulk_${shape}_${way.toLowerCase()}_${round}`;
      await client.query(`create table ${table} (${definition})`);
      const elapsed = await WAYS[way](table);
      const { rows: [{ written }] } = await client.query(`select count(*)::integer as written from ${table}`);
      if (written !== count) throw new Error(`${way} left ${written} rows, expected ${count}`);
      await client.query(`drop table ${table}`);
      if (round > 0) times[way].push(elapsed);
    }
  }
  writeSync(3, JSON.stringify(times));
  process.exit();
}

/** The time of the calls alone: what makes rows of users is the same in every way. */
async function batches(write) {
  let elapsed = 0;
  for (let start = 0; start < count; start += batch) {
    const users = rows.slice(start, start + batch).map((row) => new Map(row.map((value, index) => [names[index], value])));
    elapsed += await milliseconds(() => write(users));
  }
  return elapsed;
}

async function milliseconds(work) {
  const startedAt = performance.now();
  await work();
  return performance.now() - startedAt;
}

void measure();
