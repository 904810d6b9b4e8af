/** The Checkout.com adapter against the simulated Checkout.com; the books are the judge of what really happened. */
import assert from 'node:assert/strict';
import { settlementParsers } from '../reference-service/index.ts';
import type { SettlementRecord } from '../reference-service/index.ts';
import { attempt, DAY_MS, finals, inAdapterWorld, MONEY, payout, RETURN_URL } from './adapter-world.ts';
import type { AdapterWorld } from './adapter-world.ts';

const inWorld = (work: (world: AdapterWorld) => Promise<void>, profile = {}) =>
  inAdapterWorld('checkout', work, profile);
/** A payment that is captured at once is answered before it is: then it is asked for. */
async function pay({ adapter }: AdapterWorld, more: Parameters<typeof attempt>[0] = {}) {
  const created = await adapter.createPayment(attempt(more), { returnUrl: RETURN_URL });
  return created.kind === 'pending'
    ? adapter.queryPayment(attempt({ ...more, pspReference: created.pspReference }))
    : created;
}

async function paid(world: AdapterWorld, more: Parameters<typeof attempt>[0] = {}): Promise<string> {
  const result = await pay(world, more);
  assert.ok(result.kind === 'approved', JSON.stringify(result));
  return result.pspReference;
}

describe('checkout adapter against the simulated checkout', () => {
  for (const token of ['card_ok', 'card_3ds_frictionless'])
    it(`approves ${token}, and the webhook says the same`, () =>
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
        assert.equal((await world.books()).payments[0]?.captured_minor, MONEY.amountMinor);
      }));

  for (const [token, code] of [
    ['card_declined', '20062'],
    ['card_insufficient_funds', '20051'],
    ['card_soft_decline', '20154'],
  ] as const)
    it(`declines ${token} with ${code}, told by the answer, the query and the event`, () =>
      inWorld(async (world) => {
        const result = await pay(world, { token });
        assert.ok(result.kind === 'declined' && result.declineClass === 'issuer', JSON.stringify(result));
        assert.equal(result.code, code);
        assert.deepEqual(await world.adapter.queryPayment(attempt({ token })), result);
        await world.clock.sleep(60_000);
        assert.deepEqual(
          finals(world.events, 'payment').map((event) => [event.outcome, event.reference, event.code]),
          [['failed', 'att_1', code]],
        );
      }));

  for (const { token, action, kind } of [
    { token: 'card_3ds', action: 'approve', kind: 'approved' },
    { token: 'card_3ds', action: 'fail', kind: 'declined' },
    { token: 'card_3ds_declined', action: 'approve', kind: 'declined' },
  ] as const)
    it(`sends ${token} through a challenge; after "${action}" it is ${kind}`, () =>
      inWorld(async (world) => {
        const result = await pay(world, { token });
        assert.ok(result.kind === 'requires_action', JSON.stringify(result));
        await world.payer(result.redirectUrl, action);
        assert.equal((await world.adapter.queryPayment(attempt({ pspReference: result.pspReference }))).kind, kind);
        await world.clock.sleep(60_000);
        assert.deepEqual(
          finals(world.events, 'payment').map(({ outcome }) => outcome),
          [kind === 'approved' ? 'succeeded' : 'failed'],
        );
      }));

  it('forces a challenge on a card that would pass without one', () =>
    inWorld(async (world) => {
      const result = await pay(world, { challenge: 'force', token: 'card_soft_decline' });
      assert.ok(result.kind === 'requires_action', JSON.stringify(result));
      await world.payer(result.redirectUrl, 'approve');
      assert.equal((await world.adapter.queryPayment(attempt())).kind, 'approved');
    }));

  it('authorizes, captures a part and releases the rest, which cancels nothing', () =>
    inWorld(async (world) => {
      const { adapter, clock, events, books } = world;
      const authorized = await pay(world, { capture: 'manual' });
      assert.ok(authorized.kind === 'authorized', JSON.stringify(authorized));
      const { pspReference } = authorized;
      await clock.sleep(60_000);
      assert.deepEqual(
        finals(events, 'payment').map(({ outcome }) => outcome),
        ['authorized'],
      );
      const part = { amountMinor: 3_000, currency: 'EUR' };
      const capture = { attemptId: 'att_1', paymentId: 'pay_1', pspReference, idempotencyKey: 'key-cap_1', ...part };
      assert.deepEqual(await adapter.capturePayment(capture), { kind: 'received' });
      assert.deepEqual(await adapter.capturePayment(capture), { kind: 'received' });
      assert.deepEqual(await adapter.capturePayment({ ...capture, idempotencyKey: 'key-cap_2' }), {
        kind: 'captured',
        money: part,
      });
      await clock.sleep(60_000);
      assert.deepEqual(
        finals(events, 'payment')
          .slice(1)
          .map((event) => [event.outcome, event.reference, event.money]),
        [['succeeded', 'att_1', part]],
      );
      const known = attempt({ capture: 'manual', pspReference });
      assert.deepEqual(await adapter.queryPayment(known), { kind: 'approved', pspReference, money: part });
      assert.equal((await adapter.cancelPayment(known)).kind, 'too_late');
      assert.equal((await books()).payments[0]?.captured_minor, 3_000);
    }));

  it('voids an authorization, by the PSP id or by our reference, however often', () =>
    inWorld(async (world) => {
      const { adapter, clock, events, books } = world;
      const authorized = await pay(world, { capture: 'manual' });
      assert.ok(authorized.kind === 'authorized', JSON.stringify(authorized));
      assert.deepEqual(await adapter.cancelPayment(attempt({ capture: 'manual' })), { kind: 'received' });
      await clock.sleep(2 * DAY_MS);
      assert.deepEqual(await adapter.cancelPayment(attempt({ capture: 'manual' })), { kind: 'canceled' });
      assert.deepEqual(
        finals(events, 'payment').map(({ outcome }) => outcome),
        ['authorized', 'canceled'],
      );
      const { pspReference } = authorized;
      const late = await adapter.capturePayment({
        attemptId: 'att_1',
        paymentId: 'pay_1',
        pspReference,
        idempotencyKey: 'key-cap_1',
        ...MONEY,
      });
      assert.equal(late.kind, 'rejected');
      assert.deepEqual(
        (await books()).payments.map(({ state }) => state),
        ['canceled'],
      );
    }));

  it('waits for an abandoned challenge, which the PSP ends by itself', () =>
    inWorld(async (world) => {
      const opened = await pay(world, { token: 'card_3ds' });
      assert.ok(opened.kind === 'requires_action');
      assert.deepEqual(await world.adapter.cancelPayment(attempt()), { kind: 'received' });
      await world.clock.sleep(20 * 60_000);
      assert.equal((await world.adapter.queryPayment(attempt())).kind, 'declined');
      assert.deepEqual(
        finals(world.events, 'payment').map(({ outcome }) => outcome),
        ['failed'],
      );
    }));

  it('keeps a card and charges it again by its token', () =>
    inWorld(async (world) => {
      const first = await pay(world, { storeMethod: true });
      assert.ok(first.kind === 'approved' && first.stored !== undefined, JSON.stringify(first));
      assert.match(first.stored.token, /^src_/);
      assert.deepEqual([first.stored.brand, first.stored.last4], ['visa', '4242']);
      const second = attempt({
        attemptId: 'att_2',
        idempotencyKey: 'key-att_2',
        token: '',
        storedToken: first.stored.token,
      });
      assert.equal((await pay(world, second)).kind, 'approved');
    }));

  it('learns after a lost answer that the payment was made, and makes no second one', () =>
    inWorld(async (world) => {
      await world.fault({ fault: 'answer-lost', operation: 'create-payment', count: 1 });
      assert.equal((await pay(world)).kind, 'in_doubt');
      assert.equal((await world.adapter.queryPayment(attempt())).kind, 'approved');
      assert.equal((await pay(world)).kind, 'approved');
      assert.equal((await world.books()).payments.length, 1);
    }));

  it('is not reached, rate limited and not found as the PSP means it', () =>
    inWorld(async (world) => {
      const { adapter, fault, clock } = world;
      assert.deepEqual(await adapter.queryPayment(attempt()), { kind: 'not_found' });
      assert.deepEqual(await adapter.queryPayment(attempt({ pspReference: 'pay_unknown' })), { kind: 'not_found' });
      await fault({ fault: 'rate-limited', operation: 'create-payment', count: 1 });
      const limited = await pay(world);
      assert.ok(limited.kind === 'refused' && limited.code === 'rate_limited', JSON.stringify(limited));
      await fault({ fault: 'outage', with: { as: 'refused' } });
      await clock.sleep(1_000);
      assert.equal((await pay(world)).kind, 'not_reached');
    }));

  it('refunds in parts, each once, and never more than there is', () =>
    inWorld(async (world) => {
      const { adapter, clock, events, books } = world;
      const pspReference = await paid(world);
      const refund = (refundId: string, amountMinor: number) =>
        adapter.refundPayment({
          refundId,
          attemptId: 'att_1',
          pspReference,
          idempotencyKey: `key-${refundId}`,
          amountMinor,
          currency: 'EUR',
        });
      const first = await refund('ref_1', 2_000);
      assert.ok(first.kind === 'received', JSON.stringify(first));
      assert.deepEqual(await refund('ref_1', 2_000), first);
      assert.equal((await refund('ref_2', 3_000)).kind, 'received');
      assert.equal((await refund('ref_3', 1)).kind, 'rejected');
      await clock.sleep(DAY_MS);
      assert.deepEqual(
        finals(events, 'refund')
          .map((event) => [event.outcome, event.reference, event.pspReference, event.money?.amountMinor])
          .sort(),
        [
          ['succeeded', 'ref_1', pspReference, 2_000],
          ['succeeded', 'ref_2', pspReference, 3_000],
        ],
      );
      assert.equal(finals(events, 'refund')[0]?.partReference, first.refundReference);
      assert.equal((await adapter.queryPayment(attempt())).kind, 'refunded');
      assert.equal((await books()).payments[0]?.refunded_minor, 5_000);
    }));

  it('tells that a refund failed', () =>
    inWorld(async (world) => {
      const pspReference = await paid(world, { token: 'card_refund_fails' });
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
        [['failed', 'ref_1']],
      );
    }));

  for (const [token, end] of [
    ['card_disputed_won', 'dispute_won'],
    ['card_disputed', 'dispute_lost'],
  ] as const)
    it(`tells a dispute from its opening to ${end}`, () =>
      inWorld(async (world) => {
        const pspReference = await paid(world, { token });
        await world.clock.sleep(90 * DAY_MS);
        const disputes = finals(world.events, 'dispute');
        assert.deepEqual(
          disputes.map((event) => [event.outcome, event.reference, event.pspReference, event.money]),
          [
            ['dispute_opened', 'att_1', pspReference, MONEY],
            [end, 'att_1', pspReference, MONEY],
          ],
        );
        assert.equal(new Set(disputes.map(({ partReference }) => partReference)).size, 1);
      }));

  for (const { method, token, outcomes } of [
    { method: 'card', token: 'card_payout_ok', outcomes: ['succeeded'] },
    { method: 'card', token: 'card_payout_fail', outcomes: ['failed'] },
    { method: 'card', token: 'card_payout_returned', outcomes: ['succeeded', 'returned'] },
    { method: 'bank', token: 'bank_payout_ok', outcomes: ['succeeded'] },
    { method: 'bank', token: 'bank_payout_fail', outcomes: ['failed'] },
    { method: 'bank', token: 'bank_payout_returned', outcomes: ['succeeded', 'returned'] },
  ] as const)
    it(`pays out to ${token}: ${outcomes.join(', then ')}`, () =>
      inWorld(async ({ adapter, clock, events }) => {
        const asked = payout({ method, destinationToken: token });
        const started = await adapter.createPayout(asked);
        assert.ok(started.kind === 'pending' && started.pspReference !== null, JSON.stringify(started));
        assert.deepEqual(await adapter.createPayout(asked), started);
        await clock.sleep(7 * DAY_MS);
        assert.deepEqual(
          finals(events, 'payout').map((event) => [event.outcome, event.reference, event.pspReference, event.money]),
          outcomes.map((outcome) => [outcome, 'pot_1', started.pspReference, MONEY]),
        );
        const last = outcomes.at(-1) === 'succeeded' ? 'paid' : outcomes.at(-1);
        assert.equal((await adapter.queryPayout(asked)).kind, last);
        assert.equal((await adapter.queryPayout({ ...asked, pspReference: started.pspReference })).kind, last);
      }));

  it('refuses what it cannot do before a byte is sent', () =>
    inWorld(async (world) => {
      for (const more of [{ method: 'ewallet', token: 'ewallet_ok' }, { token: 'card_from_nowhere' }] as const) {
        const result = await pay(world, more);
        assert.ok(result.kind === 'refused' && result.code === 'unsupported', JSON.stringify(result));
      }
      assert.equal((await world.books()).payments.length, 0);
    }));

  for (const money of [
    { amountMinor: 500, currency: 'JPY' },
    { amountMinor: 1_230, currency: 'KWD' },
    { amountMinor: 700, currency: 'CLP' },
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

  it('reads every settlement file to the last minor unit, by control API and by its own download', () =>
    inWorld(async (world) => {
      const { adapter, clock, settle } = world;
      const id = await paid(world, { token: 'card_disputed' });
      await adapter.createPayment(
        attempt({ attemptId: 'att_2', idempotencyKey: 'key-att_2', amountMinor: 700, currency: 'JPY' }),
        { returnUrl: RETURN_URL },
      );
      const refunded = await pay(world, { attemptId: 'att_3', idempotencyKey: 'key-att_3' });
      assert.ok(refunded.kind === 'approved');
      await adapter.refundPayment({
        refundId: 'ref_1',
        attemptId: 'att_3',
        pspReference: refunded.pspReference,
        idempotencyKey: 'key-ref_1',
        amountMinor: 1_500,
        currency: 'EUR',
      });
      await adapter.createPayout(payout({ amountMinor: 1_000 }));
      await clock.sleep(60 * DAY_MS);
      const { batches, files } = await settle();
      assert.ok(batches.length > 1);
      const byFile = new Map<string, SettlementRecord[]>();
      for (const { name, body } of files) byFile.set(name, await recordsOf(name, body));
      for (const name of byFile.keys())
        if (name.endsWith('.json'))
          assert.deepEqual(
            byFile.get(name)?.map(withoutPlace),
            byFile.get(name.replace('.json', '.csv'))?.map(withoutPlace),
          );
      const records = [...byFile].flatMap(([name, found]) => (name.endsWith('.csv') ? found : []));
      const items = batches.flatMap((batch) => batch.items);
      const lines = records.filter(({ kind }) => !['transfer', 'carried_over', 'carried_on'].includes(kind));
      const key = (kind: string, gross: number, net: number, reference: string | null) =>
        `${kind.replaceAll('-', '_')} ${gross} ${net} ${reference ?? ''}`;
      assert.deepEqual(
        lines.map((one) => key(one.kind, one.grossMinor, one.netMinor, one.reference)).sort(),
        items.map((one) => key(one.type, one.gross_minor, one.net_minor, one.reference)).sort(),
      );
      assert.ok(lines.some(({ kind, pspReference }) => kind === 'chargeback' && pspReference === id));
      const transferred = records.filter(({ kind }) => kind === 'transfer');
      assert.equal(
        -sumOf(transferred),
        batches.reduce((sum, batch) => sum + batch.transfer_minor, 0),
      );
      const fetched = await adapter.fetchSettlements?.(0);
      assert.deepEqual(
        fetched?.map(({ fileName }) => fileName).sort(),
        files
          .map(({ name }) => name)
          .filter((name) => name.endsWith('.csv'))
          .sort(),
      );
      assert.ok((await fetched?.[0]?.read())?.length);
    }));
});

function sumOf(records: readonly SettlementRecord[]): number {
  return records.reduce((sum, { netMinor }) => sum + netMinor, 0);
}

function withoutPlace(record: SettlementRecord): object {
  return { ...record, line: 0 };
}

async function recordsOf(fileName: string, body: Buffer): Promise<SettlementRecord[]> {
  const parse = settlementParsers.checkout;
  assert.ok(parse);
  async function* bytes(): AsyncGenerator<Uint8Array> {
    // In pieces, so that rows and characters are cut.
    for (let at = 0; at < body.length; at += 37) yield await Promise.resolve(body.subarray(at, at + 37));
  }
  const records: SettlementRecord[] = [];
  for await (const record of parse(bytes(), { psp: 'checkout', fileName })) records.push(record);
  return records;
}
