/**
 * Where the simulated PSPs really deliver. Keeps every delivery as it came, byte for byte, and
 * lets a verification wait for the one that it is about.
 */
import { createPassiveActivity, Signal, type Clock, type Listening, type Network } from '../../kernel/index.ts';
import type { WebhookInput } from '../../reference-service/index.ts';
import { DIALECTS } from '../verify/dialects/index.ts';

/** First deliveries are immediate here; more than this means that none comes. */
const DEADLINE_MS = 10_000;

export interface WebhookReceiver {
  /** `{psp}` stands for the PSP's name. */
  url: string;
  /** The delivery of `event` about `reference`. @throws Error when none comes */
  delivery(wanted: Wanted): Promise<WebhookInput>;
}

export interface Wanted {
  psp: string;
  event: string;
  /** Ours, of the payment or payout. */
  reference: string;
  /** The PSP's, for events that do not repeat ours. */
  pspReference: string;
}

interface Delivery extends WebhookInput {
  psp: string;
  event: string;
}

export async function startReceiver(network: Network, clock: Clock): Promise<WebhookReceiver> {
  const arrived: Delivery[] = [];
  const arrival = new Signal();
  const listening: Listening = await network.listen({
    name: 'webhook-receiver',
    listener: (request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const rawBody = Buffer.concat(chunks);
        const headers = Object.fromEntries(
          Object.entries(request.headers).map(([name, value]) => [name, String(value)]),
        );
        const psp = (request.url ?? '').slice(1);
        const text = rawBody.toString('utf8');
        const dialect = DIALECTS.find(({ name }) => name === psp);
        // A form is an event of its own kind; everything else is JSON.
        const json: unknown = text.startsWith('{') ? JSON.parse(text) : undefined;
        // In the words of the pacts, which are the PSP's own.
        const event = dialect?.eventName(json, text) ?? '';
        arrived.push({ psp, event, rawBody, headers, path: request.url ?? '/' });
        response.writeHead(200).end();
        arrival.notify();
      });
    },
  });

  async function delivery({ psp, event, reference, pspReference }: Wanted): Promise<WebhookInput> {
    // A refund has a reference of its own, made from that of its payment.
    const names = [`"${reference}"`, `"${reference}_refund"`, `"${pspReference}"`];
    const giveUpAt = clock.elapsed() + DEADLINE_MS;
    for (;;) {
      const found = arrived.find(
        (one) => one.psp === psp && one.event === event && names.some((name) => one.rawBody.includes(name)),
      );
      if (found !== undefined) return found;
      const timeoutMs = giveUpAt - clock.elapsed();
      if (timeoutMs <= 0) throw new Error(`${psp} never delivered ${event} about ${reference}`);
      await arrival.wait({ clock, timeoutMs, activity: createPassiveActivity() });
    }
  }

  return { url: `${listening.url}/{psp}`, delivery };
}
