/** Goal: everything that happens at a simulator is seen, once, with its outcome. */
import assert from 'node:assert/strict';
import { createManualClock, type HistoryEventInput } from '../../kernel/index.ts';
import { createLiveEvents, type LiveEvent } from './live-events.ts';
import { lineOf } from './live-lines.ts';

/** Events of one history, as objects; the clock moves two milliseconds between two of them. */
async function eventsOf(...history: HistoryEventInput[]): Promise<LiveEvent[]> {
  const clock = createManualClock({ startMs: Date.UTC(2030, 0, 1, 10, 2, 11) });
  const events: LiveEvent[] = [];
  const sink = createLiveEvents({ clock, tell: (event) => events.push(event) });
  for (const event of history) {
    sink.append(event);
    await clock.advance(2);
  }
  return events;
}

async function linesOf(...history: HistoryEventInput[]): Promise<string[]> {
  const lines = (await eventsOf(...history)).map(lineOf);
  // Colours are for terminals; tests run with and without one.
  return lines.flatMap((line) => (line === undefined ? [] : [line.replaceAll(/\x1b\[\d+m/g, '').slice(14)]));
}

const call = {
  proc: 'psp:stripe',
  type: 'recv',
  f: 'exchange',
  value: { exchange_id: 'e1', psp: 'stripe', operation: 'create-payment', method: 'POST', path: '/v1/payment_intents' },
} as const;
const delivery = {
  proc: 'courier:stripe',
  type: 'send',
  f: 'webhook',
  key: 'order-7',
  value: {
    delivery_id: 'd1',
    event_id: 'evt_1',
    event: 'payout.paid',
    attempt: 2,
    kind: 'payout',
    signature: 'valid',
    psp: 'stripe',
  },
} as const;
const end = (
  f: 'exchange' | 'webhook' | 'webhook-ack',
  type: 'send' | 'recv' | 'drop',
  value: object,
): HistoryEventInput => ({
  proc: f === 'exchange' ? 'psp:stripe' : 'courier:stripe',
  type,
  f,
  key: 'order-7',
  value: { psp: 'stripe', ...value },
});

describe('what a person sees of a running simulator', () => {
  it('is one line per finished call, with its answer or the way in which it was lost', async () => {
    assert.deepEqual(
      await linesOf(call, end('exchange', 'send', { exchange_id: 'e1', status: 200, outcome: 'answered' })),
      ['stripe       → POST /v1/payment_intents  order-7  200  2 ms'],
    );
    assert.deepEqual(
      await linesOf(
        call,
        end('exchange', 'send', { exchange_id: 'e1', status: 200, outcome: 'answered', replayed: true }),
      ),
      ['stripe       → POST /v1/payment_intents  order-7  200  (replayed)  2 ms'],
    );
    assert.deepEqual(await linesOf(call, end('exchange', 'drop', { exchange_id: 'e1', outcome: 'lost' })), [
      'stripe       → POST /v1/payment_intents  order-7  lost  2 ms',
    ]);
    assert.deepEqual(await linesOf(call), []);
  });

  it('is one line per delivery, with what is strange about it', async () => {
    assert.deepEqual(await linesOf(delivery, end('webhook-ack', 'recv', { delivery_id: 'd1', status: 503 })), [
      'stripe       ← payout.paid (attempt 2)  order-7  503  2 ms',
    ]);
    assert.deepEqual(await linesOf(delivery, end('webhook', 'drop', { delivery_id: 'd1', reason: 'refused' })), [
      'stripe       ← payout.paid (attempt 2)  order-7  refused  2 ms',
    ]);
    const forged = { ...delivery, value: { ...delivery.value, signature: 'wrong-key' } };
    assert.deepEqual(await linesOf(forged, end('webhook-ack', 'recv', { delivery_id: 'd1', status: 200 })), [
      'stripe       ← payout.paid (attempt 2)  order-7  200  wrong-key  2 ms',
    ]);
    assert.deepEqual(await linesOf(end('webhook', 'drop', { event_id: 'evt_9', reason: 'no-webhook-url' })), [
      'stripe       ← evt_9  order-7  not sent: no-webhook-url',
    ]);
  });

  it('is a line for what no call and no delivery shows', async () => {
    const books = {
      psp: 'acme',
      kind: 'payout',
      change: 'payout-paid',
      amount_minor: 4_000,
      currency: 'EUR',
      reference: 'out-1',
    };
    const changed = { proc: 'psp:acme', type: 'obs', f: 'books', key: 'out-1', value: books } as const;
    assert.deepEqual(await linesOf(changed), ['acme         · payout-paid 40.00 EUR  out-1']);
    assert.deepEqual(await linesOf({ ...changed, value: { ...books, currency: 'JPY' } }), [
      'acme         · payout-paid 4000 JPY  out-1',
    ]);
    assert.deepEqual(await linesOf({ ...changed, cause: 3 }), []);
    assert.deepEqual(
      await linesOf(
        { proc: 'nemesis', type: 'fault', f: 'outage', value: { phase: 'begin', psp: null } },
        { proc: 'nemesis', type: 'fault', f: 'error', key: 'order-7', value: { psp: 'acme' } },
        { proc: 'psp:acme', type: 'note', f: 'not-simulated', value: { psp: 'acme', message: 'GET /x is no route' } },
        { proc: 'proxy', type: 'note', f: 'proxy-refused', value: { message: 'example.com is refused' } },
        { proc: 'psp:acme', type: 'note', f: 'tls-failure', value: { host: 'localhost', message: 'no trust' } },
        { proc: 'operator', type: 'note', f: 'trigger', value: { psp: 'acme', event: 'refund' } },
        { proc: 'courier:acme', type: 'note', f: 'dead-letter', key: 'order-7', value: { event: 'refund' } },
      ),
      [
        '             fault outage begins',
        'acme         fault error  order-7',
        'acme         not-simulated  GET /x is no route',
        'proxy        proxy-refused  example.com is refused',
        'acme         tls-failure  localhost: no trust',
        'acme         · trigger refund',
        'acme         dead letter  order-7  refund',
      ],
    );
  });

  it('is for a machine an object with all that the history says, under one kind', async () => {
    const [event] = await eventsOf(delivery, end('webhook-ack', 'recv', { delivery_id: 'd1', status: 200 }));
    assert.deepEqual(
      { ...event },
      {
        kind: 'delivery',
        at: '2030-01-01T10:02:11.002Z',
        psp: 'stripe',
        reference: 'order-7',
        record: 'payout',
        delivery_id: 'd1',
        event_id: 'evt_1',
        event: 'payout.paid',
        attempt: 2,
        signature: 'valid',
        status: 200,
        outcome: 'answered',
        ms: 2,
      },
    );
  });
});
