/**
 * What the conformance tests of the official SDKs share: a simulator on real TCP sockets, a
 * merchant's webhook endpoint, and the cardholder's browser. The simulator's schedules run on
 * a manual clock, so that an event leaves exactly when a test says so; latency is zero and
 * signatures carry real time, as the SDKs' own verification expects.
 */
import assert from 'node:assert/strict';
import {
  createHistoryWriter,
  createKeyedIds,
  createKeyedRandom,
  createManualClock,
  createPassiveActivity,
  createRealClock,
  createTcpNetwork,
  type Clock,
  type ManualClock,
  type Network,
} from '../../kernel/index.ts';
import { createSimulator, type PspConfig, type RunningPsp } from '../index.ts';

export interface ReceivedWebhook {
  headers: Record<string, string | string[] | undefined>;
  body: string;
}

export interface SdkStage {
  psp: RunningPsp;
  controlUrl: string;
  clock: ManualClock;
  network: Network;
  /** Moves the simulator's time on and answers the next webhook that the merchant receives and `matches`. */
  nextWebhook(matches: (body: string) => boolean, advanceMs?: number): Promise<ReceivedWebhook>;
  /** All bodies received so far. */
  received(): readonly ReceivedWebhook[];
  /** The cardholder acts on the page at `url`; answers where the browser is sent, or null. */
  cardholder(url: string, action: 'approve' | 'fail' | 'abandon'): Promise<URL | null>;
  close(): Promise<void>;
}

/** A webhook that has not come by then never will. */
const WEBHOOK_DEADLINE_MS = 5_000;

const NOTHING = { kind: 'fixed', ms: 0 } as const;

export async function openStage(options: {
  dialect: string;
  profile?: PspConfig['profile'];
  wireClock?: Clock;
}): Promise<SdkStage> {
  const wall = createRealClock();
  const clock = createManualClock({ startMs: wall.now() });
  const network = createTcpNetwork({ clock: wall });
  const inbox: ReceivedWebhook[] = [];
  const merchant = await network.listen({
    name: 'merchant',
    listener: (request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        inbox.push({ headers: request.headers, body: Buffer.concat(chunks).toString('utf8') });
        response.writeHead(200).end('{"received":true}');
      });
    },
  });
  const simulator = await createSimulator({
    ports: {
      clock,
      wireClock: options.wireClock ?? wall,
      random: createKeyedRandom('sdk'),
      ids: createKeyedIds('sdk'),
      network,
      history: createHistoryWriter({ clock }),
      activity: createPassiveActivity(),
    },
    psps: [
      {
        name: options.dialect,
        dialect: options.dialect,
        webhookUrl: `${merchant.url}/hook`,
        profile: {
          latency: NOTHING,
          firstDelivery: NOTHING,
          payoutSettlement: NOTHING,
          refundSettlement: NOTHING,
          ...options.profile,
        },
      },
    ],
  });
  const psp = simulator.psps[0];
  assert.ok(psp);

  async function nextWebhook(matches: (body: string) => boolean, advanceMs = 0): Promise<ReceivedWebhook> {
    const deadline = wall.now() + WEBHOOK_DEADLINE_MS;
    await clock.advance(advanceMs);
    for (;;) {
      const found = inbox.find((webhook) => matches(webhook.body));
      if (found !== undefined) return found;
      if (wall.now() > deadline)
        assert.fail(`no such webhook; received: ${inbox.map((webhook) => webhook.body).join('\n')}`);
      await clock.advance(0);
    }
  }

  async function cardholder(url: string, action: string): Promise<URL | null> {
    const page = await network.request({ method: 'GET', url, timeoutMs: 5_000 });
    assert.equal(page.status, 200);
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    const answer = await network.request({ method: 'POST', url, headers, body: `action=${action}`, timeoutMs: 5_000 });
    return answer.headers['location'] === undefined ? null : new URL(answer.headers['location']);
  }

  return {
    psp,
    controlUrl: simulator.control.url,
    clock,
    network,
    nextWebhook,
    received: () => inbox,
    cardholder,
    close: async () => {
      await simulator.close();
      await network.close();
    },
  };
}
