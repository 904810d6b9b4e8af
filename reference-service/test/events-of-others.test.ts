/**
 * Flows of events that carry our reference and are not about our payment: of another environment,
 * of a stranger's payment, of a second payment that the PSP made of one request.
 */
import assert from 'node:assert/strict';
import { FakePsp } from './fake-psp.ts';
import { TIMED_OUT } from './no-answer.ts';
import { closeSharedDatabase, startVirtualService, type VirtualService } from './virtual-service.ts';

const MINUTE = 60_000;
const FIFTY = [{ currency: 'EUR', available: '50.00', held: '0.00' }];

after(closeSharedDatabase);

let service: VirtualService;
let alpha: FakePsp;

async function start(more: ConstructorParameters<typeof FakePsp>[1] = {}): Promise<void> {
  alpha = new FakePsp('alpha', more);
  service = await startVirtualService({ psps: [alpha] });
}

/** The id of the only attempt of a deposit that was just made. */
async function deposited(more: Record<string, unknown> = {}): Promise<{ paymentId: string; attemptId: string }> {
  const { body } = await service.deposit(more);
  const [attempt] = await service.attempts(body['payment_id']);
  return { paymentId: String(body['payment_id']), attemptId: attempt?.attempt_id ?? '' };
}

async function cases(): Promise<string[]> {
  return (await service.cases()).map(({ kind, status }) => `${kind} ${status}`);
}

async function statusOf(paymentId: string): Promise<unknown> {
  return (await service.payment(paymentId))['status'];
}

describe('an event of the other environment', () => {
  beforeEach(() => start());
  afterEach(() => service.stop());

  it('changes nothing and opens a case, and the true one still counts', async () => {
    const { paymentId, attemptId } = await deposited();
    await service.webhook('alpha', alpha.event(attemptId, 'succeeded', { environment: 'live' }));
    await service.pass(1_000);
    assert.deepEqual(await service.wallet(), []);
    assert.deepEqual(await cases(), ['unknown_payment open']);
    await service.webhook('alpha', alpha.event(attemptId, 'succeeded', { environment: 'test' }));
    await service.pass(1_000);
    assert.equal(await statusOf(paymentId), 'succeeded');
    assert.deepEqual(await service.wallet(), FIFTY);
  });
});

describe("an event with our reference about a stranger's payment", () => {
  beforeEach(() => start());
  afterEach(() => service.stop());

  it('changes nothing when our id is known, is asked about, and opens a case', async () => {
    const { paymentId, attemptId } = await deposited({ payment_token: 'card_3ds' });
    await service.webhook('alpha', alpha.event(attemptId, 'succeeded', { pspReference: 'psp_stranger' }));
    await service.webhook('alpha', alpha.event(attemptId, 'failed', { pspReference: 'psp_stranger_too' }));
    await service.pass(30 * MINUTE);
    assert.deepEqual(await service.wallet(), []);
    assert.equal(await statusOf(paymentId), 'pending');
    assert.deepEqual(await cases(), ['unknown_payment open']);
    assert.ok(!alpha.calls.some((call) => call.startsWith('refund')));
  });

  it('is not believed before we know our own id, and our own payment is credited later', async () => {
    alpha.duringCreate = async () => {
      const [attemptId] = [...alpha.books.keys()];
      await service.deliver('alpha', alpha.event(attemptId ?? '', 'succeeded', { pspReference: 'psp_stranger' }));
    };
    const { paymentId } = await deposited({ payment_token: 'card_3ds' });
    await service.pass(30 * MINUTE);
    assert.deepEqual(await service.wallet(), []);
    assert.equal(await statusOf(paymentId), 'pending');
    assert.deepEqual(await cases(), ['unknown_payment open']);
  });

  it('does not teach us its id while the call is in doubt', async () => {
    alpha.script.push({ commit: true, result: TIMED_OUT });
    const { paymentId, attemptId } = await deposited();
    await service.webhook('alpha', alpha.event(attemptId, 'succeeded', { pspReference: 'psp_stranger' }));
    await service.webhook('alpha', alpha.event(attemptId, 'pending', { pspReference: 'psp_stranger' }));
    await service.pass(30 * MINUTE);
    assert.deepEqual(await service.wallet(), FIFTY);
    assert.equal(await statusOf(paymentId), 'succeeded');
    assert.deepEqual(await cases(), ['unknown_payment open']);
  });
});

