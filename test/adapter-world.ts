/**
 * A simulated PSP and the service's adapter to it in one process and in virtual time, with the
 * books as the judge: for the tests that let two separate readings of a protocol meet.
 */
import assert from 'node:assert/strict';
import {
  createActivity,
  createHistoryWriter,
  createKeyedIds,
  createKeyedRandom,
  createMemoryNetwork,
  createVirtualClock,
} from '../kernel/index.ts';
import type { VirtualClock } from '../kernel/index.ts';
import { createSimulator } from '../psp-simulator/index.ts';
import type { PspProfile } from '../psp-simulator/index.ts';
import { createPspAdapter, webhookVerifiers } from '../reference-service/index.ts';
import type { PspAdapter, PspDialect, PspEvent, WebhookInput } from '../reference-service/index.ts';

const TIMEOUT_MS = 10_000;
const TOLERANCE_MS = 300_000;
export const DAY_MS = 24 * 3_600_000;
export const RETURN_URL = 'http://merchant/return';
/** As the service sends them with every payment. */
export const URLS = { returnUrl: RETURN_URL, webhookUrl: 'http://merchant/webhook' };
export {
  EXAMPLE_MONEY as MONEY,
  exampleCapture as captureOf,
  examplePayment as attempt,
  examplePayout as payout,
  exampleRefund as refundOf,
} from '../reference-service/index.ts';

export interface Books {
  payments: {
    psp_reference: string;
    reference: string;
    state: string;
    amount_minor: number;
    captured_minor: number;
    refunded_minor: number;
    currency: string;
  }[];
  payouts: { psp_reference: string; reference: string; state: string; amount_minor: number }[];
}

export interface SettlementFile {
  name: string;
  body: Buffer;
}

/** A closed batch as the PSP means it. */
export interface Batch {
  batch: string;
  currency: string;
  net_minor: number;
  carried_minor: number;
  transfer_minor: number;
  items: {
    type: string;
    psp_reference: string | null;
    reference: string | null;
    gross_minor: number;
    currency: string;
    converted_minor: number;
    net_minor: number;
    fees: Record<string, number>;
  }[];
}

export interface AdapterWorld {
  adapter: PspAdapter;
  clock: VirtualClock;
  /** Verified and parsed, in order of arrival. */
  events: PspEvent[];
  books(): Promise<Books>;
  fault(fault: object): Promise<void>;
  /** Plays the payer on the PSP's page; gives the query with which the browser comes back. */
  payer(pageUrl: string, action: 'approve' | 'fail' | 'cancel'): Promise<Record<string, string>>;
  /** Closes what can be settled now; the batches and their native files. */
  settle(): Promise<{ batches: Batch[]; files: SettlementFile[] }>;
  control(method: string, path: string, body?: object): Promise<unknown>;
}

