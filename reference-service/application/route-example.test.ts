/** Goal: docs/ROUTING.md shows a configuration that works and what the service then says. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { projectRoot } from '../../kernel/index.ts';
import { CircuitBreaker } from '../domain/circuit-breaker.ts';
import { explain } from '../domain/routing/explain.ts';
import type { RouteStore } from '../ports/routes.ts';
import { checkRouting } from './route-config.ts';
import { Router, type RouterOptions } from './route-state.ts';

const document = readFileSync(join(projectRoot(), 'docs', 'ROUTING.md'), 'utf8');

function block(language: string): string {
  const text = new RegExp(`\`\`\`${language}\\n([^]*?)\`\`\``).exec(document)?.[1];
  if (text === undefined) throw new Error(`docs/ROUTING.md has no block of ${language}`);
  return text;
}

describe('docs/ROUTING.md', () => {
  it('shows a configuration and the decision that it leads to', () => {
    const psps = ['alpha', 'beta', 'gamma'];
    const router = new Router({
      config: { ...checkRouting('docs/ROUTING.md', parse(block('yaml')), psps), exploration: 0 },
      psps,
      clock: { now: () => 0 } as RouterOptions['clock'],
      breaker: new CircuitBreaker({ pauseMs: 30_000 }),
      database: {} as RouterOptions['database'],
      store: {} as RouteStore,
      background: { later: () => undefined },
      log: () => undefined,
    });
    const decision = router.decide(
      {
        operation: 'authorize',
        subjectId: 'pay_0001',
        playerId: 'player-2',
        amountMinor: 5_000,
        currency: 'EUR',
        method: 'card',
        country: 'DE',
        device: 'mobile',
        bin: null,
        bank: null,
        risk: 'normal',
        preferred: null,
        sticky: null,
        able: psps,
        tried: {},
      },
      { counts: false },
    );
    assert.deepEqual(block('text').trim().split('\n'), explain(decision));
  });
});
