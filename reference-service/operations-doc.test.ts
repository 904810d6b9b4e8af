import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../kernel/index.ts';
import { readConfig } from './config/index.ts';
import { contract } from './http/contract.ts';
import { scopesOfContract } from './http/api-keys.ts';
import { ServiceMetrics } from './observability/metrics.ts';

const page = readFileSync(join(projectRoot(), 'docs', 'OPERATIONS.md'), 'utf8');

/** Code words in the first column of the tables of one section. */
function firstColumn(section: string): Set<string> {
  const text = page.split(/^## /m).find((part) => part.startsWith(section)) ?? '';
  const cells = [...text.matchAll(/^\| (`.*?) \|/gm)].map((match) => match[1] ?? '');
  return new Set(cells.flatMap((cell) => [...cell.matchAll(/`([^`]+)`/g)].map((match) => match[1] ?? '')));
}

describe('the page about operation', () => {
  it('names every variable that is read, and no other', () => {
    const asked = new Set<string>();
    const psp = { name: 'a', dialect: 'acme', baseUrl: 'http://a', credentials: { apiKey: 'k', webhookSecret: 's' } };
    const given: Record<string, string> = {
      DATABASE_URL: 'postgres://localhost/a',
      API_KEY: 'k',
      PSPS: JSON.stringify([psp]),
      EVENTS_URL: 'https://platform.example/events',
      EVENTS_SECRETS: `whsec_${Buffer.alloc(32, 7).toString('base64')}`,
    };
    readConfig(
      new Proxy(given, {
        get(target, name) {
          asked.add(String(name));
          return target[String(name)];
        },
      }),
    );
    const named = firstColumn('Environment');
    const files = [...page.matchAll(/^\| `(\w+)` \| yes \|/gm)].map((match) => `${match[1]}_FILE`);
    assert.deepEqual([...asked].sort(), [...new Set([...named, ...files])].sort());
  });

  it('names every scope, and each secured operation has one', () => {
    assert.deepEqual([...firstColumn('Keys')].sort(), [...scopesOfContract()].sort());
    for (const { operationId, secured, scope } of contract().values())
      assert.equal(scope !== null, secured, `${operationId} needs a scope in its security requirement`);
  });

  it('names every metric', async () => {
    const named = firstColumn('Metrics');
    for (const { name } of await new ServiceMetrics().registry.getMetricsAsJSON()) assert.ok(named.has(name), name);
  });
});
