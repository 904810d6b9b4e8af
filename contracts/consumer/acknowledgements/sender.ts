/**
 * The simulator's own sender of webhooks, brought to make one delivery of a kind. What it sends is
 * caught as it comes, byte for byte, and can be passed on to whoever is to acknowledge it.
 */
import {
  createKeyedIds,
  createKeyedRandom,
  createPassiveActivity,
  Signal,
  type Clock,
  type Network,
} from '../../../kernel/index.ts';
import { createSimulator } from '../../../psp-simulator/index.ts';
import type { Fault } from '../../../openapi/generated/simulator-control.ts';
import { createControl } from '../../provider/control.ts';
import type { AckPsp } from './psps.ts';

/** `unreadable`: signed as it is sent, and it breaks off in its middle. */
export type DeliveryKind = 'ordinary' | 'bad signature' | 'old' | 'unreadable';

export interface Caught {
  headers: Record<string, string>;
  body: Buffer;
}

export interface Sender {
  /** The simulated PSP's, which its deliveries are signed with. */
  readonly url: string;
  readonly credentials: Readonly<Record<string, string>>;
  /** A delivery of a new event. @throws Error when none of the kind comes */
  catch(kind: DeliveryKind): Promise<Caught>;
  close(): Promise<void>;
}

/** What its clock says for a delivery of long ago: May 2014. */
const LONG_AGO_MS = 1_400_000_000_000;
const AT_ONCE = { kind: 'fixed', ms: 0 } as const;
const HOUR_MS = 3_600_000;
/** Deliveries leave at once; more than this means that none comes. */
const DEADLINE_MS = 10_000;

const FAULTS: Readonly<Partial<Record<DeliveryKind, { fault: string; with?: Record<string, unknown> }>>> = {
  'bad signature': { fault: 'webhook-forged', with: { signature: 'malformed' } },
  unreadable: { fault: 'webhook-malformed-body' },
};

export async function startSender(
  { dialect, event, contentType, path, profile: more }: AckPsp,
  { clock, network }: { clock: Clock; network: Network },
): Promise<Sender> {
  const activity = createPassiveActivity();
  let isLongAgo = false;
  let made = 0;
  const arrived: Caught[] = [];
  const arrival = new Signal();
  const receiver = await network.listen({
    name: 'acknowledgements',
    listener: (request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const headers = Object.entries(request.headers).map(([name, value]) => [name, String(value)]);
        arrived.push({ headers: Object.fromEntries(headers) as Caught['headers'], body: Buffer.concat(chunks) });
        response.writeHead(200).end();
        arrival.notify();
      });
    },
  });
  const profile = { latency: AT_ONCE, firstDelivery: AT_ONCE, retryScheduleMs: [HOUR_MS], ...more };
  const simulator = await createSimulator({
    ports: {
      clock,
      wireClock: { ...clock, now: () => (isLongAgo ? LONG_AGO_MS : clock.now()) },
      random: createKeyedRandom('acknowledgements'),
      ids: createKeyedIds('acknowledgements'),
      network,
      history: { append: () => 0 },
      activity,
    },
    // The path as well is signed by one of them.
    psps: [{ name: dialect, dialect, profile, webhookUrl: `${receiver.url}${path}` }],
  });
  const [psp] = simulator.psps;
  if (psp === undefined) throw new Error('the simulator started no PSP');
  const control = createControl({ network, clock, url: simulator.control.url, psp: psp.name });

  return {
    url: psp.url,
    credentials: psp.credentials,
    catch: async (kind) => {
      arrived.length = 0;
      isLongAgo = kind === 'old';
      const fault = FAULTS[kind];
      if (fault !== undefined) await control.plan({ psp: psp.name, ...fault } as Fault);
      made += 1;
      await control.trigger(event, `att_ack_${made}`);
      const giveUpAt = clock.elapsed() + DEADLINE_MS;
      try {
        for (;;) {
          const found = arrived.find((one) => isOfKind(one, kind, contentType));
          if (found !== undefined) return found;
          const leftMs = giveUpAt - clock.elapsed();
          if (leftMs <= 0) throw new Error(`${dialect} delivered nothing of this kind: ${kind}`);
          await arrival.wait({ clock, activity, timeoutMs: leftMs });
        }
      } finally {
        await control.heal();
      }
    },
    close: async () => {
      await simulator.close();
      await receiver.close();
    },
  };
}

function isOfKind({ headers, body }: Caught, kind: DeliveryKind, contentType: string): boolean {
  if (headers['content-type'] !== contentType) return false;
  const text = body.toString('utf8');
  const isForged = /not.a.signature/.test(`${JSON.stringify(headers)}${text}`);
  const isWhole = contentType.startsWith('application/json') ? isJson(text) : true;
  return isForged === (kind === 'bad signature') && isWhole === (kind !== 'unreadable');
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
