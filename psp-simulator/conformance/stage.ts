/**
 * The stage on which a probe plays: one PSP of the dialect on the test bench (virtual time,
 * memory sockets), the payer, the merchant's webhook endpoint, and the books as the history
 * tells them. Truth is read from the history, never from the dialect's own answers.
 */
import assert from 'node:assert/strict';
import type { CardholderAction } from '../core/records.ts';
import type { PspProfile } from '../dialects/profile.ts';
import { openBench } from '../test/bench.ts';
import type { Bench } from '../test/bench.ts';
import type { DialectProbe, PayWish, ProbeCard, ProbeSession, SeenPayment, WireAnswer, WireRequest } from './probe.ts';

const NOW = { kind: 'fixed', ms: 0 } as const;
const HOUR_MS = 3_600_000;

/** Everything at once, unless a test wants to see time pass. */
const QUICK: Partial<PspProfile> = {
  latency: NOW,
  firstDelivery: NOW,
  payoutSettlement: { kind: 'fixed', ms: 1_000 },
  refundSettlement: { kind: 'fixed', ms: 1_000 },
  payoutReturn: { kind: 'fixed', ms: 24 * HOUR_MS },
  refundLateFailure: { kind: 'fixed', ms: 24 * HOUR_MS },
  disputeDelay: { kind: 'fixed', ms: 24 * HOUR_MS },
  disputeDecision: { kind: 'fixed', ms: 24 * HOUR_MS },
  visibilityLagMs: 0,
};

/** One record as the books have it. */
export interface BookedRecord {
  kind: string;
  state: string;
  pspReference: string;
  reference: string | null;
  amountMinor: number;
  capturedMinor: number;
  refundedMinor: number;
  paymentPspReference: string | null;
}

export interface Stage {
  bench: Bench;
  session: ProbeSession;
  pay(card: ProbeCard, more?: Partial<PayWish>): Promise<SeenPayment>;
  /** The payer acts at the redirect; answers where the browser is sent. */
  act(payment: SeenPayment, action: CardholderAction): Promise<URL | null>;
  /** Latest state of every record of a kind, oldest first. */
  booked(kind: string): BookedRecord[];
  theOnly(kind: string): BookedRecord;
  close(): Promise<void>;
}

export async function openStage(probe: DialectProbe, profile: Partial<PspProfile> = {}): Promise<Stage> {
  const name = probe.dialect;
  const bench = await openBench({
    seed: 'conformance',
    psps: [{ name, dialect: probe.dialect, profile: { ...QUICK, ...profile } }],
  });
  const { url, credentials } = bench.psp();
  let given = 0;
  const next = (): number => {
    given += 1;
    return given;
  };
  const session: ProbeSession = {
    baseUrl: url,
    credentials,
    returnUrl: 'https://shop.example.com/return',
    next,
    send: async (request) => send(bench, url, request),
  };

  function booked(kind: string): BookedRecord[] {
    const records = new Map<string, BookedRecord>();
    for (const { value } of bench.events('books')) {
      const entry = value as Record<string, unknown>;
      if (entry['kind'] !== kind) continue;
      records.set(String(entry['psp_reference']), {
        kind,
        state: String(entry['state']),
        pspReference: String(entry['psp_reference']),
        reference: entry['reference'] === null ? null : String(entry['reference']),
        amountMinor: Number(entry['amount_minor']),
        capturedMinor: Number(entry['captured_minor']),
        refundedMinor: Number(entry['refunded_minor']),
        paymentPspReference: typeof entry['payment_psp_reference'] === 'string' ? entry['payment_psp_reference'] : null,
      });
    }
    return [...records.values()];
  }

  return {
    bench,
    session,
    booked,
    theOnly: (kind) => {
      const records = booked(kind);
      const [record] = records;
      assert.ok(record !== undefined && records.length === 1, `the books hold ${records.length} records of ${kind}`);
      return record;
    },
    pay: (card, more = {}) => {
      const number = next();
      const wish: PayWish = {
        reference: `order-${number}`,
        amountMinor: 5_000,
        currency: probe.currency,
        card,
        capture: 'automatic',
        idempotencyKey: `key-${number}`,
        ...more,
      };
      return probe.pay(session, wish);
    },
    act: async (payment, action) => {
      assert.ok(payment.redirectUrl, `${payment.pspReference} has no page: ${payment.answer.text}`);
      const page = await bench.exchange(payment.redirectUrl);
      assert.equal(page.status, 200);
      const answer = await bench.exchange(payment.redirectUrl, {
        method: 'POST',
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        body: `action=${action}`,
      });
      const { location } = answer.headers;
      return location === undefined ? null : new URL(location);
    },
    close: () => bench.close(),
  };
}

export async function send(bench: Bench, baseUrl: string, request: WireRequest): Promise<WireAnswer> {
  const response = await bench.exchange(`${baseUrl}${request.path}`, {
    method: request.method,
    headers: { ...request.headers },
    ...(request.body === undefined ? {} : { body: request.body }),
  });
  const text = response.body.toString('utf8');
  return { status: response.status, headers: response.headers, text, json: jsonOf(text) };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
