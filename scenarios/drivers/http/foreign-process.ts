/**
 * Somebody else's service as a process of this run: built, started, killed without warning,
 * started again on the same port. It never outlives this process, whatever it starts itself.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, existsSync, openSync, readFileSync } from 'node:fs';
import type { Writable } from 'node:stream';
import { resolve } from 'node:path';
import { NetworkError, UserError, type Clock, type Network } from '../../../kernel/index.ts';
import type { Target } from '../../targets/foreign/index.ts';
import type { ServiceProcess } from './service-process.ts';

/** Building may fetch packages. */
const BUILD_DEADLINE_MS = 300_000;
const START_DEADLINE_MS = 60_000;
/** After SIGTERM; then it is killed. */
const STOP_DEADLINE_MS = 3_000;
const READY_EVERY_MS = 50;
const READY_TIMEOUT_MS = 2_000;

/**
 * A shell that ends its whole group when the pipe on descriptor 3 closes: when this process dies,
 * however suddenly. The command itself does not inherit the pipe.
 */
const leashed = (command: string): string => `(cat <&3 >/dev/null 2>&1; kill -KILL -$$) & exec 3<&-; ${command}`;

export interface ForeignProcessOptions {
  /** Real time. */
  clock: Clock;
  network: Network;
  target: Target;
  /** Base address of the service. */
  url: string;
  /** Address that answers with a status below 500 when it can work. */
  readyUrl: string;
  environment: Record<string, string>;
  /** File for what it prints; without it that is thrown away. */
  logPath?: string;
}

interface Running {
  child: ChildProcess;
  gone: Promise<void>;
  /** Undefined while it runs. */
  ended: { how: string } | undefined;
}

/** `start()` builds first, once. */
export function createForeignProcess(options: ForeignProcessOptions): ServiceProcess {
  const { clock, network, target, url, readyUrl, environment, logPath } = options;
  const spec = target.start;
  if (spec === undefined) throw new Error('bug: a target without `start` is not started');
  const cwd = resolve(target.folder, spec.cwd ?? '.');
  let running: Running | undefined;
  let built = false;
  const endChild = (): void => killGroup(running?.child, 'SIGKILL');

  function run(command: string): Running {
    const log = logPath === undefined ? 'ignore' : openSync(logPath, 'a');
    const child = spawn('/bin/sh', ['-c', leashed(command)], {
      cwd,
      env: environment,
      detached: true,
      stdio: ['ignore', log, log, 'pipe'],
    });
    if (typeof log === 'number') closeSync(log);
    const found: Running = { child, gone: Promise.resolve(), ended: undefined };
    found.gone = new Promise((gone) => {
      const end = (how: string): void => {
        found.ended ??= { how };
        (child.stdio[3] as Writable | null)?.destroy();
        gone();
      };
      child.once('error', (error) => end(error.message));
      child.once('exit', (code, signal) =>
        end(signal === null ? `it ended with ${code ?? 0}` : `it ended by ${signal}`),
      );
    });
    return found;
  }

  async function build(command: string): Promise<void> {
    const building = run(command);
    running = building;
    const deadline = clock.schedule(BUILD_DEADLINE_MS, 'target build', () => killGroup(building.child, 'SIGKILL'));
    await building.gone;
    deadline.cancel();
    running = undefined;
    if (building.child.exitCode !== 0) throw failed('could not be built', building.ended?.how ?? '', command);
  }

  async function start(): Promise<void> {
    if (!existsSync(cwd))
      throw new UserError(`the folder ${cwd} of ${target.name} does not exist`, 'Correct `start.cwd`.');
    process.once('exit', endChild);
    if (spec?.build !== undefined && !built) await build(spec.build);
    built = true;
    const started = run(spec?.command ?? '');
    running = started;
    await ready(started);
  }

  async function ready(started: Running): Promise<void> {
    const beganMs = clock.elapsed();
    for (;;) {
      if (started.ended !== undefined) throw failed('did not start', started.ended.how, spec?.command ?? '');
      if (await answers()) return;
      if (clock.elapsed() - beganMs > START_DEADLINE_MS) {
        await end('SIGKILL');
        throw failed(
          'did not start',
          `${readyUrl} gave no answer for ${START_DEADLINE_MS / 1_000} s`,
          spec?.command ?? '',
        );
      }
      await clock.sleep(READY_EVERY_MS, { label: 'target starts' });
    }
  }

  async function answers(): Promise<boolean> {
    try {
      return (await network.request({ method: 'GET', url: readyUrl, timeoutMs: READY_TIMEOUT_MS })).status < 500;
    } catch (error) {
      if (error instanceof NetworkError) return false;
      throw error;
    }
  }

  function failed(what: string, how: string, command: string): UserError {
    const said = lastLine(logPath);
    return new UserError(
      `${target.name} ${what}: ${how}${said === '' ? '' : `; its last words: ${said}`}`,
      `Try \`${command}\` in ${cwd}${logPath === undefined ? '' : `, and read ${logPath}`}.`,
    );
  }

  async function end(signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
    const ending = running;
    running = undefined;
    process.off('exit', endChild);
    if (ending === undefined || ending.ended !== undefined) return;
    killGroup(ending.child, signal);
    const timer = clock.schedule(STOP_DEADLINE_MS, 'target stop', () => killGroup(ending.child, 'SIGKILL'));
    await ending.gone;
    timer.cancel();
  }

  return { url, start, kill: () => end('SIGKILL'), stop: () => end('SIGTERM') };
}

/** The command and everything that it started. */
function killGroup(child: ChildProcess | undefined, signal: NodeJS.Signals): void {
  if (child?.pid === undefined) return;
  try {
    process.kill(-child.pid, signal);
  } catch {
    // Gone already.
  }
}

const LONGEST_WORDS = 300;
const LAST_LINES = 30;

/** The last line that names an error, where there is one: runtimes like to sign off with their version. */
function lastLine(logPath: string | undefined): string {
  if (logPath === undefined || !existsSync(logPath)) return '';
  const lines = readFileSync(logPath, 'utf8').trim().split('\n');
  const found = lines.slice(-LAST_LINES).findLast((line) => /error|exception|panic|cannot|not found/i.test(line));
  return (found ?? lines.at(-1) ?? '').trim().slice(0, LONGEST_WORDS);
}
