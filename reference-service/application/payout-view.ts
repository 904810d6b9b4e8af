/**
 * What the platform sees of a payout, in the words and types of the API document: the answer to
 * a request, and the data of the events that tell of it.
 */
import { isoTime } from '../../kernel/index.ts';
import type * as Api from '../../openapi/generated/payments.ts';
import type { Attempt } from '../domain/deposit.ts';
import { formatAmount } from '../domain/money.ts';
import type { PayoutRoute } from '../domain/payout-checks/closed-loop.ts';
import type { Payout } from '../domain/payout.ts';
import type { PayoutCheck, PayoutReview } from '../ports/players.ts';
import { attemptView } from './payment-view.ts';

/** @param check what it was checked for, where that is shown */
export function payoutView(
  payout: Payout,
  attempts: readonly Attempt[],
  check: Pick<PayoutCheck, 'review' | 'route'> | null = null,
): Api.Payout {
  const view: Api.Payout = {
    payout_id: payout.id,
    txn_id: payout.txnId,
    player_id: payout.playerId,
    status: payout.status,
    amount: formatAmount(payout.amountMinor, payout.currency),
    currency: payout.currency,
    method: payout.method,
    failure_reason: payout.failureReason,
    created_at: isoTime(payout.createdAt),
    updated_at: isoTime(payout.updatedAt),
    attempts: attempts.map(attemptView),
  };
  if (check === null) return view;
  return {
    ...view,
    review: check.review === null ? null : reviewView(check.review),
    route: check.route === null ? null : routeView(check.route, payout.currency),
  };
}

function reviewView(review: PayoutReview): Api.Review {
  return {
    status: review.status,
    reasons: review.reasons,
    opened_at: isoTime(review.openedAt),
    decided_at: review.decidedAt === null ? null : isoTime(review.decidedAt),
    note: review.note,
  };
}

function routeView(route: PayoutRoute, currency: string): Api.PayoutRoute {
  return {
    kind: route.kind,
    reason: route.reason,
    psp: route.psp,
    stored_method_id: route.storedMethodId,
    open_by_method: formatAmount(route.openByMethodMinor, currency),
    open_elsewhere: route.openElsewhere.map(({ method, amountMinor }) => ({
      method,
      amount: formatAmount(amountMinor, currency),
    })),
  };
}
