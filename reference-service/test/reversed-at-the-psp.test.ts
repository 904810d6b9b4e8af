/**
 * A payment that ends at the PSP without a call of ours, in words that leave open what became of
 * it: a reversal that is a cancellation or a refund, and a reservation that ran out and is told
 * like a failure. What we know of the payment decides; no person is needed for it.
 */
import assert from 'node:assert/strict';
import type { PspEvent } from '../ports/psp-adapter.ts';
import { alpha, closeSharedDatabase, service, withOnePsp } from './fresh-service.ts';

after(closeSharedDatabase);

describe('a payment that ends at the PSP', () => {
  withOnePsp({ statusQuery: false });

  async function started(more: Record<string, unknown> = {}): Promise<{ id: string; attemptId: string }> {
    const id = String((await service.deposit(more)).body['payment_id']);
    return { id, attemptId: (await service.attempts(id))[0]?.attempt_id ?? '' };
  }
  /** Adyen's CANCEL_OR_REFUND in neutral words. */
  const reversed = (attemptId: string, amountMinor = 5_000): PspEvent =>
    alpha.event(attemptId, 'succeeded', {
      subject: 'refund',
      partReference: `rev_${attemptId}`,
      cancelOrRefund: true,
      money: { amountMinor, currency: 'EUR' },
    });
  async function hear(event: PspEvent): Promise<void> {
    await service.webhook('alpha', event);
    await service.pass(10);
  }
  const kinds = async (): Promise<string[]> => (await service.cases()).map(({ kind }) => kind);

  it('is canceled by a reversal while it is only authorized', async () => {
    const { id, attemptId } = await started({ capture: 'manual' });
    await hear(reversed(attemptId));
    assert.equal((await service.payment(id))['status'], 'canceled');
    assert.deepEqual(await service.wallet(), []);
    assert.deepEqual(await kinds(), []);
  });

  it('is refunded by a reversal once it is credited, in parts too, and a person is told', async () => {
    const { id, attemptId } = await started();
    await hear(alpha.event(attemptId, 'succeeded'));
    await hear(reversed(attemptId, 4_000));
    await hear({ ...reversed(attemptId, 4_000), eventId: 'again' });
    const payment = await service.payment(id);
    assert.deepEqual([payment['status'], payment['refunded']], ['succeeded', '40.00']);
    assert.deepEqual(await service.wallet(), [{ currency: 'EUR', available: '10.00', held: '0.00' }]);
    assert.deepEqual(await kinds(), ['contradictory_final']);
  });

  it('is closed by a reversal that overtakes the word of its success, which credits nothing then', async () => {
    const { id, attemptId } = await started();
    await hear(reversed(attemptId));
    assert.equal((await service.payment(id))['status'], 'refunded');
    await hear(alpha.event(attemptId, 'succeeded'));
    assert.equal((await service.payment(id))['status'], 'refunded');
    assert.deepEqual(await service.wallet(), []);
  });

  it('is not moved by a reversal that failed', async () => {
    const { id, attemptId } = await started({ capture: 'manual' });
    await hear({ ...reversed(attemptId), outcome: 'pending' });
    assert.equal((await service.payment(id))['status'], 'authorized');
  });

  it('is canceled, with a reason of its own, when its authorization runs out there', async () => {
    const { id, attemptId } = await started({ capture: 'manual' });
    await hear(alpha.event(attemptId, 'failed', { code: 'expired' }));
    const payment = await service.payment(id);
    assert.equal(payment['status'], 'canceled');
    const [attempt] = payment['attempts'] as { status: string; decline_code: string | null }[];
    assert.deepEqual([attempt?.status, attempt?.decline_code], ['canceled', 'expired']);
    assert.deepEqual(await kinds(), []);
  });

  it('opens a case when an authorized payment is declined for any other reason', async () => {
    const { id, attemptId } = await started({ capture: 'manual' });
    await hear(alpha.event(attemptId, 'failed', { code: 'do_not_honor' }));
    assert.equal((await service.payment(id))['status'], 'authorized');
    assert.deepEqual(await kinds(), ['contradictory_final']);
  });
});
