/** The notifications of Adyen's that the service acts on, with the fields that it reads of each. */
import { Matchers } from '@pact-foundation/pact';
import { MONEY } from '../examples.ts';
import { anyId } from '../matchers.ts';
import type { PactBook, WebhookNeed } from '../pact-book.ts';
import {
  canceledPayment,
  capturedLater,
  capturedPayment,
  declinedPayment,
  disputeDefended,
  disputed,
  disputeWon,
  failedPayout,
  happened,
  paidPayout,
  refundedPayment,
  returnedPayout,
} from '../states.ts';
import type { PactState } from '../../index.ts';
import { adyenMoney, merchantAccount } from './wire.ts';

const { like, regex } = Matchers;

interface NotificationNeed {
  eventCode: string;
  success?: boolean;
  why: string;
  /** The state, and with it our reference and Adyen's. */
  given: (named: { reference: string; psp_reference: string }) => PactState;
  reference: string;
  id: string;
  /** The notification names the modification; what it is about is the original. */
  modification?: string;
  expected: Parameters<PactBook['webhook']>[1];
}

const EVENT_DATE = '2026-01-05T09:00:00+00:00';

interface RareNeed extends Pick<NotificationNeed, 'eventCode' | 'why' | 'given'> {
  subject: 'payment' | 'refund' | 'payout' | 'dispute';
  outcome: NonNullable<NotificationNeed['expected']['outcome']>;
}

/** What no ordinary course of a payment brings. */
const RARE: readonly RareNeed[] = [
  {
    eventCode: 'TECHNICAL_CANCEL',
    given: happened('TECHNICAL_CANCEL'),
    why: 'Proof that an abandoned payment can no longer take money, when Adyen ended it itself.',
    subject: 'payment',
    outcome: 'canceled',
  },
  {
    eventCode: 'EXPIRE',
    given: happened('EXPIRE'),
    why: 'An authorization that nobody captured in time takes no money any more.',
    subject: 'payment',
    outcome: 'canceled',
  },
  {
    eventCode: 'OFFER_CLOSED',
    given: happened('OFFER_CLOSED'),
    why: 'The payer never came back, and nobody can pay any more.',
    subject: 'payment',
    outcome: 'failed',
  },
  {
    eventCode: 'REFUND_FAILED',
    given: happened('REFUND_FAILED'),
    why: 'The money did not reach the cardholder and is ours again, so the refund must be booked back.',
    subject: 'refund',
    outcome: 'failed',
  },
  {
    eventCode: 'PAYOUT_DECLINE',
    given: happened('PAYOUT_DECLINE'),
    why: 'The reserved money goes back to the wallet on this event.',
    subject: 'payout',
    outcome: 'failed',
  },
  {
    eventCode: 'NOTIFICATION_OF_CHARGEBACK',
    given: disputed,
    why: 'A dispute is known; nothing has moved.',
    subject: 'dispute',
    outcome: 'pending',
  },
  {
    eventCode: 'CHARGEBACK',
    given: disputed,
    why: 'The money is taken back on this event, and the player must not spend it meanwhile.',
    subject: 'dispute',
    outcome: 'dispute_opened',
  },
  {
    eventCode: 'INFORMATION_SUPPLIED',
    given: disputeDefended,
    why: 'Our evidence has arrived; nothing has moved.',
    subject: 'dispute',
    outcome: 'pending',
  },
  {
    eventCode: 'CHARGEBACK_REVERSED',
    given: disputeWon,
    why: 'The money is ours again, and the player may have it back.',
    subject: 'dispute',
    outcome: 'dispute_won',
  },
  {
    eventCode: 'SECOND_CHARGEBACK',
    given: happened('SECOND_CHARGEBACK'),
    why: 'The money stays with the cardholder, and nobody waits any longer.',
    subject: 'dispute',
    outcome: 'dispute_lost',
  },
  {
    eventCode: 'ISSUER_RESPONSE_TIMEFRAME_EXPIRED',
    given: happened('ISSUER_RESPONSE_TIMEFRAME_EXPIRED'),
    why: 'The issuer said nothing in time: the money is ours again.',
    subject: 'dispute',
    outcome: 'dispute_won',
  },
  {
    eventCode: 'PREARBITRATION_WON',
    given: happened('PREARBITRATION_WON'),
    why: 'The dispute ends for us: the money is ours again.',
    subject: 'dispute',
    outcome: 'dispute_won',
  },
  {
    eventCode: 'DISPUTE_DEFENSE_PERIOD_ENDED',
    given: happened('DISPUTE_DEFENSE_PERIOD_ENDED'),
    why: 'No defense came in time: the money stays with the cardholder.',
    subject: 'dispute',
    outcome: 'dispute_lost',
  },
  {
    eventCode: 'PREARBITRATION_LOST',
    given: happened('PREARBITRATION_LOST'),
    why: 'The dispute ends against us: the money stays with the cardholder.',
    subject: 'dispute',
    outcome: 'dispute_lost',
  },
];

