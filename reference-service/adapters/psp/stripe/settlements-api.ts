/**
 * Settlement files by Stripe's reporting API: one payout reconciliation report for each automatic
 * payout. Stripe makes a report when it is asked for, which may take minutes: `read` says so,
 * and asking again under the same key gives the same report.
 */
import type Stripe from 'stripe';
import type { PspAdapterPorts, PspConfig } from '../../../ports/psp-adapter.ts';
import type { FetchableSettlement } from '../../../ports/settlement.ts';
import { objectOf, objectsOf, textOf } from '../fields.ts';
import { callStripe } from './failures.ts';

const REPORT_TYPE = 'payout_reconciliation.by_id.itemized.4';
const PAGE_SIZE = 100;
/** Payouts come daily and per currency; ours to players stand in the same list. */
const MOST_PAGES = 100;

export interface ReportMeans {
  stripe: Stripe;
  config: PspConfig;
  ports: PspAdapterPorts;
}

/** @throws Error when Stripe does not answer with its list */
export async function fetchSettlements(means: ReportMeans, sinceMs: number): Promise<FetchableSettlement[]> {
  const { stripe } = means;
  const found: FetchableSettlement[] = [];
  const created = { gte: Math.ceil(sinceMs / 1_000) };
  let after: { starting_after?: string } = {};
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const answer = await callStripe(async () => stripe.payouts.list({ limit: PAGE_SIZE, created, ...after }));
    if (answer.kind !== 'ok') throw new Error(`stripe does not list its payouts: ${answer.failure.reason}`);
    const payouts = objectsOf(answer.body, 'data');
    if (payouts === null) throw new Error('stripe answered its payouts without a list');
    for (const payout of payouts) {
      const id = textOf(payout, 'id');
      if (id === null) throw new Error('stripe lists a payout without an id');
      after = { starting_after: id };
      if (payout['automatic'] === true && payout['reconciliation_status'] === 'completed')
        found.push(fileOf(means, id));
    }
    if (answer.body['has_more'] !== true) return found.reverse();
  }
  throw new Error(`stripe lists more than ${PAGE_SIZE * MOST_PAGES} payouts`);
}

function fileOf(means: ReportMeans, id: string): FetchableSettlement {
  return { id, fileName: `${REPORT_TYPE}-${id}.csv`, read: () => readReport(means, id) };
}

async function readReport({ stripe, config, ports }: ReportMeans, payout: string): Promise<Buffer> {
  const answer = await callStripe(() =>
    stripe.reporting.reportRuns.create(
      { report_type: REPORT_TYPE, parameters: { payout } },
      { idempotencyKey: `report-${payout}` },
    ),
  );
  if (answer.kind !== 'ok') throw new Error(`stripe makes no report of ${payout}: ${answer.failure.reason}`);
  const run = await latestRun(stripe, answer.body);
  const file = textOf(objectOf(run, 'result'), 'id');
  if (textOf(run, 'status') !== 'succeeded' || file === null)
    throw new Error(`stripe's report of ${payout} is ${textOf(run, 'status') ?? 'not there'}`);
  const contents = await ports.network.request({
    method: 'GET',
    url: `${filesRoot(config.baseUrl)}/v1/files/${encodeURIComponent(file)}/contents`,
    headers: { authorization: `Bearer ${config.credentials['apiKey'] ?? ''}` },
    timeoutMs: ports.timeoutMs,
  });
  if (contents.status !== 200) throw new Error(`stripe answered ${contents.status} for the report of ${payout}`);
  return contents.body;
}

/** The answer to the same key stays as it was first; what became of the run is read from the run. */
async function latestRun(stripe: Stripe, run: Record<string, unknown>): Promise<Record<string, unknown>> {
  const id = textOf(run, 'id');
  if (id === null || textOf(run, 'status') === 'succeeded') return run;
  const answer = await callStripe(() => stripe.reporting.reportRuns.retrieve(id));
  return answer.kind === 'ok' ? answer.body : run;
}

/** Files of real Stripe have a host of their own; any other root serves them beside the API. */
function filesRoot(baseUrl: string): string {
  return new URL(baseUrl).hostname === 'api.stripe.com' ? 'https://files.stripe.com' : baseUrl;
}
