/**
 * Expectations: what the scenario wanted to see beside its invariants. An unmet one makes the
 * run inconclusive: a fault that never hit, or payments that all failed, prove nothing.
 */
import type { HistoryEvent } from '../../kernel/index.ts';
import type { Expectations } from '../dsl/index.ts';
import type { Expectation } from '../invariants/judge.ts';

interface Seen {
  faults: Map<string, number>;
  payments: { status: string; psps: Set<string>; twoStep: boolean; kept: boolean }[];
  /** The last status of each refund by the platform. */
  refunds: Map<string, string>;
  disputes: number;
  rounds: Set<string>;
  /** By error code. */
  refusals: Map<string, number>;
  payouts: { status: string }[];
  openCases: string[];
  refusedWebhooks: number;
}

/** Compares the scenario's expectations with the history. */
export function checkExpectations(expect: Expectations, events: readonly HistoryEvent[]): Expectation[] {
  const seen = look(events);
  const payments = (status: string): number => seen.payments.filter((payment) => payment.status === status).length;
  const payouts = (status: string): number => seen.payouts.filter((payout) => payout.status === status).length;
  const refunds = (status: string): number => [...seen.refunds.values()].filter((one) => one === status).length;
  const counted: [text: string, least: number | undefined, count: number][] = [
    ['deposits succeeded', expect.succeeded_at_least, payments('succeeded')],
    ['deposits declined', expect.declined_at_least, payments('declined')],
    ['deposits canceled', expect.canceled_at_least, payments('canceled')],
    ['deposits refunded', expect.refunded_at_least, payments('refunded')],
    ['deposits captured by a call', expect.captured_at_least, seen.payments.filter(isCaptured).length],
    ['payouts succeeded', expect.payouts_succeeded_at_least, payouts('succeeded')],
    ['payouts failed', expect.payouts_failed_at_least, payouts('failed')],
    [
      'deposits tried at a second PSP',
      expect.failed_over_at_least,
      seen.payments.filter((payment) => payment.psps.size > 1).length,
    ],
    ['payouts returned', expect.payouts_returned_at_least, payouts('returned')],
    ['deposits paid with a kept method', expect.kept_at_least, seen.payments.filter(isPaidWithKept).length],
    ['refunds by the platform succeeded', expect.refunds_succeeded_at_least, refunds('succeeded')],
    ['refunds by the platform failed', expect.refunds_failed_at_least, refunds('failed')],
    ['refunds by the platform came back', expect.refunds_returned_at_least, refunds('returned')],
    ['deposits disputed', expect.disputes_at_least, seen.disputes],
    ['game rounds begun', expect.rounds_at_least, seen.rounds.size],
    ['webhooks refused for their signature', expect.refused_webhooks_at_least, seen.refusedWebhooks],
  ];
  return [
    ...(expect.faults_hit ?? []).map((fault) => ({
      text: `the fault ${fault} acted (${seen.faults.get(fault) ?? 0} times)`,
      met: (seen.faults.get(fault) ?? 0) > 0,
    })),
    ...counted.flatMap(([text, least, count]) =>
      least === undefined ? [] : [{ text: `at least ${least} ${text} (${count})`, met: count >= least }],
    ),
    ...(expect.refused ?? []).map((code) => ({
      text: `a client was refused with ${code} (${seen.refusals.get(code) ?? 0} times)`,
      met: (seen.refusals.get(code) ?? 0) > 0,
    })),
    ...(expect.cases ?? []).map((kind) => ({
      text: `a case of kind ${kind} is open`,
      met: seen.openCases.includes(kind),
    })),
    ...(expect.no_cases === true
      ? [{ text: `no case is open (${seen.openCases.length})`, met: seen.openCases.length === 0 }]
      : []),
  ];
}

function isCaptured({ status, twoStep }: Seen['payments'][number]): boolean {
  return twoStep && (status === 'succeeded' || status === 'refunded');
}

function isPaidWithKept({ status, kept }: Seen['payments'][number]): boolean {
  return kept && (status === 'succeeded' || status === 'refunded');
}

function look(events: readonly HistoryEvent[]): Seen {
  const faults = new Map<string, number>();
  const payments = new Map<string, Seen['payments'][number]>();
  const payouts = new Map<string, Seen['payouts'][number]>();
  const refunds = new Map<string, string>();
  const refusals = new Map<string, number>();
  const rounds = new Set<string>();
  /** Operations that were to be paid with a kept method, and the payments that they began. */
  const withKept = new Set<string>();
  const keptPayments = new Set<string>();
  let openCases: string[] = [];
  let refusedWebhooks = 0;
  let disputes = 0;
  for (const { type, f, key = '', value } of events) {
    const body = (value ?? {}) as {
      phase?: string;
      status?: unknown;
      capture?: string;
      action?: string;
      error?: string;
      payment_id?: string;
      stored_method_id?: string;
      attempts?: { psp: string }[];
      cases?: { kind: string; status: string }[];
    };
    if (type === 'fault' && (body.phase === undefined || (f === 'outage' && body.phase === 'begin')))
      faults.set(f, (faults.get(f) ?? 0) + 1);
    if (f === 'webhook-ack' && body.status === 401) refusedWebhooks += 1;
    if (type === 'note' && f === 'dispute' && body.action === 'opened') disputes += 1;
    if (f === 'deposit' && type === 'invoke' && body.stored_method_id !== undefined) withKept.add(key);
    if (f === 'deposit' && body.payment_id !== undefined && withKept.has(key)) keptPayments.add(body.payment_id);
    if (f === 'bet' && type === 'ok') rounds.add(key);
    if (type === 'fail' && body.error !== undefined) refusals.set(body.error, (refusals.get(body.error) ?? 0) + 1);
    if (type !== 'obs') continue;
    if (f === 'refund') refunds.set(key, String(body.status));
    if (f === 'payment')
      payments.set(key, {
        status: String(body.status),
        psps: new Set((body.attempts ?? []).map((attempt) => attempt.psp)),
        twoStep: body.capture === 'manual',
        kept: keptPayments.has(key),
      });
    if (f === 'payout') payouts.set(key, { status: String(body.status) });
    if (f === 'cases') openCases = (body.cases ?? []).filter((one) => one.status === 'open').map((one) => one.kind);
  }
  const found = { refunds, disputes, rounds, refusals };
  return {
    ...found,
    faults,
    payments: [...payments.values()],
    payouts: [...payouts.values()],
    openCases,
    refusedWebhooks,
  };
}
