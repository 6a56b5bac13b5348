'use strict';
/**
 * Runs inside the measured Node.js 24 process: loads each handler and invokes it, and writes the milliseconds to file
 * descriptor 3. Plain JavaScript without a channel to its parent, so that nothing is loaded which Lambda does not load.
 */
const { readFileSync, writeSync } = require('node:fs');
const { join } = require('node:path');
// Lambda's runtime client has loaded it before the handler: https://github.com/aws/aws-lambda-nodejs-runtime-interface-client
require('node:http');

const { handlers: files, warmUp, rounds } = JSON.parse(process.argv[2]);
const template = JSON.parse(readFileSync(join(__dirname, 'event.json'), 'utf8'));
let users = 0;

async function measure() {
  const handlers = [];
  const coldMs = [];
  for (const file of files) {
    const event = nextEvent();
    const startedAt = process.hrtime.bigint();
    const { handler } = require(file);
    await handler(event, {});
    coldMs.push(millisecondsSince(startedAt));
    handlers.push(handler);
  }

  const warmMs = handlers.map(() => []);
  for (let round = 0; round < warmUp + rounds; round++) {
    // In turn, and every other round in the other order: whatever drifts drifts for both.
    for (let turn = 0; turn < handlers.length; turn++) {
      const index = round % 2 ? handlers.length - 1 - turn : turn;
      const event = nextEvent();
      const startedAt = process.hrtime.bigint();
      await handlers[index](event, {});
      const elapsedMs = millisecondsSince(startedAt);
      if (round >= warmUp) warmMs[index].push(elapsedMs);
    }
  }
  writeSync(3, JSON.stringify({ coldMs, warmMs }));
  process.exit();
}

function nextEvent() {
  const { request, ...rest } = template;
  return { ...rest, request: { userAttributes: { ...request.userAttributes, sub: `${process.pid}-${users++}` } } };
}

function millisecondsSince(startedAt) {
  return Number(process.hrtime.bigint() - startedAt) / 1e6;
}

void measure();
