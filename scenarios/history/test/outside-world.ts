/**
 * The part of a hand-made history that happens outside the target: clients, PSPs with their
 * books, couriers. `SoundWorld` adds the target itself.
 */
import type { SignatureKind } from '../vocabulary.ts';
import { Story } from './story.ts';
import type { Told } from './story.ts';
import { iso } from './texts.ts';

export interface DeliverySpec {
  psp: string;
  reference: string;
  state: string;
  amountMinor: number;
  currency: string;
  eventId: string;
  ack?: number | null;
  signature?: SignatureKind;
  tampered?: 'amount' | 'currency' | 'state' | null;
  attempt?: number;
  /** Default: a payment. */
  kind?: 'payout' | 'dispute';
}

export class OutsideWorld {
  readonly story = new Story();
  readonly players = new Set<string>();
  private exchanges = 0;

  constructor() {
    this.story.tell(0, {
      proc: 'runner',
      type: 'note',
      f: 'run',
      value: {
        scenario: 'hand-made',
        seed: '7',
        driver: 'virtual',
        version: '0.1.0',
        service_clock: { started_at: iso(0), factor: 1 },
      },
    });
    this.phase(0, 'traffic');
  }

  phase(t: number, phase: string): void {
    this.story.tell(t, { proc: 'runner', type: 'note', f: 'phase', value: { phase } });
  }

  /** A client's request; returns its invoke, to be answered with `answer`. */
  ask(
    t: number,
    f: 'deposit' | 'payout',
    op: string,
    player: string,
    amountMinor: number,
    currency: string,
    more: object = {},
  ): Told {
    this.players.add(player);
    const value = {
      op,
      idempotency_key: `key-${op}`,
      player_id: player,
      amount_minor: amountMinor,
      currency,
      try: 1,
      body_variant: 0,
      ...more,
    };
    return this.story.tell(t, { proc: `player:${player}`, type: 'invoke', f, key: op, value });
  }

  /** A request of the platform that is not a player's; returns its invoke. */
  platformAsks(t: number, f: string, op: string, value: object): Told {
    const input = { op, idempotency_key: `key-${f}-${op}`, try: 1, body_variant: 0, ...value };
    return this.story.tell(t, { proc: 'platform', type: 'invoke', f, key: op, value: input });
  }

  answer(t: number, invoke: Told, type: 'ok' | 'fail' | 'info', value: object): Told {
    const { proc, f, key } = invoke.event;
    const op = (invoke.event.value as { op: string }).op;
    return this.story.tell(
      t,
      { proc, type, f, ...(key === undefined ? {} : { key }), value: { op, ...value } },
      invoke,
    );
  }

  /** A request that a PSP received; `ended` is answered, lost, hung, … */
  exchange(
    t: number,
    psp: string,
    operation: string,
    reference: string,
    ended: string = 'answered',
    status = 200,
    tookMs = 200,
    idempotency_key: string | null = `idem-${reference}`,
  ): { recv: Told; end: Told } {
    this.exchanges += 1;
    const exchange_id = `ex_${this.exchanges}`;
    const about = { proc: `psp:${psp}`, f: 'exchange', key: reference };
    const recv = this.story.tell(t, {
      ...about,
      type: 'recv',
      value: {
        exchange_id,
        psp,
        operation,
        method: 'POST',
        path: `/${operation}`,
        idempotency_key,
      },
    });
    const value = ended === 'answered' ? { exchange_id, status, outcome: ended } : { exchange_id, outcome: ended };
    const end = this.story.tell(t + tookMs, { ...about, type: ended === 'answered' ? 'send' : 'drop', value }, recv);
    return { recv, end };
  }

  /** The target tells the platform something, and the platform accepts it. */
  told(t: number, event_type: string, subject: string, verified = true): void {
    const value = { event_id: `msg_${subject}_${event_type}_${t}`, event_type, verified };
    this.story.tell(t, { proc: 'platform', type: 'recv', f: 'told', key: subject, value });
  }

  books(
    t: number,
    psp: string,
    reference: string,
    state: string,
    amountMinor: number,
    currency: string,
    more: object = {},
  ): Told {
    const captured = ['captured', 'refunded'].includes(state) ? amountMinor : 0;
    const value = {
      psp,
      dialect: psp,
      kind: 'payment',
      psp_reference: `${psp}_${reference}`,
      reference,
      state,
      amount_minor: amountMinor,
      captured_minor: captured,
      refunded_minor: state === 'refunded' ? amountMinor : 0,
      currency,
      ...more,
    };
    return this.story.tell(t, { proc: `psp:${psp}`, type: 'obs', f: 'books', key: reference, value });
  }

  deliver(t: number, spec: DeliverySpec): Told {
    const delivery_id = `${spec.eventId}-${spec.attempt ?? 1}-${t}`;
    const about = { proc: `courier:${spec.psp}`, key: spec.reference };
    const send = this.story.tell(t, {
      ...about,
      type: 'send',
      f: 'webhook',
      value: {
        delivery_id,
        event_id: spec.eventId,
        attempt: spec.attempt ?? 1,
        event: `payment.${spec.state}`,
        state: spec.state,
        amount_minor: spec.amountMinor,
        currency: spec.currency,
        signature: spec.signature ?? 'valid',
        tampered: spec.tampered ?? null,
        psp: spec.psp,
        ...(spec.kind === undefined ? {} : { kind: spec.kind }),
      },
    });
    const ack = spec.ack === undefined ? 200 : spec.ack;
    if (ack === null)
      this.story.tell(
        t + 10_000,
        { ...about, type: 'drop', f: 'webhook', value: { delivery_id, reason: 'lost' } },
        send,
      );
    else
      this.story.tell(t + 40, { ...about, type: 'recv', f: 'webhook-ack', value: { delivery_id, status: ack } }, send);
    return send;
  }
}
