/** Somebody else's service under load: the calls of its target file, and judged by the same invariants. */
import assert from 'node:assert/strict';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { projectRoot, UserError } from '../kernel/index.ts';
import { loadScenario, loadTarget } from '../scenarios/index.ts';
import { readProfile } from './choices.ts';
import { findK6, type K6 } from './find-k6.ts';
import { loadScenarioOf } from './load-scenario.ts';
import { planTarget } from './plan-target.ts';
import { runLoad } from './run.ts';

const fromRoot = (path: string): string => join(projectRoot(), path);
const shop = loadTarget(fromRoot('examples/node-express/target-corrected.yaml'));
const profile = readProfile('smoke');

describe("somebody else's service under load", () => {
  it('is asked as its target file says, with the test values of its PSP', () => {
    const { scenario, deposits } = loadScenarioOf('deposit', profile, undefined, shop);
    assert.deepEqual(deposits, [{ psp: 'stripe', method: 'card' }]);
    assert.deepEqual([scenario.psps.map(({ name }) => name), scenario.http?.compression], [['stripe'], 1]);
    const planned = planTarget(shop, deposits);
    assert.equal(planned.tokens['stripe']?.['card_3ds'], 'pm_card_threeDSecure2Required');
    assert.equal(planned.deposit.call, shop.deposit.call);
  });

  it('meets the faults of a scenario at its own PSPs', () => {
    const chaos = loadScenario(fromRoot('scenarios/library/psp-outage-failover.yaml'));
    const { scenario } = loadScenarioOf('deposit', profile, chaos, shop);
    assert.ok((scenario.faults ?? []).length > 0);
    for (const { psp } of scenario.faults ?? []) assert.ok(psp === undefined || psp === 'stripe', psp);
  });

  it('must say how the status of a deposit is asked for', () => {
    const { status: _, ...deposit } = shop.deposit;
    assert.throws(() => planTarget({ ...shop, deposit }, []), /Add `deposit.status`|cannot be measured/);
  });

  it('is measured in deposits only', async () => {
    await assert.rejects(
      runLoad({
        ...{ journey: 'payout', profile: 'smoke', k6: { path: '', version: '' }, outDir: '', runId: '', replay: '' },
        ...{ target: shop, environment: {}, onText: () => undefined, onProgress: () => undefined },
      }),
      /of a target file only deposits are measured/,
    );
  });

  it('is judged by the same invariants', async function () {
    let k6: K6;
    try {
      k6 = findK6({ explicit: process.env['K6_BIN'], searchPath: process.env['PATH'] ?? '' });
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      Object.assign(this.test ?? {}, { skipReason: 'k6 was not found; scripts/install-k6.sh builds it' });
      this.skip();
    }
    const result = await runLoad({
      ...{ journey: 'deposit', profile: 'smoke', seconds: 3, k6, replay: 'r', runId: 'r', target: shop },
      outDir: mkdtempSync(join(tmpdir(), 'assay-load-target-')),
      ...{ environment: { ...process.env }, onText: () => undefined, onProgress: () => undefined },
    });
    assert.equal(result.target, 'node-express-corrected');
    assert.ok((result.measurement.groups[0]?.done ?? 0) >= 10);
    const verdictOf = (id: string): string | undefined => result.invariants.find((one) => one.id === id)?.verdict;
    assert.deepEqual([verdictOf('I1'), verdictOf('I2'), verdictOf('I5')], ['pass', 'pass', 'pass']);
  });
});