describe('a PSP that processes one request twice', () => {
  beforeEach(() => start());
  afterEach(() => service.stop());
  const takeTwice = (attemptId: string, pspReference: string): void =>
    void alpha.surplus.set(pspReference, { attemptId, amountMinor: 5_000, refunded: false });

  it('is believed once: the payment that its webhook tells of goes back to the card, with a case', async () => {
    const { paymentId, attemptId } = await deposited();
    takeTwice(attemptId, 'psp_second');
    await service.webhook('alpha', alpha.event(attemptId, 'succeeded', { pspReference: 'psp_second' }));
    await service.webhook('alpha', alpha.event(attemptId, 'succeeded', { pspReference: 'psp_second' }));
    await service.webhook('alpha', alpha.event(attemptId, 'succeeded'));
    await service.pass(MINUTE);
    assert.deepEqual(await service.wallet(), FIFTY);
    assert.equal(await statusOf(paymentId), 'succeeded');
    assert.equal(alpha.captured(), 5_000);
    assert.equal(alpha.calls.filter((call) => call.startsWith('refund')).length, 1);
    assert.deepEqual(await cases(), ['late_success resolved']);
  });

  it('is found out by a status query that lists two', async () => {
    alpha.script.push({ commit: true, result: TIMED_OUT });
    const { attemptId } = await deposited();
    takeTwice(attemptId, 'psp_second');
    takeTwice(attemptId, 'psp_third');
    await service.pass(2 * MINUTE);
    assert.deepEqual(await service.wallet(), FIFTY);
    assert.equal(alpha.captured(), 5_000);
    assert.deepEqual(await cases(), ['late_success resolved']);
  });

  it('keeps the payment that it confirmed first when the answer names the other one', async () => {
    alpha.duringCreate = async () => {
      const attemptId = [...alpha.books.keys()][0] ?? '';
      takeTwice(attemptId, 'psp_second');
      await service.deliver('alpha', alpha.event(attemptId, 'succeeded', { pspReference: 'psp_second' }));
      await service.clock.sleep(2_000);
    };
    const { attemptId } = await deposited();
    await service.webhook('alpha', alpha.event(attemptId, 'succeeded'));
    await service.pass(MINUTE);
    assert.deepEqual(await service.wallet(), FIFTY);
    assert.equal(alpha.captured(), 5_000);
    assert.equal(alpha.surplus.get('psp_second')?.refunded, false);
    assert.deepEqual(await cases(), ['late_success resolved']);
  });
});

describe('an event at a PSP that cannot be asked', () => {
  beforeEach(() => start({ statusQuery: false }));
  afterEach(() => service.stop());

  it('waits for the id that the repeated call tells, and is then held against it', async () => {
    alpha.script.push({ commit: true, result: TIMED_OUT });
    const { attemptId } = await deposited();
    await service.webhook('alpha', alpha.event(attemptId, 'succeeded', { pspReference: 'psp_stranger' }));
    await service.webhook('alpha', alpha.event(attemptId, 'succeeded'));
    await service.pass(1_000);
    assert.deepEqual(await service.wallet(), []);
    await service.pass(10 * MINUTE);
    assert.deepEqual(await service.wallet(), FIFTY);
    assert.equal(alpha.captured(), 5_000);
    assert.deepEqual((await cases()).sort(), ['late_success open', 'unknown_payment open']);
  });

  it('waits no longer than until that id is known, however long it has waited', async () => {
    const honest = alpha.createPayment.bind(alpha);
    let deaf = true;
    // It answers slowly: what was pulled forward when it came back was looked at before its answer.
    alpha.createPayment = async (attempt) => {
      const answer = honest(attempt);
      await service.clock.sleep(500);
      return deaf ? TIMED_OUT : answer;
    };
    for (const n of [1, 2]) {
      const { body } = await service.deposit({ player_id: `player-${n}` }, `deposit-${n}`);
      const [attempt] = await service.attempts(body['payment_id']);
      const second = { pspReference: `psp_second_${n}` };
      await service.webhook('alpha', alpha.event(attempt?.attempt_id ?? '', 'succeeded', second));
    }
    await service.pass(3 * MINUTE);
    deaf = false;
    const credited = async (): Promise<number> =>
      (await service.wallet('player-1')).length + (await service.wallet('player-2')).length;
    for (let waitedMs = 0; (await credited()) < 2; waitedMs += 1_000) {
      assert.ok(waitedMs < 20 * MINUTE);
      await service.pass(1_000);
    }
    await service.pass(2_000);
    const open = ['late_success open', 'unknown_payment open'];
    assert.deepEqual((await cases()).sort(), [open, open].flat().sort());
  });

  it('never believes a success in a challenge from which nobody came back', async () => {
    alpha.script.push({
      commit: true,
      result: { kind: 'requires_action', pspReference: null, redirectUrl: 'http://alpha/challenge' },
    });
    const { paymentId, attemptId } = await deposited({ payment_token: 'card_3ds' });
    await service.webhook('alpha', alpha.event(attemptId, 'succeeded', { pspReference: 'psp_stranger' }));
    await service.pass(50 * MINUTE);
    assert.deepEqual(await service.wallet(), []);
    assert.equal(await statusOf(paymentId), 'pending');
    await service.pass(60 * MINUTE);
    assert.deepEqual(await service.wallet(), []);
    assert.equal(await statusOf(paymentId), 'canceled');
    // By now it could only be a late success; the PSP refuses to give back what it never took.
    assert.deepEqual(await cases(), ['late_success open']);
  });
});
