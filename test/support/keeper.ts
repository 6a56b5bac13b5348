import { fork } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Owns what must not outlive a run: a temporary folder, and processes. They go when `stop` is called and also when this
 * process ends in any other way, by Ctrl-C or SIGKILL: a process of its own watches over them.
 */
export interface Keeper {
  readonly folder: string;
  start(command: string, args: readonly string[], options: KeptOptions): KeptProcess;
  stop(): Promise<void>;
}

export interface KeptOptions {
  /** Takes both outputs of the process. */
  readonly logFile: string;
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  readonly uid?: number;
  readonly gid?: number;
}

export interface KeptProcess {
  /** Exit code, signal, or the reason why it could not start. */
  readonly ended: Promise<number | string>;
  /** Asks again and again; a process that ends before it is ready is an error, with its log. */
  untilReady(isReady: () => Promise<boolean>): Promise<void>;
  kill(signal: NodeJS.Signals): void;
}

export async function startKeeper(): Promise<Keeper> {
  // Detached: Ctrl-C in a terminal reaches every process of its group, and this one must outlive the others.
  const keeper = fork(join(__dirname, 'keeper-process.js'), { detached: true, execArgv: [], stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  keeper.setMaxListeners(0); // each process that it starts adds some
  const [{ folder }] = await once(keeper, 'message') as [{ folder: string }];
  let lastId = 0;

  return {
    folder,
    start(command, args, { logFile, ...options }) {
      const id = ++lastId;
      const ended = new Promise<number | string>((resolve) => {
        const onMessage = (message: { id: number; result: number | string }) => {
          if (message.id !== id) return;
          keeper.off('message', onMessage);
          resolve(message.result);
        };
        keeper.on('message', onMessage);
        keeper.once('exit', () => resolve('its keeper ended'));
      });
      keeper.send({ id, command, args, logFile, options });
      return {
        ended,
        untilReady: (isReady) => untilReady(isReady, ended, `${command} ${args.join(' ')}`, logFile),
        kill: (signal) => void keeper.send({ id, signal }),
      };
    },
    async stop() {
      if (keeper.exitCode !== null || keeper.signalCode !== null) return;
      const exited = once(keeper, 'exit');
      if (keeper.connected) keeper.disconnect();
      await exited;
    },
  };
}

async function untilReady(isReady: () => Promise<boolean>, ended: Promise<number | string>, command: string, logFile: string): Promise<void> {
  let end: number | string | undefined;
  void ended.then((result) => { end = result; });
  while (!await isReady()) {
    if (end !== undefined) throw new Error(`${command} ended with ${end}, expected it to start: ${await readFile(logFile, 'utf8')}`);
    await sleep(20);
  }
}
