/** The Mollie adapter against the simulated Mollie; the books are the judge of what really happened. */
import assert from 'node:assert/strict';
import type { PspEvent, PspPaymentAttempt } from '../reference-service/index.ts';
import { attempt, captureOf, DAY_MS, finals, inAdapterWorld, refundOf, RETURN_URL, URLS } from './adapter-world.ts';
import type { AdapterWorld } from './adapter-world.ts';
import { authorized, complete, paid } from './adapter-dialects.ts';
import { linesOf, recordsOf, transferredIn } from './settlement-files.ts';

const pay = ({ adapter }: AdapterWorld, more: Partial<PspPaymentAttempt> = {}) =>
  adapter.createPayment(attempt(more), URLS);

const outcomes = (events: readonly PspEvent[], subject: PspEvent['subject']) =>
  finals(events, subject).map(({ outcome }) => outcome);

/** Where every event is subscribed to and no payment names an address; the other tests are told by classic webhooks. */
describe('mollie adapter told by signed events', () => {
  const urls = { returnUrl: RETURN_URL };
  const inWorld = (work: (world: AdapterWorld) => Promise<void>) =>
    inAdapterWorld('mollie', work, { webhookEvents: ['*'] });

  it('is told of a payment, and of a decline with its reason', () =>
    inWorld(async ({ adapter, clock, events }) => {
      await adapter.createPayment(attempt(), urls);
      await clock.sleep(60_000);
      await adapter.createPayment(attempt({ attemptId: 'att_2', token: 'card_insufficient_funds' }), urls);
      await clock.sleep(60_000);
      const { environment } = adapter;
      assert.deepEqual(
        finals(events, 'payment').map((event) => [event.outcome, event.reference, event.code, event.environment]),
        [
          ['succeeded', 'att_1', null, environment],
          ['failed', 'att_2', 'insufficient_funds', environment],
        ],
      );
    }));

  it('is told of an authorization, of a part of it that was captured, and of each refund by itself', () =>
    inWorld(async ({ adapter, clock, events }) => {
      const created = await adapter.createPayment(attempt({ capture: 'manual' }), urls);
      assert.ok(created.kind === 'authorized', JSON.stringify(created));
      await clock.sleep(60_000);
      const { pspReference } = created;
      await adapter.capturePayment(captureOf(pspReference, { amountMinor: 3_000 }));
      await clock.sleep(60_000);
      for (const [refundId, amountMinor] of [
        ['ref_1', 1_000],
        ['ref_2', 2_000],
      ] as const) {
        const refund = refundOf(pspReference, { refundId, amountMinor });
        assert.equal((await adapter.refundPayment(refund)).kind, 'received');
      }
      await clock.sleep(3 * DAY_MS);
      assert.deepEqual(
        finals(events, 'payment').map(({ outcome, money }) => [outcome, money?.amountMinor]),
        [
          ['authorized', 5_000],
          ['succeeded', 3_000],
        ],
      );
      assert.deepEqual(
        finals(events, 'refund')
          .map((event) => [event.outcome, event.reference, event.pspReference, event.money?.amountMinor])
          .sort(),
        [
          ['succeeded', 'ref_1', pspReference, 1_000],
          ['succeeded', 'ref_2', pspReference, 2_000],
        ],
      );
      assert.equal(new Set(finals(events, 'refund').map(({ partReference }) => partReference)).size, 2);
      assert.equal((await adapter.queryPayment(attempt({ pspReference }))).kind, 'refunded');
    }));

  it('is told of a chargeback that was reversed', () =>
    inWorld(async ({ adapter, clock, events }) => {
      await adapter.createPayment(attempt({ token: 'tkn_assay_dispute_won' }), urls);
      await clock.sleep(90 * DAY_MS);
      assert.deepEqual(outcomes(events, 'dispute'), ['dispute_opened', 'dispute_won']);
      assert.equal(new Set(finals(events, 'dispute').map(({ partReference }) => partReference)).size, 1);
    }));

  it('is told that a refund failed', () =>
    inWorld(async ({ adapter, clock, events }) => {
      const result = await adapter.createPayment(attempt({ token: 'card_refund_fails' }), urls);
      assert.ok(result.kind === 'approved');
      const { pspReference } = result;
      const refund = refundOf(pspReference);
      assert.equal((await adapter.refundPayment(refund)).kind, 'received');
      await clock.sleep(7 * DAY_MS);
      assert.deepEqual(outcomes(events, 'refund'), ['failed']);
      assert.equal((await adapter.refundPayment(refund)).kind, 'rejected');
      assert.equal((await adapter.queryPayment(attempt({ pspReference }))).kind, 'approved');
    }));
});

