/**
 * The reference service as a process of its own: started, killed without warning, started again
 * on the same port and database. It never outlives this process.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { projectRoot, UserError, type Clock } from '../../../kernel/index.ts';
import { inheritedEnvironment } from '../config.ts';

/** Starting means loading sources through a transpiler and migrating a database. */
const START_DEADLINE_MS = 60_000;
/** After SIGTERM; then it is killed. */
const STOP_DEADLINE_MS = 5_000;

/**
 * Loaded into the service before its own code: when this process dies, however suddenly, the
 * channel between the two closes, and the service ends as well. It carries nothing else.
 */
const LEASH = "process.once('disconnect', () => process.exit(1)); process.channel?.unref();";

export interface ServiceProcess {
  readonly url: string;
  start(): Promise<void>;
  /** SIGKILL; resolves when it is gone. */
  kill(): Promise<void>;
  /** SIGTERM, and SIGKILL when that is not enough. */
  stop(): Promise<void>;
}

export interface ServiceProcessOptions {
  /** Real time. */
  clock: Clock;
  environment: Record<string, string>;
  /** The port that PSPs and clients know; the same after a restart. */
  port: number;
  /** File for standard error; without it that is thrown away. */
  logPath?: string;
}

export function createServiceProcess(options: ServiceProcessOptions): ServiceProcess {
  const { clock, environment, port, logPath } = options;
  let running: { child: ChildProcess; gone: Promise<void> } | undefined;
  const endChild = (): void => void running?.child.kill('SIGKILL');

  async function start(): Promise<void> {
    const log = logPath === undefined ? 'ignore' : openSync(logPath, 'a');
    const child = spawn(process.execPath, entry(), {
      cwd: projectRoot(),
      env: { ...inheritedEnvironment(), ...environment, HOST: '127.0.0.1', PORT: String(port) },
      stdio: ['ignore', 'pipe', log, 'ipc'],
    });
    if (typeof log === 'number') closeSync(log);
    const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
    running = { child, gone };
    process.once('exit', endChild);
    await listening(child, gone);
  }

  /** Resolves at the line that says so on standard output. */
  function listening(child: ChildProcess, gone: Promise<void>): Promise<void> {
    return new Promise((resolve, reject) => {
      const fail = (why: string): void => {
        deadline.cancel();
        reject(
          new UserError(
            `The reference service did not start: ${why.replace(/\.$/, '')}.`,
            logPath === undefined ? 'Run it with an output directory to keep its log.' : `Read ${logPath}.`,
            255,
          ),
        );
      };
      const deadline = clock.schedule(START_DEADLINE_MS, 'service start', () => {
        child.kill('SIGKILL');
        fail(`it said nothing for ${START_DEADLINE_MS / 1_000} s`);
      });
      if (child.stdout === null) throw new Error('the standard output of the service is not a pipe');
      createInterface({ input: child.stdout }).on('line', (line) => {
        if (!line.includes('"listening"')) return;
        deadline.cancel();
        resolve();
      });
      void gone.then(() => fail(lastLine(logPath)));
      child.once('error', (error) => fail(error.message));
    });
  }

  async function end(signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
    const ending = running;
    running = undefined;
    process.off('exit', endChild);
    if (ending === undefined) return;
    ending.child.kill(signal);
    const timer = clock.schedule(STOP_DEADLINE_MS, 'service stop', () => void ending.child.kill('SIGKILL'));
    await ending.gone;
    timer.cancel();
  }

  return { url: `http://127.0.0.1:${port}`, start, kill: () => end('SIGKILL'), stop: () => end('SIGTERM') };
}

/** The production entry: compiled beside compiled drivers, through tsx beside their sources. */
function entry(): string[] {
  const fromSources = import.meta.url.endsWith('.ts');
  const main = fileURLToPath(new URL(`../../../reference-service/main.${fromSources ? 'ts' : 'js'}`, import.meta.url));
  const leash = ['--import', `data:text/javascript,${encodeURIComponent(LEASH)}`];
  return fromSources ? [...leash, '--import', 'tsx', main] : [...leash, main];
}

function lastLine(logPath: string | undefined): string {
  if (logPath === undefined) return 'it ended at once';
  const lines = readFileSync(logPath, 'utf8').trim().split('\n');
  return lines.at(-1)?.slice(0, 300) ?? 'it ended at once';
}
