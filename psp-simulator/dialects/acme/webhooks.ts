/** acme's events: one per change of status, none for the mere creation of something. */
import { isoTime } from '../../../kernel/index.ts';
import type { WebhookEvent } from '../../../openapi/generated/psp-acme.ts';
import type { BookChange, BookChangeType } from '../../core/book-change.ts';
import { ChangeDraft } from '../change-draft.ts';
import type { ChangeWords } from '../change-draft.ts';
import type { WebhookContext, WebhookDraft } from '../webhook.ts';
import { toMajor } from './money.ts';
import { isSubscribed } from './subscription.ts';

/** What is told of each change; a change that is not listed is told by another one, or by nobody. */
const TYPES: Readonly<Partial<Record<BookChangeType, string>>> = {
  'payment-requires-action': 'payment.requires_action',
  'payment-authorized': 'payment.authorized',
  'payment-captured': 'payment.captured',
  'payment-declined': 'payment.declined',
  'payment-canceled': 'payment.canceled',
  'payment-expired': 'payment.expired',
  'payment-released': 'payment.released',
  'refund-succeeded': 'refund.succeeded',
  'refund-failed': 'refund.failed',
  'payout-paid': 'payout.paid',
  'payout-failed': 'payout.failed',
  'payout-canceled': 'payout.canceled',
  'payout-returned': 'payout.returned',
  'dispute-opened': 'dispute.open',
  'dispute-evidence': 'dispute.under_review',
  'dispute-won': 'dispute.won',
  'dispute-lost': 'dispute.lost',
  'dispute-reversed': 'dispute.reversed',
};

export const ACME_EVENT_TYPES: Readonly<Record<string, BookChangeType | 'settlement'>> = {
  ...Object.fromEntries(Object.entries(TYPES).map(([change, type]) => [type, change as BookChangeType])),
  'settlement.ready': 'settlement',
};

export function acmeWebhooks(change: BookChange, context: WebhookContext): WebhookDraft[] {
  const type = TYPES[change.type];
  if (type === undefined || !isSubscribed(context.psp, type)) return [];
  return [new ChangeDraft(WORDS, { eventId: context.newId('aevt'), type, change, psp: context.psp })];
}

const WORDS: ChangeWords = {
  body: ({ eventId, change }) => JSON.stringify(eventJson(eventId, change)),
  claim: (change) => {
    const { kind, state, pspReference, amountMinor, currency } = change.record;
    return { kind, state, reference: referenceOf(change), pspReference, amountMinor, currency };
  },
};

function eventJson(eventId: string, change: BookChange): WebhookEvent {
  const { record } = change;
  const { currency } = record;
  const body: WebhookEvent = {
    event_id: eventId,
    payment_id: 'paymentPspReference' in record ? record.paymentPspReference : record.pspReference,
    reference: (record.kind === 'dispute' ? referenceOf(change) : record.reference) ?? '',
    type: record.kind,
    status: record.state === 'created' ? 'pending' : record.state,
    amount: toMajor(record.amountMinor, currency),
    currency,
    timestamp: isoTime(change.atMs),
  };
  if (record.kind === 'refund') body.refund_id = record.pspReference;
  if (record.kind === 'dispute') {
    body.dispute_id = record.pspReference;
    body.reason = record.reason;
  }
  if (record.kind === 'payment') body.captured_amount = toMajor(record.capturedMinor, currency);
  if (change.type === 'payment-released')
    body.released_amount = toMajor(record.amountMinor - change.record.capturedMinor, currency);
  return body;
}

/** Refunds are told apart by their own reference on the wire, but belong to their payment's story. */
function referenceOf(change: BookChange): string | null {
  return 'payment' in change ? change.payment.reference : change.record.reference;
}