export async function inAdapterWorld(
  dialect: PspDialect,
  work: (world: AdapterWorld) => Promise<void>,
  profile: Partial<PspProfile> = {},
): Promise<void> {
  const activity = createActivity();
  const clock = createVirtualClock({ startMs: Date.parse('2026-01-05T09:00:00.000Z'), activity });
  const network = createMemoryNetwork({ clock, activity });
  const ports = {
    clock,
    wireClock: clock,
    random: createKeyedRandom('adapters'),
    ids: createKeyedIds('simulator'),
    network,
    history: createHistoryWriter({ clock }),
    activity,
  };
  const psps = [{ name: dialect, dialect, webhookUrl: 'http://merchant/webhook', profile }];
  const simulator = await createSimulator({ ports, psps });
  const psp = simulator.psps[0];
  assert.ok(psp);
  const credentials = { ...psp.credentials };
  const adapter = createPspAdapter(
    { name: dialect, dialect, baseUrl: psp.url, credentials },
    { clock, ids: createKeyedIds('service'), network, timeoutMs: TIMEOUT_MS },
  );
  const events: PspEvent[] = [];
  const failures: unknown[] = [];
  /** What an event only hints at, as the service would learn it: each thing once. */
  const read = async (event: PspEvent): Promise<PspEvent[]> => {
    const result = await adapter.readEvents?.(event);
    assert.ok(result?.kind === 'events', JSON.stringify(result));
    return result.events.filter(({ eventId }) => events.every((known) => known.eventId !== eventId));
  };
  const receive = async (input: WebhookInput): Promise<void> => {
    const keys = (await adapter.webhookKeys?.(input)) ?? {};
    const verdict = webhookVerifiers[dialect]?.verify({
      ...input,
      credentials: { ...credentials, ...keys },
      receivedAtMs: clock.now(),
      toleranceMs: TOLERANCE_MS,
    });
    assert.ok(verdict?.kind === 'verified' || verdict?.kind === 'unsigned', JSON.stringify(verdict));
    for (const event of adapter.parseWebhook(input)) {
      assert.ok(verdict.kind === 'verified' || event.askFirst === true);
      events.push(...(event.askFirst === true ? await read(event) : [event]));
    }
  };
  await network.listen({
    name: 'merchant',
    listener: (request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const headers = Object.fromEntries(
          Object.entries(request.headers).map(([name, value]) => [name, String(value)]),
        );
        const input = { rawBody: Buffer.concat(chunks), headers, path: (request.url ?? '').split('?')[0] ?? '' };
        void receive(input)
          .catch((error: unknown) => failures.push(error))
          .finally(() => response.writeHead(200).end());
      });
    },
  });
  const fetched = async (method: string, path: string, body?: object): Promise<Buffer> => {
    const sent =
      body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } };
    const url = `${simulator.control.url}/v1${path}`;
    const answer = await network.request({ method, url, timeoutMs: TIMEOUT_MS, ...sent });
    assert.ok(answer.status < 300, answer.body.toString());
    return answer.body;
  };
  const control = async (method: string, path: string, body?: object): Promise<unknown> =>
    JSON.parse((await fetched(method, path, body)).toString());
  const settle = async (): Promise<{ batches: Batch[]; files: SettlementFile[] }> => {
    await control('POST', `/psps/${dialect}/settlements`, {});
    const closed = (await control('GET', `/psps/${dialect}/settlements`)) as {
      batch: string;
      files: { name: string }[];
    }[];
    const batches: Batch[] = [];
    const files: SettlementFile[] = [];
    for (const { batch, files: names } of closed) {
      const path = `/psps/${dialect}/settlements/${encodeURIComponent(batch)}`;
      batches.push(((await control('GET', path)) as { truth: Batch }).truth);
      for (const { name } of names)
        files.push({ name, body: await fetched('GET', `${path}/files/${encodeURIComponent(name)}`) });
    }
    return { batches, files };
  };
  const world: AdapterWorld = {
    adapter,
    clock,
    events,
    control,
    settle,
    books: async () => (await control('GET', `/psps/${dialect}/books`)) as Books,
    fault: async (fault) => void (await control('POST', '/faults', fault)),
    payer: async (url, action) => {
      const answer = await network.request({
        method: 'POST',
        url,
        body: `action=${action}`,
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        timeoutMs: TIMEOUT_MS,
      });
      assert.equal(answer.status, 303, answer.body.toString());
      return Object.fromEntries(new URL(answer.headers['location'] ?? '').searchParams);
    },
  };
  const outcome: { error?: unknown; done: boolean } = { done: false };
  void activity
    .run('test', () => work(world))
    .catch((error: unknown) => {
      outcome.error = error;
    })
    .finally(() => {
      outcome.done = true;
    });
  await clock.run({ until: () => outcome.done });
  await simulator.close();
  await network.close();
  const [problem] = outcome.error === undefined ? failures : [outcome.error];
  if (problem !== undefined) throw problem instanceof Error ? problem : new Error(String(problem));
}

/** What the events say that is neither on its way nor irrelevant: `[outcome, reference]`. */
export function finals(events: readonly PspEvent[], subject: PspEvent['subject']): PspEvent[] {
  return events.filter(
    (event) => event.subject === subject && event.outcome !== 'pending' && event.outcome !== 'irrelevant',
  );
}
