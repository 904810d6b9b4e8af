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
  failedPayout,
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
}
