/**
 * The process behind keeper.ts. Plain JavaScript, so that it starts in 40 ms without a compiler.
 * It owns a temporary folder and the processes started on its parent's order; when the channel to the parent closes,
 * which happens however the parent ends, it stops them, removes the folder and ends.
 */
const { spawn } = require('node:child_process');
const { mkdtempSync, openSync, rmSync, statSync } = require('node:fs');
const { tmpdir } = require('node:os');
const { dirname, join } = require('node:path');

// Root runs PostgreSQL as somebody else, who cannot get at a temporary folder in root's home.
const isReachable = process.getuid?.() !== 0 || isOpenToAll(tmpdir());
const folder = mkdtempSync(join(isReachable ? tmpdir() : '/tmp', 'cognito-user-sync-'));
const children = new Map();

process.on('message', ({ id, signal, command, args, logFile, options }) => {
  if (signal) {
    children.get(id)?.kill(signal);
    return;
  }
  const log = openSync(logFile, 'a');
  const child = spawn(command, args, { ...options, stdio: ['ignore', log, log] });
  children.set(id, child);
  child.on('error', (error) => ended(id, error.message));
  child.on('exit', (code, killedBy) => ended(id, killedBy ?? code));
});

process.on('disconnect', end);
process.on('SIGTERM', end);
process.send({ folder });

function isOpenToAll(path) {
  return (statSync(path).mode & 0o001) !== 0 && (dirname(path) === path || isOpenToAll(dirname(path)));
}

function ended(id, result) {
  children.delete(id);
  if (process.connected) process.send({ id, result });
}

function end() {
  for (const child of children.values()) child.kill('SIGINT');
  setTimeout(() => {
    for (const child of children.values()) child.kill('SIGKILL');
  }, 5_000).unref();
  const waiting = setInterval(() => {
    if (children.size > 0) return;
    clearInterval(waiting);
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
    process.exit();
  }, 10);
}
