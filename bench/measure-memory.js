'use strict';
/**
 * Runs inside the measured Node.js 24 process: writes generated rows batch by batch, and sends to file descriptor 3 how
 * much memory the process uses after the first ones and after all.
 */
const { writeSync } = require('node:fs');
const { rowsOf } = require('./bulk-rows.js');

const { ours, copy, url, batch, memoryRows: [first, all] } = JSON.parse(process.argv[2]);
const { bulkWriter } = require(ours);
const { connected } = require(copy);

async function measure() {
  const { columns, definition, generate } = rowsOf('four');
  const client = await connected(url);
  await client.query(`create table bulk_memory (${definition})`);
  const write = bulkWriter(url, 'bulk_memory', columns, 2);
  const bytes = [];
  let written = 0;
  let users = [];
  for (const row of generate(all)) {
    users.push(new Map(row.map((value, index) => [columns[index].name, value])));
    if (users.length < batch) continue;
    await write(users);
    written += users.length;
    users = [];
    if (written === first || written === all) bytes.push(memoryInUse());
  }
  await client.query('drop table bulk_memory');
  writeSync(3, JSON.stringify(bytes));
  process.exit();
}

function memoryInUse() {
  global.gc();
  global.gc();
  const { heapUsed, external, rss } = process.memoryUsage();
  return { inUse: heapUsed + external, resident: rss };
}

void measure();
