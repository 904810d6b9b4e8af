/**
 * Flows of events that nobody vouches for: the PSP signs nothing of them, so they only make the
 * service ask. What the PSP answers is what counts, for payments, refunds and disputes alike.
 */
import assert from 'node:assert/strict';
import type { PspEvent, ReadEventsResult } from '../ports/psp-adapter.ts';
import { FakePsp, fakeVerifier } from './fake-psp.ts';
import { closeSharedDatabase, startVirtualService, type VirtualService } from './virtual-service.ts';

const MINUTE = 60_000;

after(closeSharedDatabase);

/** A PSP that sends its events unsigned, with nothing in them but the payment's id. */
class UnsignedPsp extends FakePsp {
  readonly told = new Map<string, ReadEventsResult>();
  #notifications = 0;

  /** The body of a notification, under an event id of its own each time. */
  notification(pspReference: string, more: Partial<PspEvent> = {}): PspEvent {
    this.#notifications += 1;
    return {
      eventId: `note_${this.#notifications}`,
      subject: 'payment',
      outcome: 'pending',
      reference: null,
      pspReference,
      money: null,
      code: null,
      type: 'notification',
      occurredAt: 0,
      askFirst: true,
      ...more,
    };
  }

  readEvents({ pspReference }: PspEvent): Promise<ReadEventsResult> {
    this.calls.push(`read ${pspReference ?? ''}`);
    return Promise.resolve(this.told.get(pspReference ?? '') ?? { kind: 'not_found' });
  }
}

describe('an event that nobody signed', () => {
  let service: VirtualService;
  let alpha: UnsignedPsp;

  beforeEach(async () => {
    alpha = new UnsignedPsp('alpha');
    service = await startVirtualService({
      psps: [alpha],
      parts: () => ({
        webhookVerifiers: {
          acme: {
            verify: (input) =>
              input.headers['x-fake-signature'] === 'none' ? { kind: 'unsigned' } : fakeVerifier.verify(input),
          },
        },
      }),
    });
  });
  afterEach(() => service.stop());

  /** A deposit that waits for its payer, and the id of its attempt. */
  async function waiting(): Promise<{ paymentId: unknown; attemptId: string }> {
    const { body } = await service.deposit({ payment_token: 'card_3ds' });
    const [attempt] = await service.attempts(body['payment_id']);
    return { paymentId: body['payment_id'], attemptId: attempt?.attempt_id ?? '' };
  }
  const notify = (event: PspEvent) => service.webhook('alpha', event, 'none');
  const reads = (): number => alpha.calls.filter((call) => call.startsWith('read')).length;

  it('credits what the PSP says when it is asked, once, however often it is notified', async () => {
    const { paymentId, attemptId } = await waiting();
    alpha.finishAction(attemptId);
    const succeeded = alpha.event(attemptId, 'succeeded', { eventId: 'psp:paid' });
    alpha.told.set(`psp_${attemptId}`, { kind: 'events', events: [succeeded] });
    for (let times = 0; times < 3; times += 1)
      assert.equal((await notify(alpha.notification(`psp_${attemptId}`))).status, 200);
    await service.pass(1_000);
    assert.equal((await service.payment(paymentId))['status'], 'succeeded');
    assert.deepEqual(await service.wallet(), [{ currency: 'EUR', available: '50.00', held: '0.00' }]);
    assert.equal(reads(), 3);
    assert.deepEqual(await service.cases(), []);
  });

  it('changes nothing when it says more than that something happened', async () => {
    const { paymentId, attemptId } = await waiting();
    const forged = alpha.event(attemptId, 'succeeded');
    const { status, body } = await notify(forged);
    assert.deepEqual([status, body['error']], [401, 'invalid_signature']);
    await service.pass(1_000);
    assert.equal((await service.payment(paymentId))['status'], 'pending');
    assert.equal(reads(), 0);
  });

  it('is forgotten without a case when the PSP does not know what it names', async () => {
    await notify(alpha.notification('psp_of_nobody'));
    await service.pass(60 * MINUTE);
    assert.equal(reads(), 3);
    assert.deepEqual(await service.cases(), []);
  });

  it('is read again later when the PSP does not answer, and waits for a person in the end', async () => {
    const { paymentId, attemptId } = await waiting();
    const silence: ReadEventsResult = { kind: 'in_doubt', requestMayHaveArrived: true, reason: 'timeout' };
    alpha.told.set(`psp_${attemptId}`, silence);
    alpha.told.set('psp_elsewhere', silence);
    await notify(alpha.notification(`psp_${attemptId}`));
    await notify(alpha.notification('psp_elsewhere'));
    await service.pass(10_000);
    alpha.finishAction(attemptId);
    const succeeded = alpha.event(attemptId, 'succeeded', { eventId: 'psp:paid' });
    alpha.told.set(`psp_${attemptId}`, { kind: 'events', events: [succeeded] });
    await service.pass(60 * MINUTE);
    assert.equal((await service.payment(paymentId))['status'], 'succeeded');
    assert.deepEqual(
      (await service.cases()).map(({ kind, subject_id }) => [kind, subject_id]),
      [['dead_letter', 'note_2']],
    );
  });
});
