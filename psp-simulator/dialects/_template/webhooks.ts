/** Events: one per change that the merchant should know of, with the record as it is then. */
import type { BookChange, BookChangeType } from '../../core/book-change.ts';
import type { WebhookContext, WebhookDraft } from '../webhook.ts';
import { disputeJson, payoutJson, paymentJson, refundJson } from './wire.ts';

export const EXAMPLE_BANK_EVENTS: Readonly<Record<string, BookChangeType>> = {
  'payment.authorized': 'payment-authorized',
  'payment.captured': 'payment-captured',
  'payment.declined': 'payment-declined',
  'payment.canceled': 'payment-canceled',
  'payment.expired': 'payment-expired',
  'refund.succeeded': 'refund-succeeded',
  'refund.failed': 'refund-failed',
  'payout.paid': 'payout-paid',
  'payout.failed': 'payout-failed',
  'payout.returned': 'payout-returned',
  'dispute.opened': 'dispute-opened',
  'dispute.evidence': 'dispute-evidence',
  'dispute.won': 'dispute-won',
  'dispute.lost': 'dispute-lost',
  'dispute.reversed': 'dispute-reversed',
};

export function exampleBankWebhooks(change: BookChange, context: WebhookContext): WebhookDraft[] {
  const type = Object.keys(EXAMPLE_BANK_EVENTS).find((name) => EXAMPLE_BANK_EVENTS[name] === change.type);
  if (type === undefined) return [];
  const { kind, state, pspReference, amountMinor, currency } = change.record;
  const eventId = context.newId('evt');
  const reference = 'payment' in change ? change.payment.reference : change.record.reference;
  return [
    {
      eventId,
      type,
      body: JSON.stringify({ id: eventId, type, created: context.atMs, data: dataOf(change, context) }),
      claim: { kind, state, reference, pspReference, amountMinor, currency },
    },
  ];
}

function dataOf({ record }: BookChange, { psp }: WebhookContext): unknown {
  switch (record.kind) {
    case 'payment':
      return paymentJson(record, psp);
    case 'refund':
      return refundJson(record);
    case 'payout':
      return payoutJson(record);
    case 'dispute':
      return disputeJson(record);
  }
}
