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
const platform = loadTarget(fromRoot('examples/reference-service/target.yaml'));
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

  it('must say how payouts are begun, looked at and paid for, where a journey has them', () => {
    const routes = [{ psp: 'acme', method: 'card' }];
    const { fund: _fund, ...poor } = platform;
    assert.throws(() => planTarget(poor, routes, routes), /how a wallet gets money.*out of it/);
    const { payout: _payout, ...unable } = platform;
    assert.throws(() => planTarget(unable, routes, routes), /does not say how a payout is begun/);
    assert.throws(() => planTarget(shop, routes, routes), /how a wallet gets money/);
    const planned = planTarget({ ...platform, tokens: { card_payout_ok: 'acct_7' } }, routes, routes);
    assert.equal(planned.tokens['acme']?.['card_payout_ok'], 'acct_7');
    assert.deepEqual(planned.payout?.status.headers, platform.headers);
  });

  for (const [journey, target, judged] of [
    ['deposit', shop, ['I1', 'I2', 'I5']],
    ['mixed-day', platform, ['I1', 'I2', 'I5', 'I6']],
  ] as const)
    it(`is judged by the same invariants: ${journey} of ${target.name}`, async function () {
      let k6: K6;
      try {
        k6 = findK6({ explicit: process.env['K6_BIN'], searchPath: process.env['PATH'] ?? '' });
      } catch (error) {
        if (!(error instanceof UserError)) throw error;
        Object.assign(this.test ?? {}, { skipReason: 'k6 was not found; scripts/install-k6.sh builds it' });
        this.skip();
      }
      const result = await runLoad({
        ...{ journey, profile: 'smoke', seconds: 3, k6, replay: 'r', runId: 'r', target },
        outDir: mkdtempSync(join(tmpdir(), 'assay-load-target-')),
        ...{ environment: { ...process.env }, onText: () => undefined, onProgress: () => undefined },
      });
      assert.equal(result.target, target.name);
      assert.ok(result.measurement.groups.every(({ done }) => done >= 2));
      assert.ok((result.measurement.groups[0]?.done ?? 0) >= 10);
      const verdicts = judged.map((id) => result.invariants.find((one) => one.id === id)?.verdict);
      assert.deepEqual(new Set(verdicts), new Set(['pass']));
    });
});
