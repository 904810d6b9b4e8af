/**
 * Payouts at Stripe. They cannot be searched by metadata, so a payout whose id was never
 * received is looked for in the list of recent ones, page by page, up to a limit; past the
 * limit the answer is a doubt, never an absence.
 */
import type Stripe from 'stripe';
import type {
  CreatePayoutResult,
  PspFailure,
  PspPayoutAttempt,
  PspPayoutReport,
  QueryPayoutResult,
} from '../../../ports/psp-adapter.ts';
import type { JsonObject } from '../exchange.ts';
import { aboutAnother, cannotExpress, inDoubt, refused, weightiest } from '../failures.ts';
import { objectsOf, textOf } from '../fields.ts';
import { callStripe } from './failures.ts';
import { toStripeAmount } from './money.ts';
import { payoutReport, referenceOf } from './reports.ts';
import { unknownToken } from '../neutral.ts';
import { stripeDestination } from './tokens.ts';

/** Stripe's largest page. */
const PAGE_SIZE = 100;
/** 1,000 payouts back: a payout in doubt is asked for within minutes, not after that many others. */
const MAX_PAGES = 10;

export async function createPayout(stripe: Stripe, attempt: PspPayoutAttempt): Promise<CreatePayoutResult> {
  const amount = toStripeAmount(attempt);
  if (amount === null) return refused('invalid_request', cannotExpress('stripe', attempt));
  const target = stripeDestination(attempt.destinationToken);
  if (target === null) return unknownToken('stripe', attempt.destinationToken);
  const { destination, metadata } = target;
  const answer = await callStripe(() =>
    stripe.payouts.create(
      {
        amount,
        currency: attempt.currency.toLowerCase(),
        metadata: {
          reference: attempt.attemptId,
          payout_id: attempt.payoutId,
          player_id: attempt.playerId,
          ...metadata,
        },
        ...(destination === undefined ? {} : { destination }),
      },
      { idempotencyKey: attempt.idempotencyKey },
    ),
  );
  return answer.kind === 'ok' ? reportOf(answer.body, attempt.attemptId) : answer.failure;
}

export async function queryPayout(stripe: Stripe, attempt: PspPayoutAttempt): Promise<QueryPayoutResult> {
  const { pspReference } = attempt;
  if (pspReference === null) return findByReference(stripe, attempt.attemptId);
  const answer = await callStripe(() => stripe.payouts.retrieve(pspReference));
  if (answer.kind === 'ok') return reportOf(answer.body, attempt.attemptId);
  if (answer.kind === 'error' && answer.error.code === 'resource_missing') return { kind: 'not_found' };
  return answer.failure;
}

async function findByReference(stripe: Stripe, attemptId: string): Promise<QueryPayoutResult> {
  let startingAfter: string | null = null;
  for (let page = 0; page < MAX_PAGES; page += 1) {
    const cursor: { starting_after?: string } = startingAfter === null ? {} : { starting_after: startingAfter };
    const answer = await callStripe(async () => stripe.payouts.list({ limit: PAGE_SIZE, ...cursor }));
    if (answer.kind !== 'ok') return answer.failure;
    const payouts = objectsOf(answer.body, 'data');
    if (payouts === null) return inDoubt('stripe answered a list without data');
    const reports = payouts.filter((payout) => referenceOf(payout) === attemptId).map(payoutReport);
    if (reports.includes(null)) return inDoubt('stripe listed the payout without an id or a status');
    const found = weightiest(reports.filter((report) => report !== null));
    if (found !== null) return found;
    if (answer.body['has_more'] !== true) return { kind: 'not_found' };
    startingAfter = textOf(payouts.at(-1) ?? null, 'id');
    if (startingAfter === null) return inDoubt('stripe lists more payouts but gives no id to go on from');
  }
  return inDoubt(`not among the latest ${PAGE_SIZE * MAX_PAGES} payouts at stripe`);
}

function reportOf(payout: JsonObject, attemptId: string): PspPayoutReport | PspFailure {
  const report = payoutReport(payout);
  if (report === null) return inDoubt('stripe answered without an id or a status');
  return referenceOf(payout) === attemptId ? report : aboutAnother('stripe answered about another reference');
}
