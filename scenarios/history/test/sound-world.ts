/**
 * A small sound payments world that writes its own history: a target with a double-entry
 * ledger, PSPs with books, couriers, and the final probes. Tests let it live through benign
 * stories (which every invariant must accept) and then break exactly one thing.
 */
import type { HistoryEvent } from '../../../kernel/index.ts';
import { minorUnits, money } from '../money.ts';
import type { AttemptValue, CaseValue, EntryValue, PaymentProbe, PayoutProbe, SignatureKind } from '../vocabulary.ts';
import { Story } from './story.ts';
import type { Told } from './story.ts';

const START = Date.parse('2026-01-05T09:00:00.000Z');
export const HEAL_AT = 48 * 3_600_000;
export const END_AT = 50 * 3_600_000;

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
}

export class SoundWorld {
  readonly story = new Story();
  readonly entries: EntryValue[] = [];
  /** Sums by `account currency`, also of the accounts that no player sees. */
  readonly balances = new Map<string, number>();
  readonly payments = new Map<string, Omit<PaymentProbe, 'phase'>>();
  readonly payouts = new Map<string, Omit<PayoutProbe, 'phase'>>();
  readonly players = new Set<string>();
  readonly cases: CaseValue[] = [];
  private transfers = 0;
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
        idempotency_key: `idem-${reference}`,
      },
    });
    const value = ended === 'answered' ? { exchange_id, status, outcome: ended } : { exchange_id, outcome: ended };
    const end = this.story.tell(t + tookMs, { ...about, type: ended === 'answered' ? 'send' : 'drop', value }, recv);
    return { recv, end };
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

  /** One ledger transfer; the lines must sum to zero for the world to stay sound. */
  transfer(
    t: number,
    kind: string,
    paymentId: string,
    currency: string,
    lines: readonly (readonly [account: string, amountMinor: number])[],
  ): string {
    this.transfers += 1;
    const transfer_id = `tr_${this.transfers}`;
    for (const [account, amountMinor] of lines) {
      const key = `${account} ${currency}`;
      this.balances.set(key, (this.balances.get(key) ?? 0) + amountMinor);
      this.entries.push({
        entry_id: this.entries.length + 1,
        transfer_id,
        kind,
        account,
        amount: text(amountMinor, currency),
        currency,
        payment_id: paymentId,
        created_at: iso(t),
      });
    }
    return transfer_id;
  }

  credit(t: number, id: string, psp: string, amountMinor: number, currency: string): void {
    const player = this.payments.get(id)?.player_id ?? '';
    this.transfer(t, 'deposit_credit', id, currency, [
      [`wallet:${player}`, amountMinor],
      [`psp:${psp}`, -amountMinor],
    ]);
  }

  payment(
    id: string,
    player: string,
    status: string,
    amountMinor: number,
    currency: string,
    attempts: readonly [psp: string, id: string, status: string][],
  ): void {
    this.players.add(player);
    this.payments.set(id, {
      payment_id: id,
      txn_id: `txn-${id}`,
      player_id: player,
      status,
      amount: text(amountMinor, currency),
      currency,
      attempts: attempts.map(attemptOf),
    });
  }

  payout(
    id: string,
    player: string,
    status: string,
    amountMinor: number,
    currency: string,
    attempts: readonly [psp: string, id: string, status: string][],
  ): void {
    this.players.add(player);
    this.payouts.set(id, {
      payout_id: id,
      txn_id: `txn-${id}`,
      player_id: player,
      status,
      amount: text(amountMinor, currency),
      currency,
      attempts: attempts.map(attemptOf),
    });
  }

  openCase(subject: string, kind: string, psp: string | null, status = 'open'): void {
    this.cases.push({
      case_id: `case_${this.cases.length + 1}`,
      kind,
      status,
      subject_id: subject,
      psp,
      summary: kind,
      opened_at: iso(1000),
    });
  }

  /** A probe of a payment in the middle of the run. */
  probe(t: number, id: string, status?: string): Told {
    const payment = this.payments.get(id);
    return this.story.tell(t, {
      proc: 'probe',
      type: 'obs',
      f: 'payment',
      key: id,
      value: { ...payment, ...(status === undefined ? {} : { status }), phase: 'during' },
    });
  }

  /** Final probes of everything, and the history. */
  finish(options: { without?: readonly string[] } = {}): HistoryEvent[] {
    const tell = (f: string, key: string | undefined, value: object): void => {
      if (options.without?.includes(f)) return;
      this.story.tell(END_AT, {
        proc: 'probe',
        type: 'obs',
        f,
        ...(key === undefined ? {} : { key }),
        value: { ...value, phase: 'final' },
      });
    };
    this.phase(HEAL_AT, 'heal');
    this.phase(HEAL_AT + 1, 'settle');
    for (const [id, payment] of this.payments) tell('payment', id, payment);
    for (const [id, payout] of this.payouts) tell('payout', id, payout);
    for (const player of this.players) {
      const own = this.entries.filter((entry) => entry.account.endsWith(`:${player}`));
      const currencies = [...new Set(own.map((entry) => entry.currency))];
      const sum = (account: string, currency: string): string =>
        text(this.balances.get(`${account}:${player} ${currency}`) ?? 0, currency);
      tell('wallets', player, {
        player_id: player,
        wallets: currencies.map((currency) => ({
          currency,
          available: sum('wallet', currency),
          held: sum('hold', currency),
        })),
      });
      tell('entries', player, { player_id: player, entries: own });
    }
    const accounts = [...this.balances].map(([key, balance]) => {
      const [account = '', currency = ''] = key.split(' ');
      return { account, currency, balance: text(balance, currency) };
    });
    tell('ledger', undefined, { accounts });
    tell('cases', undefined, { cases: this.cases });
    this.phase(END_AT, 'end');
    return this.story.events();
  }
}

export function iso(t: number): string {
  return new Date(START + t).toISOString();
}

/** Decimal text as the API gives it. */
export function text(amountMinor: number, currency: string): string {
  const decimal = money(amountMinor, currency).split(' ')[0] ?? '';
  if (minorUnits(decimal, currency) !== amountMinor)
    throw new Error(`bug: ${amountMinor} ${currency} does not survive its own text`);
  return decimal;
}

function attemptOf([psp, attempt_id, status]: readonly [psp: string, id: string, status: string]): AttemptValue {
  return {
    attempt_id,
    psp,
    status,
    psp_reference: `${psp}_${attempt_id}`,
    decline_code: null,
    created_at: iso(0),
    updated_at: iso(0),
  };
}
