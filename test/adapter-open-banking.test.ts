/** The adapter of pay by bank against the simulated provider; the books are the judge of what really happened. */
import assert from 'node:assert/strict';
import { settlementParsers } from '../reference-service/index.ts';
import type { PspEvent, SettlementRecord } from '../reference-service/index.ts';
import { attempt, DAY_MS, finals, inAdapterWorld, MONEY, payout, RETURN_URL } from './adapter-world.ts';
import type { AdapterWorld } from './adapter-world.ts';

const inWorld = (work: (world: AdapterWorld) => Promise<void>) => inAdapterWorld('open-banking', work);

const byBank = (more: Parameters<typeof attempt>[0] = {}) => attempt({ method: 'bank', token: 'bank_ok', ...more });
const pay = ({ adapter }: AdapterWorld, more: Parameters<typeof attempt>[0] = {}) =>
  adapter.createPayment(byBank(more), { returnUrl: RETURN_URL });

/** Started, with the payer at the page of his bank. */
async function opened(world: AdapterWorld, more: Parameters<typeof attempt>[0] = {}) {
  const result = await pay(world, more);
  assert.ok(result.kind === 'requires_action' && result.pspReference !== null, JSON.stringify(result));
  return { pspReference: result.pspReference, page: result.redirectUrl };
}

async function paid(world: AdapterWorld, more: Parameters<typeof attempt>[0] = {}): Promise<string> {
  const { pspReference, page } = await opened(world, more);
  await world.payer(page, 'approve');
  return pspReference;
}

const told = (events: readonly PspEvent[], subject: PspEvent['subject']) =>
  finals(events, subject).map((event) => [event.outcome, event.reference, event.pspReference, event.money]);