export function writeWebhooks(book: PactBook): void {
  const notification = (need: NotificationNeed): void => {
    const { eventCode, success = true, why, given, reference, id, modification, expected } = need;
    const item = {
      eventCode,
      success: String(success),
      merchantAccountCode: like(merchantAccount),
      merchantReference: expected.reference ?? reference,
      pspReference: anyId(modification ?? id),
      ...(modification === undefined ? {} : { originalReference: anyId(id) }),
      amount: adyenMoney,
      eventDate: regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?([+-]\d\d:\d\d|Z)$/, EVENT_DATE),
      ...(success ? {} : { reason: regex(/.+/, 'Refused') }),
      // Signed are eight fields of the item, so the signature travels inside it.
      additionalData: { hmacSignature: regex(/^[A-Za-z0-9+/]{43}=$/, `${'c0'.repeat(21)}c=`) },
    };
    const webhook: WebhookNeed = {
      event: `${eventCode} success=${success}`,
      why,
      given: given({ reference, psp_reference: id }),
      content: { notificationItems: [{ NotificationRequestItem: item }] },
    };
    book.webhook(webhook, {
      eventId: `${eventCode}:${modification ?? id}:${success}`,
      type: eventCode,
      occurredAt: Date.parse(EVENT_DATE),
      reference,
      pspReference: id,
      money: MONEY,
      code: success ? null : 'Refused',
      ...expected,
    });
  };

  notification({
    eventCode: 'AUTHORISATION',
    why: 'With immediate capture this is the final word: the wallet is credited by it, with the amount that it states.',
    given: capturedPayment,
    reference: 'att_adyen_w_paid',
    id: 'CONTRACTWPAID001',
    expected: { subject: 'payment', outcome: 'succeeded' },
  });
  notification({
    eventCode: 'AUTHORISATION',
    success: false,
    why: 'The attempt ends here; the reason is what the player is told.',
    given: declinedPayment,
    reference: 'att_adyen_w_no',
    id: 'CONTRACTWNO00001',
    expected: { subject: 'payment', outcome: 'failed' },
  });
  notification({
    eventCode: 'CAPTURE',
    why: 'On accounts with delayed capture the money moves only here; the original reference leads back to the payment.',
    given: capturedLater,
    reference: 'att_adyen_w_capture',
    id: 'CONTRACTWCAPT001',
    modification: 'CONTRACTWCAPT002',
    expected: { subject: 'payment', outcome: 'succeeded' },
  });
  notification({
    eventCode: 'CANCELLATION',
    why: 'Proof that an abandoned payment can no longer take money; the cancel call itself only said `received`.',
    given: canceledPayment,
    reference: 'att_adyen_w_off',
    id: 'CONTRACTWOFF0001',
    modification: 'CONTRACTWOFF0002',
    expected: { subject: 'payment', outcome: 'canceled' },
  });
  notification({
    eventCode: 'REFUND',
    why: 'The refund call only said `received`; this says that the money has gone back. The original reference leads to the payment.',
    given: refundedPayment,
    reference: 'att_adyen_w_back',
    id: 'CONTRACTWBACK001',
    modification: 'CONTRACTWBACK002',
    expected: {
      subject: 'refund',
      outcome: 'succeeded',
      reference: 'att_adyen_w_back_refund',
    },
  });
  notification({
    eventCode: 'PAYOUT_THIRDPARTY',
    why: 'The reserved money leaves the wallet on this event.',
    given: paidPayout,
    reference: 'pot_adyen_w_paid',
    id: 'CONTRACTWOUT0001',
    expected: { subject: 'payout', outcome: 'succeeded' },
  });
  notification({
    eventCode: 'PAYOUT_THIRDPARTY',
    success: false,
    why: 'The reserved money goes back to the wallet on this event.',
    given: failedPayout,
    reference: 'pot_adyen_w_no',
    id: 'CONTRACTWOUT0002',
    expected: { subject: 'payout', outcome: 'failed' },
  });
  notification({
    eventCode: 'PAIDOUT_REVERSED',
    why: 'A payout that was booked as paid came back and must be booked back.',
    given: returnedPayout,
    reference: 'pot_adyen_w_back',
    id: 'CONTRACTWOUT0003',
    modification: 'CONTRACTWOUT0004',
    expected: { subject: 'payout', outcome: 'returned' },
  });

  RARE.forEach((need, index) => {
    const { eventCode, given, why, subject, outcome } = need;
    const isModification = subject !== 'payout' && eventCode !== 'OFFER_CLOSED';
    const [id, own] = [`CONTRACTWRARE${100 + index}`, `CONTRACTWPART${100 + index}`];
    notification({
      eventCode,
      why,
      given,
      reference: `${subject === 'payout' ? 'pot' : 'att'}_adyen_w_${eventCode.toLowerCase()}`,
      id,
      ...(isModification ? { modification: own } : {}),
      expected: { subject, outcome, ...(subject === 'payment' || subject === 'payout' ? {} : { partReference: own }) },
    });
  });
}
