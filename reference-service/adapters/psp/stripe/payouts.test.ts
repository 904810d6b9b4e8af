import assert from 'node:assert/strict';
import { answer, inWorld, payoutAttempt } from '../test/scripted-psp.ts';

describe('stripe payouts', () => {
  const PAYOUT = { id: 'po_1', amount: 2_000, currency: 'eur', metadata: { reference: 'pot_1' } };

  it('marks the payout that a simulator shall let fail, and passes a native destination', () =>
    inWorld('stripe', async ({ adapter, script, seen }) => {
      script(answer(200, { ...PAYOUT, status: 'pending' }), answer(200, { ...PAYOUT, status: 'pending' }));
      assert.deepEqual(await adapter.createPayout(payoutAttempt({ destinationToken: 'card_payout_fail' })), {
        kind: 'pending',
        pspReference: 'po_1',
      });
      await adapter.createPayout(payoutAttempt({ destinationToken: 'ba_1' }));
      const [failing, native] = seen.map(({ body }) => new URLSearchParams(body));
      assert.deepEqual([failing?.get('metadata[assay_outcome]'), failing?.get('destination')], ['fail', null]);
      assert.deepEqual([native?.get('metadata[assay_outcome]'), native?.get('destination')], [null, 'ba_1']);
    }));

  const states: readonly [string, object][] = [
    ['pending', { kind: 'pending', pspReference: 'po_1' }],
    ['in_transit', { kind: 'pending', pspReference: 'po_1' }],
    ['something_new', { kind: 'pending', pspReference: 'po_1' }],
    ['paid', { kind: 'paid', pspReference: 'po_1', money: { amountMinor: 2_000, currency: 'EUR' } }],
    ['failed', { kind: 'failed', pspReference: 'po_1', code: 'failed' }],
    ['canceled', { kind: 'failed', pspReference: 'po_1', code: 'canceled' }],
  ];
  for (const [status, expected] of states) {
    it(`reads a payout that is ${status}`, () =>
      inWorld('stripe', async ({ adapter, script }) => {
        script(answer(200, { ...PAYOUT, status }), answer(200, { data: [{ ...PAYOUT, status }], has_more: false }));
        assert.deepEqual(await adapter.queryPayout(payoutAttempt({ pspReference: 'po_1' })), expected);
        assert.deepEqual(await adapter.queryPayout(payoutAttempt()), expected);
      }));
  }

  it('looks through the pages of the list, and is in doubt past its limit', () =>
    inWorld('stripe', async ({ adapter, script, seen }) => {
      const other = { ...PAYOUT, id: 'po_other', status: 'paid', metadata: { reference: 'pot_other' } };
      script(
        answer(200, { data: [other], has_more: true }),
        answer(200, { data: [{ ...PAYOUT, status: 'paid' }], has_more: true }),
      );
      assert.equal((await adapter.queryPayout(payoutAttempt())).kind, 'paid');
      assert.equal(new URL(seen[1]?.path ?? '', 'http://psp').searchParams.get('starting_after'), 'po_other');
      script(answer(200, { data: [other], has_more: false }));
      assert.equal((await adapter.queryPayout(payoutAttempt())).kind, 'not_found');
      script(...Array.from({ length: 10 }, () => answer(200, { data: [other], has_more: true })));
      assert.equal((await adapter.queryPayout(payoutAttempt())).kind, 'in_doubt');
    }));
});
