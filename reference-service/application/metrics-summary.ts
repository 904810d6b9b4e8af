/**
 * Summary of what happened in a window of time: how many deposits and payouts came to a good end
 * and how fast, what went back, what a person had to look at, how the PSPs answered, and what a
 * success cost. From the database, so it is the same whichever process is asked.
 */
import { isoTime } from '../../kernel/index.ts';
import type * as Api from '../../openapi/generated/payments.ts';
import { formatAmount } from '../domain/money.ts';
import type { DepositLine, Durations, FeeLine, Group, PayoutLine, PspLine, Window } from '../ports/metrics.ts';
import type { ServiceContext } from './context.ts';

/** @param group what deposits are told apart by, beside their total */
export function metricsSummary(context: ServiceContext, window: Window, group: Group): Promise<Api.MetricsSummary> {
  const { database, stores } = context;
  // One transaction: all parts are about the same moment as far as the database allows.
  return database.transaction(async (unit) => {
    const store = stores.metrics;
    const total = await store.deposit(unit, window);
    const groups = await store.deposits(unit, window, group);
    const payout = await store.payout(unit, window);
    const payouts = await store.payouts(unit, window);
    const psps = await store.psps(unit, window);
    const fees = await store.fees(unit, window);
    const kyc = await store.kyc(unit, window);
    const reviews = await store.reviews(unit, window);
    return {
      from: isoTime(window.fromMs),
      to: isoTime(window.toMs),
      group,
      deposits: { total: depositView(total), groups: groups.map(depositView) },
      payouts: { total: payoutView(payout), by_method: payouts.map(payoutView) },
      psps: psps.map(pspView),
      cost_per_success: fees.map(feeView),
      kyc_seconds: durationsView(kyc),
      review_seconds: durationsView(reviews),
    };
  });
}

/** Of what has ended: what is still open is neither a success nor a failure. */
function depositView(line: DepositLine): Api.DepositMetrics {
  const { group, started, succeeded, declined, canceled, failed, open } = line;
  return {
    group,
    started,
    succeeded,
    declined,
    canceled,
    failed,
    open,
    conversion: share(succeeded, started - open),
    cancel_share: share(canceled, started - open),
    refund_share: share(line.refunded, succeeded),
    chargeback_share: share(line.disputed, succeeded),
    seconds: { p50: seconds(line.p50Ms), p95: seconds(line.p95Ms) },
  };
}

function payoutView({
  group,
  started,
  succeeded,
  failed,
  open,
  reviewed,
  p50Ms,
  p95Ms,
}: PayoutLine): Api.PayoutMetrics {
  return {
    group,
    started,
    succeeded,
    failed,
    open,
    review_share: share(reviewed, started),
    seconds: { p50: seconds(p50Ms), p95: seconds(p95Ms) },
  };
}

function pspView(line: PspLine): Api.PspMetrics {
  return {
    psp: line.psp,
    calls: line.calls,
    error_rate: share(line.technical, line.calls),
    uptime: share(line.minutesUp, line.minutes),
    challenges: line.challenged,
    challenge_failure_share: share(line.challengeFailed, line.challenged),
  };
}

/** Rounded down to the currency's decimals; null where nothing succeeded. */
function feeView({ psp, currency, feesMinor, succeeded }: FeeLine): Api.CostPerSuccess {
  return {
    psp,
    currency,
    fees: formatAmount(feesMinor, currency),
    succeeded,
    per_success: succeeded === 0 ? null : formatAmount(Math.floor(feesMinor / succeeded), currency),
  };
}

function durationsView({ count, p50Ms, p95Ms }: Durations): Api.DurationMetrics {
  return { count, p50: seconds(p50Ms), p95: seconds(p95Ms) };
}

/** Four decimals; null where there is nothing to have a share of. */
function share(part: number, whole: number): number | null {
  return whole <= 0 ? null : Math.round((part / whole) * 10_000) / 10_000;
}

function seconds(ms: number | null): number | null {
  return ms === null ? null : ms / 1_000;
}
