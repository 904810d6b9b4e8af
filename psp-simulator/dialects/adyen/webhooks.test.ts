/**
 * Goal: a merchant who knows nothing but Adyen's notifications arrives at what the books say,
 * whatever happened. Random lives of a bank are told by webhook and added up again.
 */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Bank } from '../../core/bank.ts';
import type { PaymentRecord } from '../../core/records.ts';
import { command, openWorld, problemOf, run, type Command, type World } from '../../test/random-books.ts';
import type { PspContext } from '../dialect.ts';
import { adyen } from './index.ts';
import type { Notification, NotificationItem } from './notification.ts';

const CODE_FORM = /^[A-Z0-9]{16}$/;

/** The bank of `world`, whose records have what this dialect keeps beside them. */
function withDetails(world: World, psp: PspContext): Bank {
  const { bank } = world;
  const { samples } = adyen;
  const wish = { reference: 'x', amountMinor: 1, currency: 'EUR', captureMode: 'manual' } as const;
  return {
    ...bank,
    createPayment: (payment) => bank.createPayment({ ...payment, ...idOf(samples.payment(psp, wish)) }),
    createRefund: (refund) =>
      bank.createRefund({
        ...refund,
        ...idOf(samples.refund(psp, bank.payment(refund.paymentPspReference))),
        pspReference: refund.pspReference,
      }),
    createPayout: (payout) => bank.createPayout({ ...payout, ...idOf(samples.payout(psp, wish)) }),
    openDispute: (dispute) =>
      bank.openDispute({
        ...dispute,
        ...idOf(samples.dispute(psp, bank.payment(dispute.paymentPspReference), dispute.reason)),
      }),
  };
}

/** Only what the dialect keeps; the random commands know their records by names of their own. */
function idOf({ details }: { details?: Record<string, unknown> }): { details: Record<string, unknown> } {
  return { details: details ?? {} };
}

interface Told {
  world: World;
  items: NotificationItem[];
  ids: string[];
}

function tell(life: readonly Command[]): Told {
  const world = openWorld(adyen.bankRules);
  let ids = 0;
  const newId = (): string => {
    ids += 1;
    return `id-${ids}`;
  };
  const psp = {
    name: 'adyen',
    bank: world.bank,
    credentials: adyen.credentials('adyen'),
    profile: adyen.profile,
    ids: { next: newId },
  } as unknown as PspContext;
  const told: Told = { world, items: [], ids: [] };
  const bank = withDetails(world, psp);
  for (const step of life) {
    const before = world.changes.length;
    problemOf(() => {
      run({ ...world, bank }, step);
    });
    for (const change of world.changes.slice(before)) {
      for (const draft of adyen.webhooksFor(change, { psp, newId, atMs: world.clock.nowMs })) {
        assert.ok(draft.type in adyen.eventTypes, draft.type);
        told.ids.push(draft.eventId);
        const { notificationItems } = JSON.parse(draft.body) as Notification;
        told.items.push(...notificationItems.map((entry) => entry.NotificationRequestItem));
      }
    }
    world.clock.nowMs += 1_000;
  }
  return told;
}

/** What a merchant believes about one payment who reads its notifications in order. */
function believed(items: readonly NotificationItem[], payment: PaymentRecord): Record<string, number> {
  const own = items.filter(
    ({ pspReference, originalReference }) =>
      pspReference === payment.pspReference || originalReference === payment.pspReference,
  );
  const sum = (...codes: string[]): number =>
    own
      .filter(({ eventCode, success }) => codes.includes(eventCode) && success === 'true')
      .reduce((total, { amount }) => total + amount.value, 0);
  const disputes = new Map<string, number>();
  for (const { eventCode, pspReference, amount } of own) {
    if (['CHARGEBACK', 'SECOND_CHARGEBACK', 'PREARBITRATION_LOST'].includes(eventCode))
      disputes.set(pspReference, amount.value);
    if (eventCode === 'CHARGEBACK_REVERSED' || eventCode === 'PREARBITRATION_WON') disputes.set(pspReference, 0);
  }
  return {
    captured: payment.captureMode === 'manual' ? sum('CAPTURE') : sum('AUTHORISATION'),
    refunded: sum('REFUND') - sum('REFUNDED_REVERSED'),
    disputed: [...disputes.values()].reduce((total, value) => total + value, 0),
  };
}

/** Nothing more can be created, and payouts have a story of their own. */
const DULL = ['create', 'create-unconfirmed', 'confirm', 'confirm-3ds', 'confirm-declined', 'payout', 'pay-out'];
const eventful = command.filter(({ kind }) => !DULL.includes(kind));

/** So that what happens next has something to happen to. */
const CREATED = [0, 1, 2].map((n): Command => ({ kind: 'create', n, currency: 'EUR', part: 1, manual: n === 2 }));

describe("adyen's notifications", () => {
  it('add up to the books, each under a name of its own', () => {
    const seen = new Set<string>();
    fc.assert(
      fc.property(fc.array(eventful, { minLength: 30, maxLength: 80 }), (life) => {
        const { world, items, ids } = tell([...CREATED, ...life]);
        assert.equal(new Set(ids).size, ids.length, 'two events have the same name');
        for (const payment of world.bank.payments()) {
          const { capturedMinor: captured, refundedMinor: refunded, disputedMinor: disputed } = payment;
          assert.deepEqual(believed(items, payment), { captured, refunded, disputed });
        }
        for (const { eventCode, success } of items) seen.add(`${eventCode} ${success}`);
      }),
      { numRuns: 300 },
    );
    for (const wanted of [
      'CAPTURE',
      'CANCELLATION',
      'REFUND',
      'REFUNDED_REVERSED',
      'CHARGEBACK',
      'PREARBITRATION_LOST',
    ])
      assert.ok(seen.has(`${wanted} true`), `${wanted} never came`);
  });

  it('give every modification a reference of the form of a reference', () => {
    const { items } = tell([
      { kind: 'create', n: 0, currency: 'EUR', part: 1, manual: true },
      { kind: 'capture-part', n: 0, currency: 'EUR', part: 1_000, manual: true },
    ]);
    const capture = items.find(({ eventCode }) => eventCode === 'CAPTURE');
    assert.match(capture?.pspReference ?? '', CODE_FORM);
  });
});
