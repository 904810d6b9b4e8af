import assert from 'node:assert/strict';
import type { HistoryEvent } from '../../kernel/index.ts';
import type { Expectations } from '../dsl/index.ts';
import { checkExpectations } from './expectations.ts';

const payment = (key: string, status: string, ...psps: string[]) => ({
  type: 'obs' as const,
  f: 'payment',
  key,
  value: { status, attempts: psps.map((psp) => ({ psp })) },
});
const history: HistoryEvent[] = [
  { type: 'fault' as const, f: 'answer-lost', value: { fault_id: 'a', phase: 'begin' } },
  { type: 'fault' as const, f: 'answer-lost', value: { fault_id: 'a' } },
  { type: 'fault' as const, f: 'outage', value: { fault_id: 'o', phase: 'begin' } },
  { type: 'fault' as const, f: 'hang', value: { fault_id: 'h', phase: 'begin' } },
  payment('pay_1', 'pending', 'stripe'),
  payment('pay_1', 'succeeded', 'stripe', 'adyen'),
  payment('pay_2', 'declined', 'stripe'),
  { type: 'obs' as const, f: 'payout', key: 'out_1', value: { status: 'failed' } },
  { type: 'recv' as const, f: 'webhook-ack', value: { status: 401 } },
  {
    type: 'obs' as const,
    f: 'cases',
    value: {
      cases: [
        { kind: 'late_success', status: 'open' },
        { kind: 'dead_letter', status: 'resolved' },
      ],
    },
  },
].map((event, i) => ({ i, t: i, proc: 'any', ...event }));

const unmet = (expect: Expectations): string[] =>
  checkExpectations(expect, history)
    .filter((one) => !one.met)
    .map((one) => one.text);

describe('expectations of a scenario', () => {
  it('are met by what the history shows', () => {
    const expect: Expectations = {
      ...{
        faults_hit: ['answer-lost', 'outage'],
        succeeded_at_least: 1,
        declined_at_least: 1,
        failed_over_at_least: 1,
      },
      ...{ payouts_failed_at_least: 1, refused_webhooks_at_least: 1, cases: ['late_success'] },
    };
    assert.deepEqual(unmet(expect), []);
    assert.equal(checkExpectations(expect, history).length, 8);
  });

  it('see what went beside deposits and payouts', () => {
    const beside = [
      { type: 'invoke', f: 'deposit', key: 'dep-9', value: { stored_method_id: 'pm_1' } },
      { type: 'ok', f: 'deposit', key: 'dep-9', value: { payment_id: 'p9' } },
      { type: 'obs', f: 'payment', key: 'p9', value: { status: 'succeeded', capture: 'manual' } },
      { type: 'obs', f: 'refund', key: 'r1', value: { status: 'succeeded' } },
      { type: 'obs', f: 'refund', key: 'r1', value: { status: 'returned' } },
      { type: 'obs', f: 'payout', key: 'o9', value: { status: 'returned' } },
      { type: 'note', f: 'dispute', key: 'dis-1', value: { action: 'opened' } },
      { type: 'note', f: 'dispute', key: 'dis-1', value: { action: 'lost' } },
      { type: 'ok', f: 'bet', key: 'rnd-1', value: {} },
      { type: 'ok', f: 'bet', key: 'rnd-1', value: {} },
      { type: 'fail', f: 'deposit', key: 'dep-8', value: { error: 'limit_exceeded' } },
    ].map((event, i) => ({ i, t: i, proc: 'any', ...event })) as HistoryEvent[];
    const once: Expectations = {
      captured_at_least: 1,
      kept_at_least: 1,
      refunds_returned_at_least: 1,
      payouts_returned_at_least: 1,
      disputes_at_least: 1,
      rounds_at_least: 1,
      refused: ['limit_exceeded'],
    };
    const unmetOf = (expect: Expectations): number =>
      checkExpectations(expect, beside).filter((one) => !one.met).length;
    assert.equal(unmetOf(once), 0);
    const more = { captured_at_least: 2, kept_at_least: 2, refunds_returned_at_least: 2, payouts_returned_at_least: 2 };
    assert.equal(unmetOf({ ...more, disputes_at_least: 2, rounds_at_least: 2, refused: ['self_excluded'] }), 7);
    assert.equal(unmetOf({ refunds_succeeded_at_least: 1, refunds_failed_at_least: 1 }), 2);
  });

  it('count the last state of a payment, hits and not windows, and open cases only', () => {
    assert.deepEqual(unmet({ faults_hit: ['hang'] }), ['the fault hang acted (0 times)']);
    assert.deepEqual(unmet({ succeeded_at_least: 2 }), ['at least 2 deposits succeeded (1)']);
    assert.deepEqual(unmet({ cases: ['dead_letter'] }), ['a case of kind dead_letter is open']);
    assert.deepEqual(unmet({ no_cases: true }), ['no case is open (1)']);
  });
});
