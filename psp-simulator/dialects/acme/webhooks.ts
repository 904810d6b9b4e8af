/** acme's events: one per change of status, none for the mere creation of something. */
import { isoTime } from '../../../kernel/index.ts';
import type { BookChange } from '../../core/book-change.ts';
import type { WebhookContext, WebhookDraft } from '../dialect.ts';
import { toMajor } from './amount.ts';
import { statusOf } from './wire.ts';

const SILENT: readonly BookChange['type'][] = [
  'payment-created',
  'payment-refunded',
  'refund-created',
  'payout-created',
];

export function acmeWebhooks(change: BookChange, context: WebhookContext): WebhookDraft[] {
  if (SILENT.includes(change.type)) return [];
  const { record } = change;
  const eventId = context.newId('aevt');
  const status = record.kind === 'payment' ? statusOf(record.state) : record.state;
  const paymentId = record.kind === 'refund' ? record.paymentPspReference : record.pspReference;
  const body = {
    event_id: eventId,
    payment_id: paymentId,
    ...(record.kind === 'refund' ? { refund_id: record.pspReference } : {}),
    reference: record.reference,
    type: record.kind,
    status,
    amount: toMajor(record.amountMinor, record.currency),
    ...(record.kind === 'payment' ? { captured_amount: toMajor(record.capturedMinor, record.currency) } : {}),
    currency: record.currency,
    timestamp: isoTime(context.atMs),
  };
  return [
    {
      eventId,
      type: `${record.kind}.${status}`,
      body: JSON.stringify(body),
      claim: {
        kind: record.kind,
        state: record.state,
        reference: referenceOf(change),
        pspReference: record.pspReference,
        amountMinor: record.amountMinor,
        currency: record.currency,
      },
    },
  ];
}

/** Refunds are told apart by their own reference on the wire, but belong to their payment's story. */
function referenceOf(change: BookChange): string | null {
  return 'payment' in change ? change.payment.reference : change.record.reference;
}
