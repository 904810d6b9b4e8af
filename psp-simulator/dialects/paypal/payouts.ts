/**
 * Payouts v1: batches of items. Each item is a payout of its own in the books; the batch is what
 * its items have in common, and its id is made of the `sender_batch_id`, so that a batch that
 * was sent before is found without an index.
 */
import type { PayoutRecord } from '../../core/records.ts';
import type { Call, PspAnswer, PspContext } from '../dialect.ts';
import { asDetails, payoutDetails } from './details.ts';
import { jsonAnswer, missing, unknownResource, unprocessable, userBusinessError, wrongValue } from './errors.ts';
import { arrayAt, countIn, moneyAt, objectAt, textAt, type JsonObject } from './fields.ts';
import { batchAnswer, batchHeader, itemObject } from './payout-wire.ts';
import { batchIdFor, batchOf, itemIdOf } from './payout-batch.ts';

/** PayPal takes 15,000; a body of that size is more than the simulator reads. */
const MOST_ITEMS = 5_000;
const DAY_MS = 86_400_000;
/** A `sender_batch_id` may be used again after that. */
const BATCH_ID_LIFE_MS = 30 * DAY_MS;
const MOST_PER_PAGE = 1_000;

export function createBatch(call: Call): PspAnswer {
  const { body, psp } = call;
  const header = objectAt(body, 'sender_batch_header');
  if (header === undefined) throw missing('/sender_batch_header');
  const items = arrayAt(body, 'items') ?? [];
  if (items.length === 0) throw missing('/items');
  if (items.length > MOST_ITEMS) throw wrongValue('/items', `${items.length} items`);
  const senderBatchId = textAt(header, 'sender_batch_id', '/sender_batch_header') ?? null;
  const batchId = freshBatchId(psp, senderBatchId);
  const read = items.map((item, position) => readItem(item, position, header));
  for (const [position, item] of read.entries()) {
    psp.bank.createPayout({
      pspReference: itemIdOf(batchId, position),
      reference: item.senderItemId ?? senderBatchId,
      amountMinor: item.amountMinor,
      currency: item.currency,
      outcome: item.outcome,
      failureReason: item.outcome === 'paid' ? null : 'RECEIVER_UNREGISTERED',
      details: asDetails({
        batchId,
        position,
        senderBatchId,
        senderItemId: item.senderItemId,
        emailSubject: textAt(header, 'email_subject', '/sender_batch_header') ?? null,
        recipientType: item.recipientType,
        receiver: item.receiver,
        note: item.note,
        unclaimed: item.unclaimed,
      }),
    });
  }
  return jsonAnswer(201, batchAnswer(batchOf(psp, batchId), psp));
}

export function showBatch(call: Call): PspAnswer {
  const { psp, params, request } = call;
  const all = batchOf(psp, params['id'] ?? '').filter((item) => call.isVisible(item, 0));
  if (all.length === 0) throw unknownResource();
  const size = countIn(call, 'page_size', { least: 1, most: MOST_PER_PAGE, fallback: MOST_PER_PAGE });
  const page = countIn(call, 'page', { least: 1, most: 1_000, fallback: 1 });
  const pages = Math.ceil(all.length / size);
  const url = `${psp.url}/v1/payments/payouts/${params['id'] ?? ''}`;
  const pageLink = (number: number, rel: string): unknown => ({
    href: `${url}?page_size=${size}&page=${number}`,
    rel,
    method: 'GET',
  });
  const counted = request.query.get('total_required') === 'true' ? { total_items: all.length, total_pages: pages } : {};
  return jsonAnswer(200, {
    ...counted,
    batch_header: batchHeader(all),
    items: all.slice((page - 1) * size, page * size).map((item) => itemObject(item, psp)),
    links: [pageLink(page, 'self'), ...(page < pages ? [pageLink(page + 1, 'next')] : [])],
  });
}

export function showItem(call: Call): PspAnswer {
  const item = itemOf(call);
  if (!call.isVisible(item, 0)) throw unknownResource();
  return jsonAnswer(200, itemObject(item, call.psp));
}

/** Takes back what nobody has claimed. */
export function cancelItem(call: Call): PspAnswer {
  const { psp } = call;
  const item = itemOf(call);
  if (!payoutDetails(item).unclaimed || item.state !== 'pending')
    throw unprocessable('ITEM_CANNOT_BE_CANCELLED', 'Only a payout item that is UNCLAIMED can be canceled.');
  return jsonAnswer(200, itemObject(psp.bank.settlePayout(item.pspReference, 'canceled'), psp));
}

interface Item {
  amountMinor: number;
  currency: string;
  outcome: PayoutRecord['outcome'];
  senderItemId: string | null;
  recipientType: string;
  receiver: string;
  note: string | null;
  unclaimed: boolean;
}

/** Words of this simulator in the item's note or receiver decide what the receiving side says. */
function readItem(item: JsonObject, position: number, header: JsonObject): Item {
  const path = `/items/${position}`;
  const receiver = textAt(item, 'receiver', path);
  if (receiver === undefined) throw missing(`${path}/receiver`);
  const amount = moneyAt(item, 'amount', { path, codeName: 'currency' });
  if (amount === undefined) throw missing(`${path}/amount`);
  const note = textAt(item, 'note', path) ?? null;
  const words = `${receiver} ${note ?? ''}`.toUpperCase();
  const unclaimed = words.includes('ASSAY-UNCLAIMED');
  const fails = words.includes('ASSAY-PAYOUT-FAILS') || unclaimed;
  return {
    ...amount,
    outcome: fails ? 'failed' : words.includes('ASSAY-PAYOUT-RETURNED') ? 'returned' : 'paid',
    senderItemId: textAt(item, 'sender_item_id', path) ?? null,
    recipientType: textAt(item, 'recipient_type', path) ?? textAt(header, 'recipient_type') ?? 'EMAIL',
    receiver,
    note,
    unclaimed,
  };
}

function itemOf({ psp, params }: Call): PayoutRecord {
  const item = psp.bank.findPayout(params['id'] ?? '');
  if (item === undefined) throw unknownResource();
  return item;
}

/** Refuses a `sender_batch_id` of the last thirty days, with the way to the batch that had it. */
function freshBatchId(psp: PspContext, senderBatchId: string | null): string {
  if (senderBatchId === null) return batchIdFor(psp, psp.ids.next('paypal-batch'), 0);
  for (let use = 0; ; use += 1) {
    const batchId = batchIdFor(psp, senderBatchId, use);
    const first = psp.bank.findPayout(itemIdOf(batchId, 0));
    if (first === undefined) return batchId;
    if (psp.nowMs() - first.createdAtMs >= BATCH_ID_LIFE_MS) continue;
    throw userBusinessError(
      {
        field: 'SENDER_BATCH_ID',
        location: 'body',
        issue: 'DUPLICATE_SENDER_BATCH_ID',
        description: `Batch with given sender_batch_id already exists: ${senderBatchId}`,
      },
      [{ href: `${psp.url}/v1/payments/payouts/${batchId}`, rel: 'self', method: 'GET' }],
    );
  }
}
