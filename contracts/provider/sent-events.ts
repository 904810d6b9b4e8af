/**
 * Every event that a simulated PSP can send, as the service's adapter reads it: each is made to
 * happen once, delivered over a real socket, and parsed.
 */
import {
  createKeyedIds,
  createKeyedRandom,
  createPassiveActivity,
  createRealClock,
  createTcpNetwork,
} from '../../kernel/index.ts';
import { createSimulator } from '../../psp-simulator/index.ts';
import { createPspAdapter, type PspEvent } from '../../reference-service/index.ts';
import type { ContractedDialect } from '../consumer/example-credentials.ts';
import { DIALECTS } from '../verify/dialects/index.ts';
import { send } from './http.ts';

const AT_ONCE = { kind: 'fixed', ms: 0 } as const;
/** Nothing of this is asked of a PSP. */
const TIMEOUT_MS = 5_000;
const PAUSE_MS = 10;
const GIVE_UP_MS = 20_000;

/** What the service takes each event to be, by the PSP's name of it; `irrelevant` when it is not read. */
export type ReadEvents = Map<string, Set<PspEvent['outcome']>>;

/** Names as the pacts write them. @throws Error when an event that was made to happen is not delivered */
export async function readSentEvents(dialect: ContractedDialect): Promise<ReadEvents> {
  const clock = createRealClock();
  const network = createTcpNetwork({ clock });
  const ids = createKeyedIds('sent-events');
  const bodies: { rawBody: Buffer; headers: Record<string, string> }[] = [];
  const receiver = await network.listen({
    name: 'sent-events',
    listener: (request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const headers = Object.entries(request.headers).map(([name, value]) => [name, String(value)]);
        bodies.push({ rawBody: Buffer.concat(chunks), headers: Object.fromEntries(headers) as Record<string, string> });
        response.writeHead(200).end();
      });
    },
  });
  const profile = { latency: AT_ONCE, firstDelivery: AT_ONCE, webhookEvents: ['*'] };
  const simulator = await createSimulator({
    ports: {
      clock,
      wireClock: clock,
      random: createKeyedRandom('sent-events'),
      ids,
      network,
      history: { append: () => 0 },
      activity: createPassiveActivity(),
    },
    psps: [{ name: dialect, dialect, profile, webhookUrl: receiver.url }],
  });
  try {
    const [psp] = simulator.psps;
    if (psp === undefined) throw new Error('the simulator started no PSP');
    const credentials = { ...psp.credentials };
    const adapter = createPspAdapter(
      { name: dialect, dialect, baseUrl: psp.url, credentials },
      { clock, ids, network, timeoutMs: TIMEOUT_MS },
    );
    const url = `${simulator.control.url}/v1/psps/${dialect}`;
    const types = JSON.parse(await send(network, { method: 'GET', url: `${url}/event-types` })) as {
      event: string;
      change: string;
    }[];
    const sent = types.filter(({ change }) => change !== 'settlement').map(({ event }) => event);
    const idsOf = new Map<string, string[]>();
    for (const event of sent) {
      const made = await send(network, { method: 'POST', url: `${url}/trigger`, body: { event } });
      idsOf.set(event, (JSON.parse(made) as { event_ids: string[] }).event_ids);
    }
    const words = DIALECTS.find(({ name }) => name === dialect);
    const nameOf = ({ rawBody }: { rawBody: Buffer }): string => {
      const text = rawBody.toString('utf8');
      return words?.eventName(text.startsWith('{') ? JSON.parse(text) : undefined, text) ?? '';
    };
    const giveUpAt = clock.elapsed() + GIVE_UP_MS;
    for (;;) {
      // Not every PSP writes the event's id on the wire, and not every one its name as we know it; Adyen's says whether it was a success.
      const names = bodies.map((body) => nameOf(body).split(' ')[0]);
      const hasCome = (event: string): boolean =>
        names.includes(event) || bodies.some(({ rawBody }) => idsOf.get(event)?.some((id) => rawBody.includes(id)));
      const missing = sent.filter((event) => !hasCome(event));
      if (missing.length === 0) break;
      if (clock.elapsed() > giveUpAt) throw new Error(`${dialect} never delivered ${missing.join(', ')}`);
      await clock.sleep(PAUSE_MS);
    }
    const read: ReadEvents = new Map();
    for (const body of bodies)
      for (const { outcome } of adapter.parseWebhook(body))
        read.set(nameOf(body), (read.get(nameOf(body)) ?? new Set()).add(outcome));
    return read;
  } finally {
    await simulator.close();
    await receiver.close();
    await network.close();
  }
}
