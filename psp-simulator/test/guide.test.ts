/** docs/SIMULATOR.md tells the truth: its requests are sent as they stand, in their order, and its limits are those of the code. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../../kernel/index.ts';
import { MOST_BODY_BYTES, MOST_HEADER_BYTES, MOST_HEADERS } from '../engine/read-request.ts';
import { MOST_RUNS } from '../engine/runs.ts';
import { openBench } from './bench.ts';
import { openApiCheck } from './openapi-check.ts';

const guide = readFileSync(join(projectRoot(), 'docs', 'SIMULATOR.md'), 'utf8');

interface Shown {
  method: string;
  path: string;
  body: string | undefined;
}

const requests: Shown[] = [...guide.matchAll(/```http\n(\S+) \/v1(\S+)\n([^`]*)```/g)].map(
  ([, method = '', path = '', body = '']) => ({ method, path, body: body.trim() === '' ? undefined : body }),
);

describe('docs/SIMULATOR.md', () => {
  it('shows requests that work, one after the other', async () => {
    const bench = await openBench({
      psps: [
        { name: 'acme', dialect: 'acme' },
        { name: 'stripe', dialect: 'stripe' },
      ],
    });
    /** Ids of the last answer, for `{id}` in the next path. */
    const known = new Map<string, string>();
    for (const { method, path, body } of requests) {
      const actual = path.replace(/\{([a-z_]+)\}/g, (_match, name: string) => known.get(name) ?? `no-${name}`);
      const sent = body === undefined ? {} : { body, headers: { 'content-type': 'application/json' } };
      const answer = await bench.exchange(`${bench.simulator.control.url}/v1${actual}`, { method, ...sent });
      const text = answer.body.toString('utf8');
      assert.ok(answer.status < 300, `${method} ${actual}: ${answer.status} ${text}`);
      if (/json$/.test(answer.headers['content-type']?.split(';')[0] ?? '') && !text.includes('}\n{'))
        remember(known, text);
      await bench.pass(60_000);
    }
    await bench.close();
    assert.ok(requests.length > 20);
  });

  it('names only paths that the control API has', () => {
    const operations = openApiCheck('simulator-control.yaml').operations();
    const templates = [...guide.matchAll(/`(?:POST )?\/v1(\/[a-z{}_/-]+)`/g)].map(([, path = '']) => path);
    assert.ok(templates.length > 5);
    for (const path of templates) {
      const own = path.replace(/^\/runs\/three-days/, '').replace(/^\/export\/books$/, '/export/{what}');
      assert.ok(
        operations.some((operation) => operation.endsWith(` ${own}`)),
        `${path} is no path`,
      );
    }
  });

  it('gives the limits that hold', () => {
    assert.equal(MOST_BODY_BYTES, 1_048_576);
    assert.match(guide, new RegExp(`\\| ${MOST_HEADERS}, ${MOST_HEADER_BYTES / 1_024} KiB \\|`));
    assert.match(guide, new RegExp(`\\| runs beside the first \\| ${MOST_RUNS} \\|`));
  });
});

/** Of a list the newest entry; of settlement lists that is the last batch. */
function remember(known: Map<string, string>, text: string): void {
  const parsed: unknown = JSON.parse(text);
  const entry: unknown = Array.isArray(parsed) ? parsed.at(-1) : parsed;
  for (const name of ['id', 'psp_reference', 'batch']) {
    const value = (entry as Record<string, unknown> | undefined)?.[name];
    if (typeof value === 'string') known.set(name, value);
  }
}
