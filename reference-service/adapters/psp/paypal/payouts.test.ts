import assert from 'node:assert/strict';
import { answer, inWorld, payoutAttempt } from '../test/scripted-psp.ts';
import { TOKEN, link } from './test/objects.ts';

describe('paypal payouts', () => {
  it('finds the batch of a payout whose answer was lost, and believes no other', () =>
    inWorld('paypal', async ({ adapter, script }) => {
      const asked = payoutAttempt({ method: 'ewallet', destinationToken: 'payee@example.com' });
      const duplicate = {
        name: 'USER_BUSINESS_ERROR',
        message: 'scripted',
        details: [{ issue: 'DUPLICATE_SENDER_BATCH_ID' }],
        links: [link('self', 'https://api-m.paypal.com/v1/payments/payouts/5UXD2E8A7EBQJ')],
      };
      script(TOKEN, answer(400, duplicate), answer(400, { ...duplicate, links: [] }));
      assert.deepEqual(await adapter.createPayout(asked), { kind: 'pending', pspReference: '5UXD2E8A7EBQJ' });
      assert.equal((await adapter.createPayout(asked)).kind, 'in_doubt');
      const batch = (name: string) => ({
        batch_header: {
          payout_batch_id: 'B1',
          batch_status: 'PENDING',
          sender_batch_header: { sender_batch_id: name },
        },
      });
      script(answer(201, batch('pot_1')), answer(201, batch('pot_other')));
      assert.deepEqual(await adapter.createPayout(asked), { kind: 'pending', pspReference: 'B1' });
      assert.equal((await adapter.createPayout(asked)).kind, 'in_doubt');
    }));

  for (const [status, kind] of [
    ['SUCCESS', 'paid'],
    ['FAILED', 'failed'],
    ['BLOCKED', 'failed'],
    ['RETURNED', 'returned'],
    ['REVERSED', 'returned'],
    ['UNCLAIMED', 'pending'],
    ['ONHOLD', 'pending'],
    ['SOMETHING_NEW', 'pending'],
  ] as const)
    it(`reads a payout item that is ${status} as ${kind}`, () =>
      inWorld('paypal', async ({ adapter, script }) => {
        const item = {
          transaction_status: status,
          payout_item: { sender_item_id: 'pot_1', amount: { currency: 'EUR', value: '20.00' } },
        };
        script(TOKEN, answer(200, { batch_header: { payout_batch_id: 'B1' }, items: [item] }));
        const result = await adapter.queryPayout(payoutAttempt({ method: 'ewallet', pspReference: 'B1' }));
        assert.equal(result.kind, kind, JSON.stringify(result));
        if (result.kind === 'paid') assert.deepEqual(result.money, { amountMinor: 2_000, currency: 'EUR' });
      }));
});
