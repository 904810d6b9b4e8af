/** Neutral payouts → PayPal's payout batch and payout item. Amounts say `currency` here, not `currency_code`. */
import type { PayoutRecord } from '../../core/records.ts';
import type { PspContext } from '../dialect.ts';
import { payoutDetails } from './details.ts';
import { isoSeconds } from './fields.ts';
import { codeFrom } from './ids.ts';
import { paypalValue } from './money.ts';
import { TERMS } from './terms.ts';

type JsonObject = Record<string, unknown>;

const STATUS: Readonly<Record<PayoutRecord['state'], string>> = {
  pending: 'PENDING',
  paid: 'SUCCESS',
  failed: 'FAILED',
  canceled: 'RETURNED',
  returned: 'RETURNED',
};

export function itemStatus(item: PayoutRecord): string {
  const { unclaimed } = payoutDetails(item);
  if (unclaimed && item.state === 'pending') return 'UNCLAIMED';
  return unclaimed && item.state === 'failed' ? 'RETURNED' : STATUS[item.state];
}

export function itemObject(item: PayoutRecord, psp: PspContext): JsonObject {
  const { batchId, recipientType, receiver, note, senderItemId, senderBatchId } = payoutDetails(item);
  const fee = item.state === 'pending' ? 0 : (psp.profile.settlement?.payout ?? TERMS.payout).fixedMinor;
  const status = itemStatus(item);
  return {
    payout_item_id: item.pspReference,
    transaction_id: transactionIdOf(item),
    activity_id: codeFrom(`activity ${item.pspReference}`, 17),
    transaction_status: status,
    payout_item_fee: amount(fee, item.currency),
    payout_batch_id: batchId,
    ...(senderBatchId === null ? {} : { sender_batch_id: senderBatchId }),
    payout_item: {
      recipient_type: recipientType,
      amount: amount(item.amountMinor, item.currency),
      ...(note === null ? {} : { note }),
      receiver,
      ...(senderItemId === null ? {} : { sender_item_id: senderItemId }),
      recipient_wallet: 'PAYPAL',
    },
    time_processed: isoSeconds(item.updatedAtMs),
    ...(status === 'FAILED' || status === 'RETURNED' || status === 'UNCLAIMED' ? { errors: errorsOf(item) } : {}),
    links: [
      { href: `${psp.url}/v1/payments/payouts-item/${item.pspReference}`, rel: 'item', method: 'GET' },
      { href: `${psp.url}/v1/payments/payouts/${batchId}`, rel: 'batch', method: 'GET' },
    ],
  };
}

/** What a creation is answered with. */
export function batchAnswer(items: readonly PayoutRecord[], psp: PspContext): JsonObject {
  const header = batchHeader(items);
  const { payout_batch_id: id, batch_status: status, sender_batch_header: sender } = header;
  return {
    batch_header: { payout_batch_id: id, batch_status: status, sender_batch_header: sender },
    links: [
      { href: `${psp.url}/v1/payments/payouts/${String(id)}`, rel: 'self', method: 'GET', encType: 'application/json' },
    ],
  };
}

/** `items` is the whole batch, never empty. */
export function batchHeader(items: readonly PayoutRecord[]): JsonObject {
  const [first] = items;
  if (first === undefined) return {};
  const { batchId, senderBatchId, emailSubject } = payoutDetails(first);
  const done = items.every((item) => item.state !== 'pending' || payoutDetails(item).unclaimed);
  const total = items.reduce((sum, item) => sum + item.amountMinor, 0);
  const completedMs = Math.max(...items.map((item) => item.updatedAtMs));
  return {
    payout_batch_id: batchId,
    batch_status: done ? 'SUCCESS' : 'PENDING',
    time_created: isoSeconds(first.createdAtMs),
    ...(done ? { time_completed: isoSeconds(completedMs) } : {}),
    sender_batch_header: {
      ...(senderBatchId === null ? {} : { sender_batch_id: senderBatchId }),
      ...(emailSubject === null ? {} : { email_subject: emailSubject }),
    },
    amount: amount(total, first.currency),
    fees: amount(0, first.currency),
  };
}

/** The transaction as the settlement report and the transaction search name it. */
export function transactionIdOf(item: PayoutRecord): string {
  return codeFrom(`payout ${item.pspReference}`, 17);
}

function errorsOf(item: PayoutRecord): JsonObject {
  return {
    name: item.failureReason ?? 'RECEIVER_UNREGISTERED',
    message: 'Receiver is unregistered, or the receiving bank sent the money back.',
    information_link: 'https://developer.paypal.com/docs/api/payments.payouts-batch/v1/#errors',
  };
}

function amount(minor: number, currency: string): JsonObject {
  return { currency, value: paypalValue(minor, currency) };
}
