/**
 * The service's PSP adapters against the simulator's PSPs: two readings of the same public
 * protocols, written apart, meeting over HTTP. Where they agree here, neither has bent the
 * protocol to suit the other. The books are the judge of what really happened.
 */
import assert from 'node:assert/strict';
import { attempt, finals, inAdapterWorld as inWorld, MONEY, payout, RETURN_URL } from './adapter-world.ts';

const DIALECTS = ['acme', 'stripe', 'adyen'] as const;

/** Long enough for a first delivery, a settlement of a payout and the search to catch up. */
const A_WHILE_MS = 3 * 24 * 60 * 60 * 1000;

for (const dialect of DIALECTS) {
  describe(`${dialect} adapter against the simulated ${dialect}`, () => {
    for (const token of ['card_ok', 'card_3ds_frictionless']) {
      it(`approves ${token} at once, and the webhook says the same`, () =>
        inWorld(dialect, async ({ adapter, books, clock, events }) => {
          const result = await adapter.createPayment(attempt({ token }), { returnUrl: RETURN_URL });
          assert.ok(result.kind === 'approved', JSON.stringify(result));
          assert.deepEqual(result.money, MONEY);
          await clock.sleep(60_000);
          const [event, ...others] = finals(events, 'payment');
          assert.equal(others.length, 0);
          assert.deepEqual(
            [event?.outcome, event?.reference, event?.pspReference, event?.money],
            ['succeeded', 'att_1', result.pspReference, MONEY],
          );
          assert.equal((await books()).payments[0]?.captured_minor, MONEY.amountMinor);
        }));
    }

    for (const token of ['card_declined', 'card_insufficient_funds']) {
      it(`declines ${token} by the issuer, and the webhook says the same`, () =>
        inWorld(dialect, async ({ adapter, books, clock, events }) => {
          const result = await adapter.createPayment(attempt({ token }), { returnUrl: RETURN_URL });
          assert.ok(result.kind === 'declined' && result.declineClass === 'issuer', JSON.stringify(result));
          await clock.sleep(60_000);
          assert.deepEqual(
            finals(events, 'payment').map(({ outcome, reference }) => [outcome, reference]),
            [['failed', 'att_1']],
          );
          assert.deepEqual(
            (await books()).payments.map(({ state }) => state),
            ['declined'],
          );
        }));
    }

    const challenges = [
      { token: 'card_3ds', action: 'approve', state: 'captured', outcome: 'succeeded' },
      { token: 'card_3ds', action: 'fail', state: 'declined', outcome: 'failed' },
      { token: 'card_3ds_declined', action: 'approve', state: 'declined', outcome: 'failed' },
    ] as const;
    for (const { token, action, state, outcome } of challenges) {
      it(`sends ${token} through a challenge; when the cardholder chooses ${action} it ends ${state}`, () =>
        inWorld(dialect, async ({ adapter, books, clock, events, payer }) => {
          const result = await adapter.createPayment(attempt({ token }), { returnUrl: RETURN_URL });
          assert.ok(result.kind === 'requires_action', JSON.stringify(result));
          const query = await payer(result.redirectUrl, action);
          const known = attempt({ token, pspReference: result.pspReference });
          const after =
            adapter.submitReturn === undefined
              ? await adapter.queryPayment(known)
              : await adapter.submitReturn(known, query);
          assert.equal(after.kind, state === 'captured' ? 'approved' : 'declined', JSON.stringify(after));
          await clock.sleep(60_000);
          assert.deepEqual(
            finals(events, 'payment').map((event) => [event.outcome, event.reference]),
            [[outcome, 'att_1']],
          );
          assert.deepEqual(
            (await books()).payments.map((payment) => payment.state),
            [state],
          );
        }));
    }

    it('gets the same payment again for the same key', () =>
      inWorld(dialect, async ({ adapter, books }) => {
        const first = await adapter.createPayment(attempt(), { returnUrl: RETURN_URL });
        assert.deepEqual(await adapter.createPayment(attempt(), { returnUrl: RETURN_URL }), first);
        assert.equal((await books()).payments.length, 1);
      }));

    const lost = [
      { fault: 'answer-lost', booked: 1 },
      { fault: 'hang', booked: 1 },
      { fault: 'truncated', booked: 1 },
      { fault: 'error-after-commit', booked: 1 },
      { fault: 'reset-before-commit', booked: 0 },
      { fault: 'outage', booked: 0 },
    ] as const;
    for (const { fault, booked } of lost) {
      it(`is in doubt after ${fault}, and learns later that ${booked === 1 ? 'the payment was made' : 'nothing was made'}`, () =>
        inWorld(dialect, async ({ adapter, books, clock, fault: plan }) => {
          await plan({ fault, operation: 'create-payment', count: 1 });
          const result = await adapter.createPayment(attempt(), { returnUrl: RETURN_URL });
          assert.equal(result.kind, 'in_doubt', JSON.stringify(result));
          assert.equal((await books()).payments.length, booked);
          await clock.sleep(adapter.capabilities.visibilityLagMs + 60_000);
          if (adapter.capabilities.statusQuery) {
            assert.equal((await adapter.queryPayment(attempt())).kind, booked === 1 ? 'approved' : 'not_found');
          }
        }));
    }

    it('makes no second payment when it repeats a call whose answer was lost', () =>
      inWorld(dialect, async ({ adapter, books, fault }) => {
        await fault({ fault: 'answer-lost', operation: 'create-payment', count: 1 });
        assert.equal((await adapter.createPayment(attempt(), { returnUrl: RETURN_URL })).kind, 'in_doubt');
        assert.equal((await adapter.createPayment(attempt(), { returnUrl: RETURN_URL })).kind, 'approved');
        assert.equal((await books()).payments.length, 1);
      }));

    it('is not reached when the PSP refuses connections, and refused when it limits the rate', () =>
      inWorld(dialect, async ({ adapter, books, clock, fault }) => {
        await fault({ fault: 'rate-limited', operation: 'create-payment', count: 1 });
        const limited = await adapter.createPayment(attempt(), { returnUrl: RETURN_URL });
        assert.ok(limited.kind === 'refused' && limited.code === 'rate_limited', JSON.stringify(limited));
        await fault({ fault: 'outage', with: { as: 'refused' } });
        await clock.sleep(1_000);
        assert.equal((await adapter.createPayment(attempt(), { returnUrl: RETURN_URL })).kind, 'not_reached');
        assert.equal((await books()).payments.length, 0);
      }));

    it("cancels an open challenge, by the PSP's reference or by ours", () =>
      inWorld(dialect, async ({ adapter, books, clock, events }) => {
        const opened = await adapter.createPayment(attempt({ token: 'card_3ds' }), { returnUrl: RETURN_URL });
        assert.ok(opened.kind === 'requires_action', JSON.stringify(opened));
        await clock.sleep(adapter.capabilities.visibilityLagMs + 1_000);
        const result = await adapter.cancelPayment(attempt({ token: 'card_3ds' }));
        assert.equal(result.kind, dialect === 'adyen' ? 'received' : 'canceled', JSON.stringify(result));
        await clock.sleep(60_000);
        assert.deepEqual(
          finals(events, 'payment').map(({ outcome, reference }) => [outcome, reference]),
          [['canceled', 'att_1']],
        );
        assert.deepEqual(
          (await books()).payments.map(({ state }) => state),
          ['canceled'],
        );
      }));

    it('refunds a payment once, however often it asks', () =>
      inWorld(dialect, async ({ adapter, books, clock, events }) => {
        const paid = await adapter.createPayment(attempt(), { returnUrl: RETURN_URL });
        assert.ok(paid.kind === 'approved', JSON.stringify(paid));
        const refund = {
          refundId: 'ref_1',
          attemptId: 'att_1',
          pspReference: paid.pspReference,
          idempotencyKey: 'key-ref_1',
          ...MONEY,
        };
        const first = await adapter.refundPayment(refund);
        assert.equal(first.kind, dialect === 'adyen' ? 'received' : 'refunded', JSON.stringify(first));
        assert.deepEqual(await adapter.refundPayment(refund), first);
        const again = await adapter.refundPayment({ ...refund, refundId: 'ref_2', idempotencyKey: 'key-ref_2' });
        // Adyen takes a modification first and refuses it by webhook; the books below say that it did.
        assert.equal(again.kind, dialect === 'adyen' ? 'received' : 'rejected', JSON.stringify(again));
        await clock.sleep(A_WHILE_MS);
        assert.equal((await books()).payments[0]?.refunded_minor, MONEY.amountMinor);
        assert.ok(
          finals(events, 'refund').some(({ outcome, reference }) => outcome === 'succeeded' && reference === 'ref_1') ||
            finals(events, 'payment').some(({ outcome }) => outcome === 'refunded'),
        );
      }));

    for (const { token, outcome } of [
      { token: 'card_payout_ok', outcome: 'succeeded' },
      { token: 'card_payout_fail', outcome: 'failed' },
    ] as const) {
      it(`pays out to ${token}: pending first, then ${outcome} by webhook`, () =>
        inWorld(dialect, async ({ adapter, books, clock, events }) => {
          const started = await adapter.createPayout(payout({ destinationToken: token }));
          assert.equal(started.kind, 'pending', JSON.stringify(started));
          await clock.sleep(A_WHILE_MS);
          assert.deepEqual(
            finals(events, 'payout').map((event) => [event.outcome, event.reference, event.money]),
            [[outcome, 'pot_1', MONEY]],
          );
          const state = outcome === 'succeeded' ? 'paid' : 'failed';
          assert.deepEqual(
            (await books()).payouts.map((entry) => entry.state),
            [state],
          );
          if (adapter.capabilities.statusQuery)
            assert.equal((await adapter.queryPayout(payout({ destinationToken: token }))).kind, state);
        }));
    }

    for (const money of [
      { amountMinor: 500, currency: 'JPY' },
      { amountMinor: 1_230, currency: 'KWD' },
      { amountMinor: 700, currency: 'ISK' },
      { amountMinor: 70_000, currency: 'IDR' },
    ]) {
      it(`means the same amount of ${money.currency} as the books`, () =>
        inWorld(dialect, async ({ adapter, books, clock, events }) => {
          const result = await adapter.createPayment(attempt(money), { returnUrl: RETURN_URL });
          assert.ok(result.kind === 'approved', JSON.stringify(result));
          assert.deepEqual(result.money, money);
          await clock.sleep(60_000);
          assert.deepEqual(finals(events, 'payment')[0]?.money, money);
          const [payment] = (await books()).payments;
          assert.deepEqual({ amountMinor: payment?.captured_minor, currency: payment?.currency }, money);
        }));
    }
  });
}
