/** The PayPal adapter against the simulated PayPal; the books are the judge of what really happened. */
import assert from 'node:assert/strict';
import { settlementParsers } from '../reference-service/index.ts';
import type { PspPaymentAttempt, SettlementRecord } from '../reference-service/index.ts';
import { attempt, DAY_MS, finals, inAdapterWorld, MONEY, payout, RETURN_URL } from './adapter-world.ts';
import type { AdapterWorld } from './adapter-world.ts';

const inWorld = (work: (world: AdapterWorld) => Promise<void>) => inAdapterWorld('paypal', work);
const pay = ({ adapter }: AdapterWorld, more: Partial<PspPaymentAttempt> = {}) =>
  adapter.createPayment(attempt(more), { returnUrl: RETURN_URL });
const WALLET = { method: 'ewallet', token: 'ewallet_ok' } as const;

async function paid(world: AdapterWorld, more: Partial<PspPaymentAttempt> = {}): Promise<string> {
  const result = await pay(world, more);
  assert.ok(result.kind === 'approved', JSON.stringify(result));
  return result.pspReference;
}

/** A PayPal account: sent to the page, approved there; gives the order's id and the query of the return. */
async function approvedByPayer(world: AdapterWorld, more: Partial<PspPaymentAttempt> = {}) {
  const result = await pay(world, { ...WALLET, ...more });
  assert.ok(result.kind === 'requires_action' && result.pspReference !== null, JSON.stringify(result));
  const query = await world.payer(result.redirectUrl, 'approve');
  return { query, known: attempt({ ...WALLET, ...more, pspReference: result.pspReference }) };
}

const states = async ({ books }: AdapterWorld) => (await books()).payments.map(({ state }) => state);

