/**
 * Webhooks, however they are got hold of: received live, pulled from an event log, or read from a
 * folder of earlier ones. Kept byte for byte, because the signature is about bytes.
 */
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createPassiveActivity, messageOf, Signal, UserError, type Clock, type Network } from '../../kernel/index.ts';
import type { WebhookSource } from './config.ts';
import { at, type Dialect } from './dialects/dialect.ts';
import type { Secrets } from './secrets.ts';

export interface Delivery {
  receivedAtMs: number;
  path: string;
  headers: Record<string, string>;
  body: Buffer;
  json: unknown;
  event: string;
  eventId: string;
}

export interface Deliveries {
  readonly all: readonly Delivery[];
  /** `receive` only: where the PSP is to deliver. */
  readonly url: string;
  /** The first that fits, waited for; undefined when none comes. `skip`: how many that fit are left out. */
  find(fits: (delivery: Delivery) => boolean, waitMs: number, skip?: number): Promise<Delivery | undefined>;
  /** Answers the next that fits with a 500. */
  refuseOnce(fits: (delivery: Delivery) => boolean): void;
  /** Whoever waits for a delivery waits no longer, and nobody will. */
  giveUp(): void;
  /** Writes all as files that `source: folder` reads, in the place of those of an earlier run. A body that holds a secret is left out. */
  record(folder: string, secrets: Secrets): void;
}

interface Recorded {
  received_at_ms: number;
  path: string;
  headers: Record<string, string>;
  body_base64: string;
}

export interface DeliveryTools {
  network: Network;
  clock: Clock;
  dialect: Dialect;
  source: WebhookSource;
  /** Reads the event log: the answer's JSON. */
  pull(path: string): Promise<unknown>;
}

const PULL_EVERY_MS = 1_000;

/** @throws UserError when the address cannot be listened on or the folder holds no deliveries */
export async function openDeliveries({ network, clock, dialect, source, pull }: DeliveryTools): Promise<Deliveries> {
  const all: Delivery[] = [];
  const arrival = new Signal();
  const refusals: ((delivery: Delivery) => boolean)[] = [];
  let isOver = false;
  const keep = (recorded: Omit<Delivery, 'json' | 'event' | 'eventId'>): Delivery => {
    const delivery = { ...recorded, ...named(dialect, recorded.body) };
    all.push(delivery);
    arrival.notify();
    return delivery;
  };
  if (source.source === 'folder') for (const one of readRecorded(source.folder)) keep(one);

  const listening =
    source.source !== 'receive'
      ? undefined
      : await listenOn({
          name: 'partner-webhooks',
          host: source.host,
          port: source.port,
          listener: (request, response) => {
            const chunks: Buffer[] = [];
            request.on('data', (chunk: Buffer) => chunks.push(chunk));
            request.on('end', () => {
              const headers = Object.fromEntries(
                Object.entries(request.headers).map(([name, value]) => [name, String(value)]),
              );
              const delivery = keep({
                receivedAtMs: clock.now(),
                path: request.url ?? '/',
                headers,
                body: Buffer.concat(chunks),
              });
              const refusal = refusals.findIndex((fits) => fits(delivery));
              if (refusal >= 0) refusals.splice(refusal, 1);
              response.writeHead(refusal >= 0 ? 500 : 200).end();
            });
          },
        });

  function listenOn(options: Parameters<Network['listen']>[0]): ReturnType<Network['listen']> {
    return network.listen(options).catch((error: unknown) => {
      throw new UserError(
        `webhooks.listen ${source.host}:${source.port} cannot be listened on: ${messageOf(error)}`,
        'Write another host:port there, and register that with the sandbox.',
      );
    });
  }

  async function pullNew(): Promise<void> {
    const list = at(await pull(source.path), source.items);
    for (const json of Array.isArray(list) ? (list as unknown[]) : []) {
      const body = Buffer.from(JSON.stringify(json));
      if (!all.some((one) => one.body.equals(body))) keep({ receivedAtMs: clock.now(), path: '', headers: {}, body });
    }
  }

  async function find(fits: (delivery: Delivery) => boolean, waitMs: number, skip = 0): Promise<Delivery | undefined> {
    const giveUpAt = clock.elapsed() + (source.source === 'folder' ? 0 : waitMs);
    for (;;) {
      if (source.source === 'pull') await pullNew();
      const found = all.filter(fits)[skip];
      const left = giveUpAt - clock.elapsed();
      if (found !== undefined || left <= 0 || isOver) return found;
      if (source.source === 'pull') await clock.sleep(Math.min(left, PULL_EVERY_MS));
      else await arrival.wait({ clock, timeoutMs: left, activity: createPassiveActivity() });
    }
  }

  return {
    all,
    url: listening?.url ?? '',
    find,
    refuseOnce: (fits) => void refusals.push(fits),
    giveUp: () => {
      isOver = true;
      arrival.notify();
    },
    record: (folder, secrets) => recordAll(all, folder, secrets),
  };
}

function named(dialect: Dialect, body: Buffer): Pick<Delivery, 'json' | 'event' | 'eventId'> {
  const text = body.toString('utf8');
  const json = parsed(text);
  return { json, event: dialect.eventName(json, text), eventId: dialect.eventId(json, text) };
}

const RECORDED = /^\d{4,}\.json$/;
/** Signatures are needed; what lets somebody in is not. */
const KEYS = /^(authorization|proxy-authorization|x-api-key|cookie)$/;

function recordAll(all: readonly Delivery[], folder: string, { hide, hideIn }: Secrets): void {
  mkdirSync(folder, { recursive: true });
  for (const old of readdirSync(folder).filter((name) => RECORDED.test(name))) rmSync(join(folder, old));
  const shown = all.filter(({ body }) => {
    const text = body.toString('utf8');
    return hide(text) === text;
  });
  shown.forEach((one, index) => {
    const headers = Object.fromEntries(Object.entries(one.headers).filter(([name]) => !KEYS.test(name)));
    const recorded = recordedText({ ...one, path: hide(one.path), headers: hideIn(headers) });
    writeFileSync(join(folder, `${String(index + 1).padStart(4, '0')}.json`), recorded);
  });
}

function recordedText({ receivedAtMs, path, headers, body }: Delivery): string {
  const recorded: Recorded = { received_at_ms: receivedAtMs, path, headers, body_base64: body.toString('base64') };
  return `${JSON.stringify(recorded, null, 2)}\n`;
}

function readRecorded(folder: string): Omit<Delivery, 'json' | 'event' | 'eventId'>[] {
  const names = readdirSync(folder)
    .filter((name) => name.endsWith('.json'))
    .sort();
  if (names.length === 0)
    throw new UserError(`${folder} holds no recorded delivery (*.json)`, 'Record some with source: receive and --out.');
  return names.map((name) => {
    const path = join(folder, name);
    const recorded = parsed(readFileSync(path, 'utf8')) as Partial<Recorded> | null | undefined;
    const { received_at_ms: receivedAtMs, path: asked = '/', headers = {}, body_base64: body } = recorded ?? {};
    if (typeof body !== 'string' || typeof receivedAtMs !== 'number')
      throw new UserError(
        `${path} is no recorded delivery`,
        'It is JSON with received_at_ms, path, headers and body_base64.',
      );
    return { receivedAtMs, path: asked, headers, body: Buffer.from(body, 'base64') };
  });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
