/**
 * Expectations: what the scenario wanted to see beside its invariants. An unmet one makes the
 * run inconclusive: a fault that never hit, or payments that all failed, prove nothing.
 */
import type { HistoryEvent } from '../../kernel/index.ts';
import type { Expectations } from '../dsl/index.ts';
import type { Expectation } from '../invariants/judge.ts';

interface Seen {
  faults: Map<string, number>;
  payments: { status: string; psps: Set<string>; twoStep: boolean }[];
  payouts: { status: string }[];
  openCases: string[];
  refusedWebhooks: number;
}

/** Compares the scenario's expectations with the history. */
export function checkExpectations(expect: Expectations, events: readonly HistoryEvent[]): Expectation[] {
  const seen = look(events);
  const payments = (status: string): number => seen.payments.filter((payment) => payment.status === status).length;
  const payouts = (status: string): number => seen.payouts.filter((payout) => payout.status === status).length;
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

function look(events: readonly HistoryEvent[]): Seen {
  const faults = new Map<string, number>();
  const payments = new Map<string, Seen['payments'][number]>();
  const payouts = new Map<string, Seen['payouts'][number]>();
  let openCases: string[] = [];
  let refusedWebhooks = 0;
  for (const { type, f, key = '', value } of events) {
    const body = (value ?? {}) as {
      phase?: string;
      status?: unknown;
      capture?: string;
      attempts?: { psp: string }[];
      cases?: { kind: string; status: string }[];
    };
    if (type === 'fault' && (body.phase === undefined || (f === 'outage' && body.phase === 'begin')))
      faults.set(f, (faults.get(f) ?? 0) + 1);
    if (f === 'webhook-ack' && body.status === 401) refusedWebhooks += 1;
    if (type !== 'obs') continue;
    if (f === 'payment')
      payments.set(key, {
        status: String(body.status),
        psps: new Set((body.attempts ?? []).map((attempt) => attempt.psp)),
        twoStep: body.capture === 'manual',
      });
    if (f === 'payout') payouts.set(key, { status: String(body.status) });
    if (f === 'cases') openCases = (body.cases ?? []).filter((one) => one.status === 'open').map((one) => one.kind);
  }
  return { faults, payments: [...payments.values()], payouts: [...payouts.values()], openCases, refusedWebhooks };
}