describe('paypal adapter against the simulated paypal', () => {
  for (const token of ['card_ok', 'card_3ds_frictionless'])
    it(`approves ${token} at once, and the webhook says the same`, () =>
      inWorld(async (world) => {
        const result = await pay(world, { token });
        assert.ok(result.kind === 'approved', JSON.stringify(result));
        assert.deepEqual(result.money, MONEY);
        await world.clock.sleep(60_000);
        assert.deepEqual(
          finals(world.events, 'payment').map((event) => [
            event.outcome,
            event.reference,
            event.pspReference,
            event.money,
          ]),
          [['succeeded', 'att_1', result.pspReference, MONEY]],
        );
      }));

  for (const [token, code] of [
    ['card_declined', '0500'],
    ['card_insufficient_funds', '5120'],
    ['card_soft_decline', '5650'],
  ] as const)
    it(`declines ${token} with ${code}, and the webhook says the same`, () =>
      inWorld(async (world) => {
        const result = await pay(world, { token });
        assert.ok(result.kind === 'declined' && result.code === code, JSON.stringify(result));
        assert.equal(result.declineClass, 'issuer');
        await world.clock.sleep(60_000);
        assert.deepEqual(
          finals(world.events, 'payment').map((event) => [event.outcome, event.reference, event.code]),
          [['failed', 'att_1', code]],
        );
        assert.deepEqual(await states(world), ['declined']);
      }));

  it('takes the money of an approved challenge when the payer is back, once', () =>
    inWorld(async (world) => {
      const result = await pay(world, { token: 'card_3ds' });
      assert.ok(result.kind === 'requires_action', JSON.stringify(result));
      const query = await world.payer(result.redirectUrl, 'approve');
      const known = attempt({ token: 'card_3ds', pspReference: result.pspReference });
      const after = await world.adapter.submitReturn?.(known, query);
      assert.equal(after?.kind, 'approved', JSON.stringify(after));
      assert.deepEqual(await world.adapter.submitReturn?.(known, query), after);
      assert.deepEqual(await world.adapter.queryPayment(known), after);
      assert.deepEqual(await states(world), ['captured']);
    }));

  it('does not take money after a failed challenge', () =>
    inWorld(async (world) => {
      const result = await pay(world, { token: 'card_3ds' });
      assert.ok(result.kind === 'requires_action');
      await world.payer(result.redirectUrl, 'fail');
      const known = attempt({ token: 'card_3ds', pspReference: result.pspReference });
      const after = await world.adapter.queryPayment(known);
      assert.ok(after.kind === 'declined' && after.code === 'authentication_failed', JSON.stringify(after));
      assert.equal((await world.books()).payments[0]?.captured_minor, 0);
    }));

  it('declines after an approved challenge when the issuer refuses', () =>
    inWorld(async (world) => {
      const result = await pay(world, { token: 'card_3ds_declined' });
      assert.ok(result.kind === 'requires_action');
      const query = await world.payer(result.redirectUrl, 'approve');
      const after = await world.adapter.submitReturn?.(attempt({ pspReference: result.pspReference }), query);
      assert.ok(after?.kind === 'declined' && after.code === '0500', JSON.stringify(after));
      assert.deepEqual(await states(world), ['declined']);
    }));

  it('forces a challenge on a card that would pass without one', () =>
    inWorld(async (world) => {
      assert.equal((await pay(world, { challenge: 'force' })).kind, 'requires_action');
    }));

  describe('with a PayPal account', () => {
    it('takes the money by the return of the payer', () =>
      inWorld(async (world) => {
        const { known, query } = await approvedByPayer(world);
        const after = await world.adapter.submitReturn?.(known, query);
        assert.ok(after?.kind === 'approved', JSON.stringify(after));
        assert.deepEqual(after.money, MONEY);
        assert.deepEqual(await states(world), ['captured']);
      }));

    it('takes the money by the event of the approval alone, when the browser never came back', () =>
      inWorld(async (world) => {
        const { known } = await approvedByPayer(world);
        await world.clock.sleep(60_000);
        const event = world.events.find(({ type }) => type === 'CHECKOUT.ORDER.APPROVED');
        assert.deepEqual(
          [event?.askPsp, event?.outcome, event?.reference, event?.pspReference],
          [true, 'pending', 'att_1', known.pspReference],
        );
        assert.equal((await world.adapter.queryPayment(known)).kind, 'approved');
        await world.clock.sleep(60_000);
        assert.deepEqual(
          finals(world.events, 'payment').map(({ outcome }) => outcome),
          ['succeeded'],
        );
      }));

    it('takes the money once when the answer to the capture is lost', () =>
      inWorld(async (world) => {
        const { known, query } = await approvedByPayer(world);
        await world.fault({ fault: 'answer-lost', operation: 'submit-challenge', count: 1 });
        assert.equal((await world.adapter.submitReturn?.(known, query))?.kind, 'in_doubt');
        assert.equal((await world.adapter.queryPayment(known)).kind, 'approved');
        assert.equal((await world.books()).payments[0]?.captured_minor, MONEY.amountMinor);
      }));

    it('declines an account that its bank refuses, and takes nothing later', () =>
      inWorld(async (world) => {
        const { known, query } = await approvedByPayer(world, { token: 'ewallet_declined' });
        const after = await world.adapter.submitReturn?.(known, query);
        assert.ok(after?.kind === 'declined' && after.code === 'INSTRUMENT_DECLINED', JSON.stringify(after));
        await world.clock.sleep(DAY_MS);
        assert.equal((await world.books()).payments[0]?.captured_minor, 0);
      }));

    it('still wants the payer when he turned back, and cancels without a call', () =>
      inWorld(async (world) => {
        const result = await pay(world, WALLET);
        assert.ok(result.kind === 'requires_action');
        const query = await world.payer(result.redirectUrl, 'cancel');
        const known = attempt({ ...WALLET, pspReference: result.pspReference });
        assert.equal((await world.adapter.submitReturn?.(known, query))?.kind, 'requires_action');
        assert.deepEqual(await world.adapter.cancelPayment(known), { kind: 'canceled' });
        await world.clock.sleep(DAY_MS);
        assert.equal((await world.adapter.queryPayment(known)).kind, 'canceled');
      }));

    it('authorizes, captures a part, and the rest is released', () =>
      inWorld(async (world) => {
        const { known, query } = await approvedByPayer(world, { capture: 'manual' });
        const authorized = await world.adapter.submitReturn?.(known, query);
        assert.ok(authorized?.kind === 'authorized', JSON.stringify(authorized));
        assert.deepEqual(authorized.money, MONEY);
        const part = { amountMinor: 3_000, currency: 'EUR' };
        const capture = {
          attemptId: 'att_1',
          paymentId: 'pay_1',
          pspReference: authorized.pspReference,
          idempotencyKey: 'key-cap_1',
          ...part,
        };
        assert.deepEqual(await world.adapter.capturePayment(capture), { kind: 'captured', money: part });
        assert.deepEqual(await world.adapter.capturePayment({ ...capture, idempotencyKey: 'key-cap_2' }), {
          kind: 'captured',
          money: part,
        });
        assert.deepEqual(await world.adapter.queryPayment(known), {
          kind: 'approved',
          pspReference: authorized.pspReference,
          money: part,
        });
        await world.clock.sleep(60_000);
        assert.deepEqual(
          finals(world.events, 'payment').map((event) => [event.outcome, event.money?.amountMinor]),
          [
            ['authorized', 5_000],
            ['succeeded', 3_000],
          ],
        );
      }));

    it('keeps an account and charges it again without the payer', () =>
      inWorld(async (world) => {
        const { known, query } = await approvedByPayer(world, { storeMethod: true });
        const first = await world.adapter.submitReturn?.(known, query);
        assert.ok(first?.kind === 'approved' && first.stored !== undefined, JSON.stringify(first));
        const again = { attemptId: 'att_2', idempotencyKey: 'key-att_2', token: '', storedToken: first.stored.token };
        assert.equal((await pay(world, { ...WALLET, ...again })).kind, 'approved');
      }));
  });

  it('keeps a card and charges it again by its token', () =>
    inWorld(async (world) => {
      const first = await pay(world, { storeMethod: true });
      assert.ok(first.kind === 'approved' && first.stored !== undefined, JSON.stringify(first));
      assert.deepEqual([first.stored.brand, first.stored.last4], ['visa', '1881']);
      const again = { attemptId: 'att_2', idempotencyKey: 'key-att_2', token: '', storedToken: first.stored.token };
      assert.equal((await pay(world, again)).kind, 'approved');
    }));

  it('voids an authorization, however often, and captures nothing of it', () =>
    inWorld(async (world) => {
      const authorized = await pay(world, { capture: 'manual' });
      assert.ok(authorized.kind === 'authorized', JSON.stringify(authorized));
      const known = attempt({ capture: 'manual', pspReference: authorized.pspReference });
      assert.deepEqual(await world.adapter.cancelPayment(known), { kind: 'canceled' });
      assert.deepEqual(await world.adapter.cancelPayment(known), { kind: 'canceled' });
      const capture = { attemptId: 'att_1', paymentId: 'pay_1', pspReference: authorized.pspReference };
      assert.equal(
        (await world.adapter.capturePayment({ ...capture, idempotencyKey: 'key-cap_1', ...MONEY })).kind,
        'rejected',
      );
      await world.clock.sleep(60_000);
      assert.deepEqual(
        finals(world.events, 'payment').map(({ outcome }) => outcome),
        ['authorized', 'canceled'],
      );
    }));

  for (const { fault, booked } of [
    { fault: 'answer-lost', booked: 1 },
    { fault: 'error-after-commit', booked: 1 },
    { fault: 'reset-before-commit', booked: 0 },
  ] as const)
    it(`is in doubt after ${fault}, and the same call under the same key tells what became of it`, () =>
      inWorld(async (world) => {
        await world.fault({ fault, operation: 'create-payment', count: 1 });
        assert.equal((await pay(world)).kind, 'in_doubt');
        assert.equal((await world.books()).payments.length, booked);
        assert.equal((await pay(world)).kind, 'approved');
        assert.equal((await world.books()).payments.length, 1);
      }));

  it('is not reached, rate limited, unauthorized and not found as PayPal means it', () =>
    inWorld(async (world) => {
      const { adapter, fault, clock } = world;
      assert.equal((await adapter.queryPayment(attempt())).kind, 'refused');
      assert.deepEqual(await adapter.queryPayment(attempt({ pspReference: '5O190127TN364715T' })), {
        kind: 'not_found',
      });
      await fault({ fault: 'rate-limited', operation: 'create-payment', count: 1 });
      const limited = await pay(world);
      assert.ok(limited.kind === 'refused' && limited.code === 'rate_limited', JSON.stringify(limited));
      await fault({ fault: 'outage', with: { as: 'refused' } });
      await clock.sleep(1_000);
      assert.equal((await pay(world)).kind, 'not_reached');
    }));

  it('refunds in parts, each once, and never more than there is', () =>
    inWorld(async (world) => {
      const pspReference = await paid(world);
      const refund = (refundId: string, amountMinor: number) =>
        world.adapter.refundPayment({
          refundId,
          attemptId: 'att_1',
          pspReference,
          idempotencyKey: `key-${refundId}`,
          amountMinor,
          currency: 'EUR',
        });
      const first = await refund('ref_1', 2_000);
      assert.ok(first.kind === 'refunded', JSON.stringify(first));
      assert.deepEqual(await refund('ref_1', 2_000), first);
      assert.equal((await refund('ref_2', 3_001)).kind, 'rejected');
      assert.equal((await refund('ref_3', 3_000)).kind, 'refunded');
      assert.deepEqual(await refund('ref_1', 2_000), first);
      await world.clock.sleep(60_000);
      assert.deepEqual(
        finals(world.events, 'refund')
          .map((event) => [event.outcome, event.reference, event.money?.amountMinor])
          .sort(),
        [
          ['succeeded', 'ref_1', 2_000],
          ['succeeded', 'ref_3', 3_000],
        ],
      );
      assert.ok(finals(world.events, 'refund').some(({ partReference }) => partReference === first.refundReference));
      assert.equal((await world.adapter.queryPayment(attempt({ pspReference }))).kind, 'refunded');
    }));

  for (const [token, kinds] of [
    ['card_refund_fails', ['failed']],
    ['card_refund_fails_late', ['succeeded', 'failed']],
  ] as const)
    it(`tells that a refund failed: ${token}`, () =>
      inWorld(async (world) => {
        const pspReference = await paid(world, { token });
        await world.adapter.refundPayment({
          refundId: 'ref_1',
          attemptId: 'att_1',
          pspReference,
          idempotencyKey: 'key-ref_1',
          ...MONEY,
        });
        await world.clock.sleep(7 * DAY_MS);
        assert.deepEqual(
          finals(world.events, 'refund').map(({ outcome, reference }) => [outcome, reference]),
          kinds.map((kind) => [kind, 'ref_1']),
        );
      }));

  for (const [token, end] of [
    ['card_disputed_won', 'dispute_won'],
    ['card_disputed', 'dispute_lost'],
  ] as const)
    it(`tells a dispute from its opening to ${end}`, () =>
      inWorld(async (world) => {
        await paid(world, { token });
        await world.clock.sleep(90 * DAY_MS);
        const disputes = finals(world.events, 'dispute');
        assert.deepEqual(
          disputes.map((event) => [event.outcome, event.reference, event.money]),
          [
            ['dispute_opened', 'att_1', MONEY],
            [end, 'att_1', MONEY],
          ],
        );
        assert.equal(new Set(disputes.map(({ partReference }) => partReference)).size, 1);
      }));

  for (const { token, outcomes } of [
    { token: 'ewallet_payout_ok', outcomes: ['succeeded'] },
    { token: 'ewallet_payout_fail', outcomes: ['failed'] },
    { token: 'ewallet_payout_returned', outcomes: ['succeeded', 'returned'] },
  ] as const)
    it(`pays out to ${token}: ${outcomes.join(', then ')}`, () =>
      inWorld(async (world) => {
        const { adapter, clock, events } = world;
        const asked = payout({ method: 'ewallet', destinationToken: token });
        const started = await adapter.createPayout(asked);
        assert.ok(started.kind === 'pending' && started.pspReference !== null, JSON.stringify(started));
        assert.deepEqual(await adapter.createPayout(asked), started);
        assert.deepEqual(await adapter.createPayout({ ...asked, idempotencyKey: 'key-forgotten' }), started);
        await clock.sleep(7 * DAY_MS);
        assert.deepEqual(
          finals(events, 'payout').map((event) => [event.outcome, event.reference, event.pspReference, event.money]),
          outcomes.map((outcome) => [outcome, 'pot_1', started.pspReference, MONEY]),
        );
        const last = outcomes.at(-1) === 'succeeded' ? 'paid' : outcomes.at(-1);
        assert.equal((await adapter.queryPayout({ ...asked, pspReference: started.pspReference })).kind, last);
        assert.equal((await world.books()).payouts.length, 1);
      }));

  it('refuses what it cannot do before a byte is sent', () =>
    inWorld(async (world) => {
      for (const more of [{ method: 'bank', token: 'bank_ok' }, { token: 'card_from_nowhere' }] as const) {
        const result = await pay(world, more);
        assert.ok(result.kind === 'refused' && result.code === 'unsupported', JSON.stringify(result));
      }
      const huf = await pay(world, { amountMinor: 50_050, currency: 'HUF' });
      assert.ok(huf.kind === 'refused' && huf.code === 'invalid_request', JSON.stringify(huf));
      assert.equal((await world.books()).payments.length, 0);
    }));

  for (const money of [
    { amountMinor: 500, currency: 'JPY' },
    { amountMinor: 50_000, currency: 'HUF' },
    { amountMinor: 705, currency: 'SEK' },
  ])
    it(`means the same amount of ${money.currency} as the books`, () =>
      inWorld(async (world) => {
        const result = await pay(world, money);
        assert.ok(result.kind === 'approved', JSON.stringify(result));
        assert.deepEqual(result.money, money);
        await world.clock.sleep(60_000);
        assert.deepEqual(finals(world.events, 'payment')[0]?.money, money);
        assert.equal((await world.books()).payments[0]?.captured_minor, money.amountMinor);
      }));

  it('reads every settlement report to the last minor unit', () =>
    inWorld(async (world) => {
      const { adapter, clock } = world;
      const disputed = await paid(world, { token: 'card_disputed' });
      await pay(world, { attemptId: 'att_2', idempotencyKey: 'key-att_2', amountMinor: 700, currency: 'JPY' });
      const refunded = await paid(world, { attemptId: 'att_3', idempotencyKey: 'key-att_3' });
      await adapter.refundPayment({
        refundId: 'ref_1',
        attemptId: 'att_3',
        pspReference: refunded,
        idempotencyKey: 'key-ref_1',
        amountMinor: 1_500,
        currency: 'EUR',
      });
      await adapter.createPayout(
        payout({ method: 'ewallet', destinationToken: 'ewallet_payout_returned', amountMinor: 1_000 }),
      );
      await clock.sleep(60 * DAY_MS);
      const { batches, files } = await world.settle();
      assert.ok(batches.length > 1);
      const records: SettlementRecord[] = [];
      for (const { name, body } of files) records.push(...(await recordsOf(name, body)));
      const items = batches.flatMap((batch) => batch.items);
      const lines = records.filter(({ kind }) => !['transfer', 'carried_over', 'conversion'].includes(kind));
      const key = (kind: string, gross: number, reference: string | null) =>
        `${kind.replaceAll('-', '_')} ${gross} ${reference ?? ''}`;
      assert.deepEqual(
        lines.map((one) => key(one.kind, one.grossMinor, one.reference)).sort(),
        items.map((one) => key(one.type, one.gross_minor, one.reference)).sort(),
      );
      assert.ok(lines.some(({ kind, pspReference }) => kind === 'payment' && pspReference === disputed));
      for (const batch of batches) {
        const total = records
          .filter(({ settlementCurrency, batch: name }) => settlementCurrency === batch.currency && name !== '')
          .reduce((sum, { netMinor, kind }) => sum + (kind === 'carried_over' ? 0 : netMinor), 0);
        const all = batches.filter(({ currency }) => currency === batch.currency);
        assert.equal(
          total,
          all.reduce((sum, { net_minor, transfer_minor }) => sum + net_minor - transfer_minor, 0),
        );
      }
      const [file] = files;
      assert.ok(file);
      const cut = file.body.subarray(0, file.body.lastIndexOf('"SC"'));
      await assert.rejects(recordsOf(file.name, cut), /ends before its last row/);
    }));
});

async function recordsOf(fileName: string, body: Buffer): Promise<SettlementRecord[]> {
  const parse = settlementParsers.paypal;
  assert.ok(parse);
  async function* bytes(): AsyncGenerator<Uint8Array> {
    // In pieces, so that rows and characters are cut.
    for (let at = 0; at < body.length; at += 37) yield await Promise.resolve(body.subarray(at, at + 37));
  }
  const records: SettlementRecord[] = [];
  for await (const record of parse(bytes(), { psp: 'paypal', fileName })) records.push(record);
  return records;
}
