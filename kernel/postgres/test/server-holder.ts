/**
 * A process that starts an embedded server, prints its URL and process id, and then waits to be
 * ended: the subject of `embedded-server.test.ts`. Arguments: data folder, and `throw` to fail or
 * `two` to hold a second server as well.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { startEmbeddedPostgres } from '../embedded-server.ts';

const [dataDir = '', behaviour] = process.argv.slice(2);
const server = await startEmbeddedPostgres({ dataDir });
if (behaviour === 'two') await startEmbeddedPostgres({ dataDir });
const port = new URL(server.url).port;
const pids = readdirSync(dataDir)
  .filter((name) => /^cluster-\d+-\d+$/.test(name))
  .map((name) => pidOn(join(dataDir, name, 'postmaster.pid')))
  .filter((pid) => pid !== undefined);
process.stdout.write(`${JSON.stringify({ url: server.url, adopted: server.adopted, pid: pids[0] })}\n`);
if (behaviour === 'throw') setImmediate(() => fail());
setInterval(() => undefined, 1_000);

function pidOn(path: string): number | undefined {
  try {
    const lines = readFileSync(path, 'utf8').split('\n');
    return lines[3] === port ? Number(lines[0]) : undefined;
  } catch {
    return undefined;
  }
}

function fail(): never {
  throw new Error('meant to fail');
}
