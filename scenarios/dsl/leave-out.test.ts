/** Goal: what a dialect cannot do is left out and said, and only that; what is left can still come true. */
import assert from 'node:assert/strict';
import { onDialect } from './on-dialect.ts';
import { parseScenario } from './parse-scenario.ts';

const story = (faults: string): string => `
name: small
title: A small one
description: Deposits and payouts while webhooks get lost.
psps:
  - { name: stripe, dialect: stripe }
traffic:
  - { deposits: 2, every: 10s, amount: "5.00", currency: [EUR, JPY, KWD] }
  - { payouts: 1, at: [1m], fund: "50.00", amount: "5.00", currency: EUR }
faults:
  - ${faults}
heal_at: 1h
settle_within: 24h
expect: { succeeded_at_least: 2, payouts_succeeded_at_least: 1 }
`;
const told = (faults: string, dialect: Parameters<typeof onDialect>[1]) => {
  const on = onDialect(parseScenario(story(faults), 'small.yaml'), dialect);
  assert.ok(on.kind === 'applicable');
  return on;
};

describe('what a dialect leaves out of a story', () => {
  it('is the end of payouts that only webhooks tell, when all of these are lost', () => {
    const on = told('{ fault: webhook-lost }', 'adyen');
    assert.equal(on.scenario.expect?.payouts_succeeded_at_least, undefined);
    assert.equal(on.scenario.expect?.succeeded_at_least, 1);
    assert.equal(on.without, 'No payout is expected to end: adyen tells it by webhooks alone, and all are lost.');
    assert.equal(on.scenario.traffic.length, 2);
  });

  it('is nothing where a webhook may come through, or the PSP can be asked', () => {
    assert.equal(told('{ fault: webhook-lost, chance: 0.5 }', 'adyen').without, null);
    const asked = told('{ fault: webhook-lost }', 'checkout');
    assert.deepEqual([asked.without, asked.scenario.expect?.payouts_succeeded_at_least], [null, 1]);
  });

  it('is a currency that its PSP does not take', () => {
    for (const dialect of ['paypal', 'mollie'] as const) {
      const [deposits] = told('{ fault: webhook-lost, chance: 0.5 }', dialect).scenario.traffic;
      assert.ok(deposits !== undefined && 'currency' in deposits);
      assert.deepEqual(deposits.currency, ['EUR', 'JPY'], dialect);
    }
  });
});
