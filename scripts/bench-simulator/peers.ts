/**
 * Other tools that npm can install for the same job: a fake PSP over HTTP. They are installed
 * into `.assay/bench-peers` when the benchmark first runs, never into the project. One that
 * cannot be had is left out with its reason.
 */
import { spawnSync } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePort, messageOf, projectRoot } from '../../kernel/index.ts';
import { SERVER_CORE, startOn, stop } from './processes.ts';
import type { Server } from './processes.ts';

const folder = join(projectRoot(), '.assay', 'bench-peers');

const PEERS = [
  { name: 'prism', packageName: '@stoplight/prism-cli', version: '5.14.2', start: startPrism },
  { name: 'mountebank', packageName: 'mountebank', version: '2.9.1', start: startMountebank },
] as const;

export type Peer = Pick<Server, 'name' | 'port' | 'stop'>;

export interface MissingPeer {
  name: string;
  reason: string;
}

export async function startPeers(): Promise<{ running: Peer[]; missing: MissingPeer[] }> {
  const running: Peer[] = [];
  const missing: MissingPeer[] = [];
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), '{"private":true}\n');
  for (const { name, packageName, version, start } of PEERS) {
    try {
      install(packageName, version);
      running.push({ ...(await start()), name: `${name} ${version}` });
    } catch (error) {
      missing.push({ name, reason: messageOf(error) });
    }
  }
  return { running, missing };
}

function install(packageName: string, version: string): void {
  if (existsSync(join(folder, 'node_modules', packageName))) return;
  const args = ['install', '--no-audit', '--no-fund', '--ignore-scripts', '--save-exact', `${packageName}@${version}`];
  const { status, stderr } = spawnSync('npm', args, { cwd: folder, encoding: 'utf8' });
  if (status !== 0)
    throw new Error(`npm could not install it: ${stderr.trim().split('\n').at(-1) ?? 'no reason given'}`);
}

const bin = (name: string): string => join(folder, 'node_modules', '.bin', name);

async function startPrism(): Promise<Peer> {
  const port = await freePort();
  const document = join(projectRoot(), 'openapi', 'psp-acme.yaml');
  return ready(
    'prism',
    port,
    startOn(SERVER_CORE, bin('prism'), ['mock', '-p', String(port), '-v', 'fatal', document]),
  );
}

/** An imposter that answers every POST with a payment, as a team would write it by hand. */
async function startMountebank(): Promise<Peer> {
  const [control, port] = [await freePort(), await freePort()];
  const child = startOn(SERVER_CORE, bin('mb'), [
    '--port',
    String(control),
    '--nologfile',
    '--loglevel',
    'error',
    '--localOnly',
    '--pidfile',
    join(folder, 'mb.pid'),
  ]);
  const peer = await ready('mountebank', control, child);
  const payment = { id: 'apay_1', status: 'captured', amount: '50.00', currency: 'EUR', reference: 'order-1' };
  const response = await fetch(`http://127.0.0.1:${control}/imposters`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      port,
      protocol: 'http',
      recordRequests: false,
      stubs: [
        {
          predicates: [{ equals: { method: 'POST', path: '/payments' } }],
          responses: [{ is: { statusCode: 201, headers: { 'content-type': 'application/json' }, body: payment } }],
        },
      ],
    }),
  });
  if (response.status !== 201) throw new Error(`mountebank refused the imposter: ${await response.text()}`);
  return { ...peer, port };
}

const READY_WITHIN_MS = 60_000;

async function ready(name: string, port: number, child: ChildProcess): Promise<Peer> {
  const deadline = performance.now() + READY_WITHIN_MS;
  for (;;) {
    if (child.exitCode !== null) throw new Error(`it ended at once (exit code ${child.exitCode})`);
    try {
      await fetch(`http://127.0.0.1:${port}/`);
      return { name, port, stop: () => stop(child) };
    } catch {
      if (performance.now() > deadline) {
        await stop(child);
        throw new Error('it did not listen within a minute');
      }
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  }
}