describe('open-banking adapter against the simulated provider', () => {
  it('sends the payer to his bank, and is told when the money is there', () =>
    inWorld(async (world) => {
      const { pspReference, page } = await opened(world);
      const query = await world.payer(page, 'approve');
      assert.equal(query['payment_id'], pspReference);
      const report = { kind: 'approved', pspReference, money: MONEY };
      assert.deepEqual(await world.adapter.queryPayment(byBank({ pspReference })), report);
      await world.clock.sleep(60_000);
      assert.deepEqual(told(world.events, 'payment'), [['succeeded', 'att_1', pspReference, MONEY]]);
      assert.equal((await world.books()).payments[0]?.captured_minor, MONEY.amountMinor);
    }));

  for (const { token, action, kind, code } of [
    { token: 'bank_declined', action: 'approve', kind: 'declined', code: 'provider_rejected' },
    { token: 'bank_insufficient_funds', action: 'approve', kind: 'declined', code: 'insufficient_funds' },
    { token: 'bank_unavailable', action: 'approve', kind: 'declined', code: 'provider_error' },
    { token: 'bank_ok', action: 'fail', kind: 'declined', code: 'authorization_failed' },
    { token: 'bank_ok', action: 'cancel', kind: 'canceled', code: 'canceled' },
  ] as const)
    it(`tells ${token} after "${action}" as ${code}`, () =>
      inWorld(async (world) => {
        const { pspReference, page } = await opened(world, { token });
        await world.payer(page, action);
        const report = await world.adapter.queryPayment(byBank({ token, pspReference }));
        assert.equal(report.kind, kind, JSON.stringify(report));
        if (report.kind === 'declined')
          assert.deepEqual(
            [report.code, report.declineClass],
            [code, code === 'provider_error' ? 'technical' : 'issuer'],
          );
        await world.clock.sleep(60_000);
        assert.deepEqual(
          finals(world.events, 'payment').map((event) => [event.outcome, event.reference, event.code]),
          [[kind === 'canceled' ? 'canceled' : 'failed', 'att_1', code]],
        );
      }));

  it('takes a bank by the name that the provider gives it', () =>
    inWorld(async (world) => {
      await opened(world, { token: 'mock-payments-gb-redirect' });
      await opened(world, {
        attemptId: 'att_2',
        idempotencyKey: 'key-2',
        token: '',
        bank: 'mock-payments-gb-redirect',
      });
      const unknown = await pay(world, { attemptId: 'att_3', idempotencyKey: 'key-3', token: 'ob-of-nowhere' });
      assert.ok(unknown.kind === 'refused' && unknown.code === 'invalid_request', JSON.stringify(unknown));
    }));

  it('gets the same payment again for the same key, and goes on where it stands', () =>
    inWorld(async (world) => {
      const first = await opened(world);
      assert.deepEqual(await opened(world), first);
      assert.equal((await world.books()).payments.length, 1);
    }));

  for (const { fault, operation } of [
    { fault: 'answer-lost', operation: 'create-payment' },
    { fault: 'reset-before-commit', operation: 'create-payment' },
    { fault: 'error-after-commit', operation: 'create-payment' },
    { fault: 'answer-lost', operation: 'confirm-payment' },
    { fault: 'rate-limited', operation: 'confirm-payment' },
  ])
    it(`is in doubt after ${fault} of ${operation}, and repeating the call leads the payer to his bank`, () =>
      inWorld(async (world) => {
        await world.fault({ fault, operation, count: 1 });
        assert.equal((await pay(world)).kind, 'in_doubt');
        assert.equal((await world.adapter.queryPayment(byBank())).kind, 'in_doubt');
        const pspReference = await paid(world);
        assert.equal((await world.adapter.queryPayment(byBank({ pspReference }))).kind, 'approved');
        assert.equal((await world.books()).payments.length, 1);
      }));

  it('is not reached while it gets no access token: nothing of the payment was sent', () =>
    inWorld(async (world) => {
      await world.fault({ fault: 'outage' });
      const result = await pay(world);
      assert.equal(result.kind, 'not_reached', JSON.stringify(result));
      assert.equal((await world.books()).payments.length, 0);
    }));

  it('asks for a new token when the old one runs out', () =>
    inWorld(async (world) => {
      const pspReference = await paid(world);
      await world.clock.sleep(DAY_MS);
      assert.equal((await world.adapter.queryPayment(byBank({ pspReference }))).kind, 'approved');
    }));

  it('is rate limited, not found and not reached as the provider means it', () =>
    inWorld(async (world) => {
      const unknown = byBank({ pspReference: '6b6b1a3c-0000-4000-a000-000000000000' });
      assert.deepEqual(await world.adapter.queryPayment(unknown), { kind: 'not_found' });
      await world.fault({ fault: 'rate-limited', operation: 'create-payment', count: 1 });
      const limited = await pay(world);
      assert.ok(limited.kind === 'refused' && limited.code === 'rate_limited', JSON.stringify(limited));
      await world.fault({ fault: 'outage', with: { as: 'refused' } });
      await world.clock.sleep(1_000);
      assert.equal((await pay(world)).kind, 'not_reached');
    }));

  it('cancels what the payer has not authorized, and nothing else', () =>
    inWorld(async (world) => {
      const { pspReference } = await opened(world);
      const asked = byBank({ pspReference });
      assert.deepEqual(await world.adapter.cancelPayment(asked), { kind: 'canceled' });
      assert.deepEqual(await world.adapter.cancelPayment(asked), { kind: 'canceled' });
      const settled = await paid(world, { attemptId: 'att_2', idempotencyKey: 'key-2' });
      const late = await world.adapter.cancelPayment(byBank({ attemptId: 'att_2', pspReference: settled }));
      assert.equal(late.kind, 'too_late');
      await world.clock.sleep(60_000);
      assert.deepEqual(
        finals(world.events, 'payment')
          .map(({ outcome, reference }) => `${outcome} ${reference ?? ''}`)
          .sort(),
        ['canceled att_1', 'succeeded att_2'],
      );
    }));

  it('tells a payment that nobody authorized as expired', () =>
    inWorld(async (world) => {
      const { pspReference } = await opened(world);
      await world.clock.sleep(3_600_000);
      const report = await world.adapter.queryPayment(byBank({ pspReference }));
      assert.ok(report.kind === 'declined' && report.code === 'expired', JSON.stringify(report));
      assert.equal(finals(world.events, 'payment')[0]?.outcome, 'failed');
    }));

  it('refunds in parts, each once, even long after the key is forgotten, and never more than there is', () =>
    inWorld(async (world) => {
      const { adapter, clock, events, books, fault } = world;
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
      await fault({ fault: 'answer-lost', operation: 'refund', count: 1 });
      assert.equal((await refund('ref_1', 2_000)).kind, 'in_doubt');
      await clock.sleep(DAY_MS);
      const first = await refund('ref_1', 2_000);
      assert.ok(first.kind === 'refunded', JSON.stringify(first));
      assert.equal((await refund('ref_2', 3_000)).kind, 'received');
      assert.equal((await refund('ref_3', 1)).kind, 'rejected');
      await clock.sleep(DAY_MS);
      assert.deepEqual(told(events, 'refund'), [
        ['succeeded', 'ref_1', pspReference, { amountMinor: 2_000, currency: 'EUR' }],
        ['succeeded', 'ref_2', pspReference, { amountMinor: 3_000, currency: 'EUR' }],
      ]);
      assert.equal(finals(events, 'refund')[0]?.partReference, first.refundReference);
      assert.equal((await books()).payments[0]?.refunded_minor, 5_000);
    }));

  it('tells that a refund failed', () =>
    inWorld(async (world) => {
      const pspReference = await paid(world, { token: 'bank_refund_fails' });
      const ids = { refundId: 'ref_1', attemptId: 'att_1', pspReference, idempotencyKey: 'key-ref_1' };
      await world.adapter.refundPayment({ ...ids, ...MONEY });
      await world.clock.sleep(7 * DAY_MS);
      assert.deepEqual(
        finals(world.events, 'refund').map(({ outcome, reference }) => [outcome, reference]),
        [['failed', 'ref_1']],
      );
      assert.equal((await world.adapter.refundPayment({ ...ids, ...MONEY })).kind, 'rejected');
    }));

  for (const { token, outcomes } of [
    { token: 'bank_payout_ok', outcomes: ['succeeded'] },
    { token: 'bank_payout_fail', outcomes: ['failed'] },
    { token: 'bank_payout_returned', outcomes: ['succeeded', 'returned'] },
    { token: 'GB31ASSA00000000000001', outcomes: ['succeeded'] },
  ] as const)
    it(`pays out to ${token}: ${outcomes.join(', then ')}`, () =>
      inWorld(async ({ adapter, clock, events }) => {
        const asked = payout({ method: 'bank', destinationToken: token });
        const started = await adapter.createPayout(asked);
        assert.ok(started.kind === 'pending' && started.pspReference !== null, JSON.stringify(started));
        assert.deepEqual(await adapter.createPayout(asked), started);
        await clock.sleep(7 * DAY_MS);
        const { pspReference } = started;
        assert.deepEqual(
          told(events, 'payout'),
          outcomes.map((outcome) => [outcome, 'pot_1', pspReference, MONEY]),
        );
        const last = outcomes.at(-1) === 'succeeded' ? 'paid' : outcomes.at(-1);
        assert.equal((await adapter.queryPayout({ ...asked, pspReference })).kind, last);
      }));

  it('makes no second payout when it repeats a call whose answer was lost', () =>
    inWorld(async ({ adapter, fault, books }) => {
      const asked = payout({ method: 'bank', destinationToken: 'bank_payout_ok' });
      await fault({ fault: 'answer-lost', operation: 'create-payout', count: 1 });
      assert.equal((await adapter.createPayout(asked)).kind, 'in_doubt');
      assert.equal((await adapter.queryPayout(asked)).kind, 'in_doubt');
      assert.equal((await adapter.createPayout(asked)).kind, 'pending');
      assert.equal((await books()).payouts.length, 1);
    }));

  it('refuses what it cannot do before a byte is sent', () =>
    inWorld(async (world) => {
      for (const more of [
        { method: 'card', token: 'card_ok' },
        { token: 'bank_from_nowhere' },
        { token: '' },
        { currency: 'JPY' },
        { capture: 'manual' },
        { storeMethod: true },
      ] as const) {
        const result = await pay(world, more);
        assert.ok(result.kind === 'refused' && result.code === 'unsupported', JSON.stringify(result));
      }
      for (const more of [
        { method: 'card' },
        { destinationToken: 'bank_payout_nowhere' },
        { currency: 'JPY' },
      ] as const) {
        const result = await world.adapter.createPayout(payout({ method: 'bank', destinationToken: 'x', ...more }));
        assert.ok(result.kind === 'refused' && result.code === 'unsupported', JSON.stringify(result));
      }
      assert.equal((await world.books()).payments.length, 0);
    }));

  it('means the same amount of pounds as the books', () =>
    inWorld(async (world) => {
      const money = { amountMinor: 1_234, currency: 'GBP' };
      const pspReference = await paid(world, money);
      assert.deepEqual(await world.adapter.queryPayment(byBank({ pspReference })), {
        kind: 'approved',
        pspReference,
        money,
      });
      const [payment] = (await world.books()).payments;
      assert.deepEqual({ amountMinor: payment?.captured_minor, currency: payment?.currency }, money);
    }));

  it('reads at the provider what an event without an amount is about', () =>
    inWorld(async (world) => {
      const pspReference = await paid(world);
      const common = { outcome: 'pending', reference: null, money: null, code: null, occurredAt: 0 } as const;
      const hint = { ...common, eventId: 'evt_1', type: 'payment_settled', pspReference, askFirst: true } as const;
      const read = await world.adapter.readEvents?.({ ...hint, subject: 'payment' });
      assert.ok(read?.kind === 'events', JSON.stringify(read));
      assert.deepEqual(
        read.events.map((event) => [event.outcome, event.reference, event.pspReference, event.money]),
        [['succeeded', 'att_1', pspReference, MONEY]],
      );
      await world.adapter.refundPayment({
        refundId: 'ref_1',
        attemptId: 'att_1',
        pspReference,
        idempotencyKey: 'key-ref_1',
        amountMinor: 700,
        currency: 'EUR',
      });
      await world.clock.sleep(DAY_MS);
      const refund = await world.adapter.readEvents?.({ ...hint, subject: 'refund' });
      assert.ok(refund?.kind === 'events');
      assert.deepEqual(
        refund.events.map((event) => [event.subject, event.outcome, event.reference, event.money?.amountMinor]),
        [
          ['payment', 'succeeded', 'att_1', 5_000],
          ['refund', 'succeeded', 'ref_1', 700],
        ],
      );
      const nobody = { ...hint, subject: 'payout', pspReference: '6b6b1a3c-0000-4000-a000-000000000000' } as const;
      assert.deepEqual(await world.adapter.readEvents?.(nobody), { kind: 'not_found' });
    }));

  it('reads every statement to the last minor unit', () =>
    inWorld(async (world) => {
      const { adapter, clock, settle } = world;
      const refunded = await paid(world);
      await paid(world, { attemptId: 'att_2', idempotencyKey: 'key-2', amountMinor: 900, currency: 'GBP' });
      const failing = await paid(world, {
        attemptId: 'att_3',
        idempotencyKey: 'key-3',
        token: 'mock-payments-gb-redirect-refund-fails-late',
      });
      for (const [refundId, attemptId, pspReference] of [
        ['ref_1', 'att_1', refunded],
        ['ref_2', 'att_3', failing],
      ] as const)
        await adapter.refundPayment({
          refundId,
          attemptId,
          pspReference,
          idempotencyKey: `key-${refundId}`,
          amountMinor: 1_500,
          currency: 'EUR',
        });
      for (const [index, token] of ['bank_payout_ok', 'bank_payout_returned', 'bank_payout_fail'].entries()) {
        const ids = { attemptId: `pot_${index}`, payoutId: `out_${index}`, idempotencyKey: `key-pot_${index}` };
        await adapter.createPayout(payout({ method: 'bank', destinationToken: token, ...ids, amountMinor: 4_000 }));
      }
      for (let day = 0; day < 8; day += 1) {
        await clock.sleep(DAY_MS);
        await settle();
      }
      const { batches, files } = await settle();
      assert.ok(batches.length > 2);
      const records: SettlementRecord[] = [];
      for (const { name, body } of files) records.push(...(await recordsOf(name, body)));
      const lines = records.filter(({ kind }) => !['transfer', 'carried_over', 'carried_on'].includes(kind));
      const key = (kind: string, ids: (string | null)[], amounts: number[]) =>
        [kind.replaceAll('-', '_'), ...ids, ...amounts].join(' ');
      assert.deepEqual(
        lines.map((one) => key(one.kind, [one.pspReference, one.reference], [one.grossMinor, one.netMinor])).sort(),
        batches
          .flatMap((batch) => batch.items)
          .map((one) => key(one.type, [one.psp_reference, one.reference], [one.gross_minor, one.net_minor]))
          .sort(),
      );
      assert.ok(lines.some(({ kind }) => kind === 'refund_failed'));
      assert.ok(lines.some(({ kind }) => kind === 'payout_returned'));
      const refund = lines.find(({ kind, reference }) => kind === 'refund' && reference === 'att_1');
      assert.match(refund?.partReference ?? '', /^[0-9a-f]{8}-[0-9a-f]{4}-/);
      assert.equal(
        -records.filter(({ kind }) => kind === 'transfer').reduce((sum, { netMinor }) => sum + netMinor, 0),
        batches.reduce((sum, batch) => sum + batch.transfer_minor, 0),
      );
      const byBatch = new Map<string, number>();
      for (const { batch, netMinor } of records) byBatch.set(batch, (byBatch.get(batch) ?? 0) + netMinor);
      assert.deepEqual([...byBatch.values()], new Array(byBatch.size).fill(0));
      // The provider's own interface gives the same bytes, and only those that are asked for.
      const fetched = (await adapter.fetchSettlements?.(0)) ?? [];
      assert.equal(fetched.length, files.length);
      const texts = await Promise.all(fetched.map(async (one) => (await one.read()).toString()));
      assert.deepEqual(texts.sort(), files.map(({ body }) => body.toString()).sort());
      assert.deepEqual(await adapter.fetchSettlements?.(clock.now() + DAY_MS), []);
    }));
});

async function recordsOf(fileName: string, body: Buffer): Promise<SettlementRecord[]> {
  const parse = settlementParsers['open-banking'];
  assert.ok(parse);
  async function* bytes(): AsyncGenerator<Uint8Array> {
    // In pieces, so that entries and characters are cut.
    for (let at = 0; at < body.length; at += 37) yield await Promise.resolve(body.subarray(at, at + 37));
  }
  const records: SettlementRecord[] = [];
  for await (const record of parse(bytes(), { psp: 'open-banking', fileName })) records.push(record);
  return records;
}
