/** A simulated PSP behind a proxy that can make it wrong in one way: in its answers, or in its webhooks. */
import { createRealClock, createTcpNetwork } from '../../../kernel/index.ts';
import { startSimulator } from '../../provider/simulator-process.ts';
import type { WebhookSource } from '../config.ts';
import { openDeliveries } from '../deliveries.ts';
import { stripe } from '../dialects/stripe.ts';
import { askOf, readyControl, simulatedConfig } from '../simulated-partner.ts';
import { verifyPartner, type Verification, type VerifyOptions } from '../verify.ts';

export interface Message {
  status: number;
  headers: Record<string, string>;
  text: string;
}

export interface Wrong {
  /** Changes a request on its way in. */
  request?(headers: Record<string, string>): Record<string, string>;
  /** Changes the body of a request on its way in. */
  requestBody?(text: string): string;
  /** Changes an answer on its way out. */
  answer?(answer: Message): Message;
  /** Changes a delivery; null: it is lost, and the PSP believes it delivered. */
  delivery?(
    delivery: { headers: Record<string, string>; text: string },
    secret: string,
  ): { headers: Record<string, string>; text: string } | null;
  /** The PSP takes a refusal for an acknowledgement. */
  neverRetries?: true;
}

export interface BrokenPartner {
  /** Verifies the partner while it is wrong in this way. */
  verify(wrong: Wrong, only: readonly string[], onResult?: VerifyOptions['onResult']): Promise<Verification>;
  close(): Promise<void>;
}

const TIMEOUT_MS = 20_000;
const HOP = new Set(['connection', 'content-length', 'transfer-encoding', 'host', 'keep-alive', 'date']);
const WAIT_MS = 1_500;

const plain = (headers: NodeJS.Dict<string | string[]>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(headers)
      .filter(([name]) => !HOP.has(name))
      .map(([name, value]) => [name, String(value)]),
  );

export async function startBrokenPartner(): Promise<BrokenPartner> {
  const clock = createRealClock();
  const network = createTcpNetwork({ clock });
  let wrong: Wrong = {};
  let secret = '';
  let upstream = '';
  let receiver = '';

  const listen = (
    name: string,
    answer: (request: {
      method: string;
      url: string;
      headers: Record<string, string>;
      text: string;
    }) => Promise<Message>,
  ) =>
    network.listen({
      name,
      listener: (request, response) => {
        const chunks: Buffer[] = [];
        request.on('data', (chunk: Buffer) => chunks.push(chunk));
        request.on('end', () => {
          const text = Buffer.concat(chunks).toString('utf8');
          void answer({
            method: request.method ?? '',
            url: request.url ?? '',
            headers: plain(request.headers),
            text,
          }).then((made) => response.writeHead(made.status, made.headers).end(made.text));
        });
      },
    });

  const forward = async (
    method: string,
    url: string,
    headers: Record<string, string>,
    text: string,
  ): Promise<Message> => {
    const answer = await network.request({
      method,
      url,
      headers,
      timeoutMs: TIMEOUT_MS,
      ...(text === '' ? {} : { body: text }),
    });
    return { status: answer.status, headers: plain(answer.headers), text: answer.body.toString('utf8') };
  };

  const inlet = await listen('broken-webhooks', async ({ headers, text }) => {
    const changed = wrong.delivery === undefined ? { headers, text } : wrong.delivery({ headers, text }, secret);
    const acknowledged = { status: 200, headers: {}, text: '' };
    if (changed === null || receiver === '') return acknowledged;
    const answer = await forward('POST', receiver, changed.headers, changed.text).catch(() => acknowledged);
    return wrong.neverRetries === true ? acknowledged : answer;
  });
  const simulator = await startSimulator(clock, ['stripe'], `${inlet.url}/{psp}`);
  const [psp] = simulator.psps;
  if (psp === undefined) throw new Error('the simulator started no PSP');
  upstream = psp.url;
  secret = psp.credentials['webhookSecret'] ?? '';
  const outlet = await listen('broken-api', async ({ method, url, headers, text }) => {
    const body = wrong.requestBody?.(text) ?? text;
    const answer = await forward(method, `${upstream}${url}`, wrong.request?.(headers) ?? headers, body);
    return wrong.answer?.(answer) ?? answer;
  });
  const control = await readyControl({ network, clock, url: simulator.control, psp: psp.name });

  return {
    verify: async (way, only, onResult) => {
      wrong = way;
      const base = simulatedConfig(stripe, { url: outlet.url, credentials: psp.credentials }, 300);
      const source: WebhookSource = { ...base.webhooks, waitMs: WAIT_MS, retryWaitMs: WAIT_MS };
      const own = createTcpNetwork({ clock });
      const deliveries = await openDeliveries({
        network: own,
        clock,
        dialect: stripe,
        source,
        pull: () => Promise.resolve(undefined),
      });
      receiver = deliveries.url;
      try {
        const config = { ...base, webhooks: source };
        return await verifyPartner({
          config,
          deliveries,
          only,
          ask: askOf(control),
          ...(onResult === undefined ? {} : { onResult }),
        });
      } finally {
        receiver = '';
        await own.close();
      }
    },
    close: async () => {
      await simulator.stop();
      await network.close();
    },
  };
}