describe('mollie adapter against the simulated mollie', () => {
  const inWorld = (work: (world: AdapterWorld) => Promise<void>) => inAdapterWorld('mollie', work);

  it('sends the token of any card to the page when it must be authenticated', () =>
    inWorld(async (world) => {
      await paid(world, { token: 'tkn_of_a_player', challenge: 'force' });
      assert.equal(outcomes(world.events, 'payment').length, 0);
    }));

  it('keeps an e-wallet, charges it again by its token, and cannot authenticate anybody then', () =>
    inWorld(async (world) => {
      const { stored } = await paid(world, { method: 'ewallet', token: 'ewallet_ok', storeMethod: true });
      assert.ok(stored);
      const again = { method: 'ewallet', attemptId: 'att_2', token: '', storedToken: stored.token } as const;
      await paid(world, again);
      const forced = await complete(world, { ...again, challenge: 'force' });
      assert.ok(forced.kind === 'refused' && forced.code === 'unsupported', JSON.stringify(forced));
    }));

  it('finds a payment behind many younger ones', () =>
    inWorld(async (world) => {
      await paid(world);
      for (let younger = 0; younger < 255; younger += 1) await paid(world, { attemptId: `other_${younger}` });
      assert.equal((await world.adapter.queryPayment(attempt())).kind, 'approved');
    })).timeout(60_000);

  it('tells what was taken twice under our reference', () =>
    inWorld(async (world) => {
      const { pspReference: first } = await paid(world);
      // Beyond the life of the key a repeated call is a second payment.
      await world.clock.sleep(2 * 3_600_000);
      const { pspReference: second } = await paid(world);
      const found = await world.adapter.queryPayment(attempt());
      assert.ok(found.kind === 'approved', JSON.stringify(found));
      const all = [found.pspReference, ...(found.others ?? []).map(({ pspReference }) => pspReference)];
      assert.deepEqual(all.sort(), [first, second].sort());
    }));

  it('finds a refund that was made after the key is forgotten, and takes its twin for a mistake for an hour', () =>
    inWorld(async (world) => {
      const { adapter, books, clock, fault } = world;
      const { pspReference } = await paid(world);
      const refund = (refundId: string) =>
        adapter.refundPayment(refundOf(pspReference, { refundId, amountMinor: 1_000 }));
      await fault({ fault: 'answer-lost', operation: 'refund', count: 1 });
      assert.equal((await refund('ref_1')).kind, 'in_doubt');
      await clock.sleep(2 * 3_600_000);
      assert.equal((await refund('ref_1')).kind, 'received');
      assert.equal((await refund('ref_2')).kind, 'received');
      const twin = await refund('ref_3');
      assert.ok(twin.kind === 'refused' && twin.code === 'rate_limited', JSON.stringify(twin));
      await clock.sleep(3 * DAY_MS);
      assert.equal((await refund('ref_1')).kind, 'refunded');
      assert.equal((await books()).payments[0]?.refunded_minor, 2_000);
    }));

  it('has no payments in a currency that mollie does not take', () =>
    inWorld(async (world) => {
      const result = await pay(world, { amountMinor: 1_230, currency: 'KWD' });
      assert.ok(result.kind === 'refused' && result.code === 'invalid_request', JSON.stringify(result));
    }));

  it('reads every settlement file to the last minor unit', () =>
    inWorld(async (world) => {
      const { adapter, clock, settle } = world;
      const { pspReference: disputed } = await paid(world, { token: 'tkn_assay_dispute_lost' });
      await paid(world, { attemptId: 'att_2', amountMinor: 700, currency: 'JPY' });
      const { pspReference } = await paid(world, { attemptId: 'att_3' });
      await adapter.refundPayment(refundOf(pspReference, { attemptId: 'att_3', amountMinor: 1_500 }));
      const captured = await authorized(world, { attemptId: 'att_4' });
      await adapter.capturePayment(captureOf(captured, { attemptId: 'att_4', amountMinor: 4_000 }));
      await clock.sleep(5 * DAY_MS);
      await settle();
      await clock.sleep(60 * DAY_MS);
      const { batches, files } = await settle();
      assert.ok(batches.length > 1);
      const records = await recordsOf('mollie', ...files);
      const items = batches.flatMap((batch) => batch.items);
      const lines = linesOf(records);
      const key = (kind: string, converted: number, net: number, pspReference: string | null) =>
        `${kind.replaceAll('-', '_')} ${converted} ${net} ${pspReference ?? ''}`;
      assert.deepEqual(
        lines.map((one) => key(one.kind, one.grossMinor, one.netMinor, one.pspReference)).sort(),
        items
          .map((one) =>
            key(one.type, one.converted_minor, one.net_minor, one.type === 'fee' ? null : one.psp_reference),
          )
          .sort(),
      );
      assert.ok(lines.some(({ kind, pspReference }) => kind === 'chargeback' && pspReference === disputed));
      assert.ok(lines.some(({ kind, reference }) => kind === 'payment' && reference === 'att_4'));
      assert.equal(
        transferredIn(records),
        batches.reduce((sum, batch) => sum + batch.transfer_minor, 0),
      );
      // What came in, less what was sent or handed on, is nothing: no line is missing or doubled.
      const byBatch = new Map<string, number>();
      for (const { batch, netMinor } of records) byBatch.set(batch, (byBatch.get(batch) ?? 0) + netMinor);
      assert.deepEqual([...byBatch.values()], new Array(byBatch.size).fill(0));
      assert.equal(byBatch.size, batches.length);
    }));
});
