/** The processes on our side: the service as users run it, and the driver around it. */
import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, mkdirSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { projectRoot } from '../../kernel/index.ts';
import type { DriveOrder, DriveResult } from './driver.ts';

export const API_KEY = 'bench-key-of-the-platform';
const WEBHOOK_SECRET = 'bench-webhook-secret';

export interface Driver {
  pid: number;
  pspPort: number;
  run(order: Omit<DriveOrder, 'apiKey' | 'webhookSecret'>): Promise<DriveResult>;
  stop(): void;
}

export async function startDriver(): Promise<Driver> {
  const file = join(projectRoot(), 'scripts', 'bench-deposits', 'driver.ts');
  const child = spawn(process.execPath, ['--import', 'tsx', file], {
    cwd: projectRoot(),
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const { pspPort } = await answerOf<{ pspPort: number }>(child);
  return {
    pid: child.pid ?? 0,
    pspPort,
    async run(order) {
      child.send({ ...order, apiKey: API_KEY, webhookSecret: WEBHOOK_SECRET });
      const result = await answerOf<DriveResult | { error: string }>(child);
      if ('error' in result) throw new Error(`the driver failed: ${result.error}`);
      return result;
    },
    stop: () => void child.kill('SIGKILL'),
  };
}

function answerOf<T>(child: ChildProcess): Promise<T> {
  return new Promise((resolve, reject) => {
    const ended = (code: number | null): void => reject(new Error(`the driver ended (exit code ${code ?? 'none'})`));
    child.once('exit', ended);
    child.once('message', (message) => {
      child.off('exit', ended);
      resolve(message as T);
    });
  });
}

export interface ServiceProcess {
  name: string;
  pid: number;
  port: number;
  /** Outside of its windows it stands still: its worker would take up what pgbench leaves behind. */
  pause(): void;
  resume(): void;
  stop(): Promise<void>;
}

export interface ServiceOptions {
  name: string;
  databaseUrl: string;
  pspPort: number;
  psps: readonly string[];
  environment: Record<string, string>;
}

/** The compiled service; its log goes to a file, as a service's log does. */
export async function startService(options: ServiceOptions): Promise<ServiceProcess> {
  const { name, databaseUrl, pspPort, psps, environment } = options;
  const folder = join(projectRoot(), '.assay');
  mkdirSync(folder, { recursive: true });
  const log = openSync(join(folder, `bench-deposits-${name.replaceAll(' ', '-')}.log`), 'w');
  const child = spawn(process.execPath, [join(projectRoot(), 'dist', 'reference-service', 'main.js')], {
    cwd: projectRoot(),
    stdio: ['ignore', 'pipe', log],
    env: {
      PATH: process.env['PATH'],
      NODE_ENV: 'production',
      DATABASE_URL: databaseUrl,
      API_KEY,
      PORT: '0',
      PSPS: JSON.stringify(
        psps.map((psp) => ({
          name: psp,
          dialect: 'acme',
          baseUrl: `http://127.0.0.1:${pspPort}/${psp}`,
          credentials: { apiKey: 'bench-psp-key', webhookSecret: WEBHOOK_SECRET },
        })),
      ),
      // Limits protect from clients gone wild; here every client is.
      REQUESTS_PER_MINUTE_PER_KEY: 'none',
      REQUESTS_PER_MINUTE_PER_PLAYER: 'none',
      WEBHOOKS_PER_MINUTE_PER_PSP: 'none',
      ...environment,
    },
  });
  closeSync(log);
  const port = await portOf(child, name);
  return {
    name,
    pid: child.pid ?? 0,
    port,
    pause: () => void child.kill('SIGSTOP'),
    resume: () => void child.kill('SIGCONT'),
    stop: () =>
      new Promise((resolve) => {
        child.once('exit', () => resolve());
        child.kill('SIGCONT');
        child.kill('SIGTERM');
      }),
  };
}

function portOf(child: ChildProcess, name: string): Promise<number> {
  return new Promise((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`the service (${name}) ended with ${code}; see its log in .assay`)));
    if (child.stdout === null) return reject(new Error('Bug: the service has no standard output'));
    createInterface({ input: child.stdout }).once('line', (line) => {
      resolve(Number(new URL((JSON.parse(line) as { url: string }).url).port));
    });
  });
}
