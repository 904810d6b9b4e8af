/**
 * Payouts to PayPal accounts: a batch of one item each, named by our attempt. PayPal takes a
 * batch name once in thirty days and then says which batch has it, so that repeating the call
 * never pays twice. The batch's id is the payout's: the creation tells no other.
 */
import type {
  CreatePayoutResult,
  PspFailure,
  PspPayoutAttempt,
  PspPayoutReport,
  QueryPayoutResult,
} from '../../../ports/psp-adapter.ts';
import type { JsonObject } from '../exchange.ts';
import { aboutAnother, cannotExpress, inDoubt, refused } from '../failures.ts';
import { objectOf, objectsOf, textOf } from '../fields.ts';
import { unknownToken } from '../neutral.ts';
import type { PaypalClient } from './client.ts';
import { toPaypalValue } from './money.ts';
import { itemReport } from './reports.ts';
import { receiverOf } from './sources.ts';

const PATH = '/v1/payments/payouts';

export async function createPayout(client: PaypalClient, attempt: PspPayoutAttempt): Promise<CreatePayoutResult> {
  const value = toPaypalValue(attempt);
  if (value === null) return refused('invalid_request', cannotExpress('paypal', attempt));
  const to = receiverOf(attempt.destinationToken);
  if (to === null) return unknownToken('paypal', attempt.destinationToken);
  const answer = await client.post(
    PATH,
    {
      sender_batch_header: { sender_batch_id: attempt.attemptId },
      items: [
        {
          recipient_type: 'EMAIL',
          sender_item_id: attempt.attemptId,
          amount: { currency: attempt.currency, value },
          ...to,
        },
      ],
    },
    attempt.idempotencyKey,
  );
  if (answer.kind === 'no_answer') return answer.failure;
  if (answer.kind === 'error') {
    const known = textOf(objectsOf(answer.error.body, 'links')?.[0] ?? null, 'href');
    const isDuplicate =
      answer.error.issue === 'DUPLICATE_SENDER_BATCH_ID' || answer.error.issue === 'USER_BUSINESS_ERROR';
    const batchId = isDuplicate ? /\/v1\/payments\/payouts\/([A-Z0-9]+)/.exec(known ?? '')?.[1] : undefined;
    // Another batch has our name, so it is ours.
    if (batchId !== undefined) return { kind: 'pending', pspReference: batchId };
    return isDuplicate ? inDoubt(answer.failure.reason) : answer.failure;
  }
  const header = objectOf(answer.body, 'batch_header');
  const batchId = textOf(header, 'payout_batch_id');
  if (batchId === null) return inDoubt('paypal answered a payout without the id of its batch');
  const name = textOf(objectOf(header, 'sender_batch_header'), 'sender_batch_id');
  if (name !== attempt.attemptId) return aboutAnother('paypal answered about another batch');
  return textOf(header, 'batch_status') === 'DENIED'
    ? { kind: 'failed', pspReference: batchId, code: 'denied' }
    : { kind: 'pending', pspReference: batchId };
}

export async function queryPayout(client: PaypalClient, attempt: PspPayoutAttempt): Promise<QueryPayoutResult> {
  const { pspReference } = attempt;
  if (pspReference === null)
    return refused('unsupported', 'paypal is asked by the id of its payout batch, which is not known');
  const answer = await client.get(`${PATH}/${encodeURIComponent(pspReference)}`);
  if (answer.kind === 'error' && answer.error.status === 404) return { kind: 'not_found' };
  if (answer.kind !== 'ok') return answer.failure;
  const header = objectOf(answer.body, 'batch_header');
  if (textOf(header, 'payout_batch_id') === null)
    return inDoubt('paypal answered a payout without the id of its batch');
  if (textOf(header, 'batch_status') === 'DENIED') return { kind: 'failed', pspReference, code: 'denied' };
  return itemIn(answer.body, attempt.attemptId, pspReference);
}

function itemIn(batch: JsonObject, attemptId: string, pspReference: string): PspPayoutReport | PspFailure {
  const [item] = objectsOf(batch, 'items') ?? [];
  // A batch that is still being read has no items to show.
  if (item === undefined) return { kind: 'pending', pspReference };
  if (textOf(objectOf(item, 'payout_item'), 'sender_item_id') !== attemptId)
    return aboutAnother('paypal answered about another item');
  return itemReport(item, pspReference) ?? inDoubt('paypal shows a payout item without a status');
}
