/**
 * Payouts are payments with a `destination`: cards, kept cards and bank accounts. The creation
 * answers 202 `Pending`; paid, declined and returned come by event or are asked for.
 */
import type {
  CreatePayoutResult,
  PspFailure,
  PspPayoutAttempt,
  PspPayoutReport,
  QueryPayoutResult,
} from '../../../ports/psp-adapter.ts';
import type { JsonObject } from '../exchange.ts';
import { aboutAnother, cannotExpress, inDoubt, isFailure, refused, weightiest } from '../failures.ts';
import { objectOf, textOf } from '../fields.ts';
import { unknownToken } from '../neutral.ts';
import type { CheckoutClient } from './client.ts';
import { toCheckoutAmount } from './money.ts';
import { listByReference } from './queries.ts';
import { payoutReport } from './reports.ts';
import { destinationOf } from './tokens.ts';

export async function createPayout(
  client: CheckoutClient,
  attempt: PspPayoutAttempt,
  { currencyAccountId, processingChannelId }: Record<string, string>,
): Promise<CreatePayoutResult> {
  const amount = toCheckoutAmount(attempt);
  if (amount === null) return refused('invalid_request', cannotExpress('checkout', attempt));
  const to = destinationOf(attempt.destinationToken);
  if (to === null) return unknownToken('checkout', attempt.destinationToken);
  const answer = await client.post(
    '/payments',
    {
      source: { type: 'currency_account', ...(currencyAccountId === undefined ? {} : { id: currencyAccountId }) },
      destination: to.destination,
      amount,
      currency: attempt.currency,
      reference: attempt.attemptId,
      metadata: { payout_id: attempt.payoutId, player_id: attempt.playerId, ...to.metadata },
      ...(processingChannelId === undefined ? {} : { processing_channel_id: processingChannelId }),
    },
    attempt.idempotencyKey,
  );
  return answer.kind === 'ok' ? reportOf(answer.body, attempt.attemptId) : answer.failure;
}

export async function queryPayout(client: CheckoutClient, attempt: PspPayoutAttempt): Promise<QueryPayoutResult> {
  if (attempt.pspReference !== null) {
    const answer = await client.get(`/payments/${encodeURIComponent(attempt.pspReference)}`);
    if (answer.kind === 'ok') return reportOf(answer.body, attempt.attemptId);
    return answer.kind === 'error' && answer.status === 404 ? { kind: 'not_found' } : answer.failure;
  }
  const found = await listByReference(client, attempt.attemptId);
  if (!Array.isArray(found)) return found;
  const reports = found
    .filter((payment) => objectOf(payment, 'destination') !== null)
    .map((payout) => reportOf(payout, attempt.attemptId));
  const unreadable = reports.find(isFailure);
  if (unreadable !== undefined) return unreadable;
  return weightiest(reports.filter((report): report is PspPayoutReport => !isFailure(report))) ?? { kind: 'not_found' };
}

function reportOf(payout: JsonObject, attemptId: string): PspPayoutReport | PspFailure {
  const report = payoutReport(payout);
  if (report === null) return inDoubt('checkout answered without an id or a status');
  return textOf(payout, 'reference') === attemptId ? report : aboutAnother('checkout answered about another reference');
}
