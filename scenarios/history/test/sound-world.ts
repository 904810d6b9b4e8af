/**
 * A small sound payments world that writes its own history: a target with a double-entry
 * ledger, PSPs with books, couriers, and the final probes. Tests let it live through benign
 * stories (which every invariant must accept) and then break exactly one thing.
 */
import type { HistoryEvent } from '../../../kernel/index.ts';
import type { AttemptValue, CaseValue, EntryValue, PaymentProbe, PayoutProbe } from '../vocabulary.ts';
import type { SettlementsProbe } from '../settlement-vocabulary.ts';
import { OutsideWorld } from './outside-world.ts';
import type { Told } from './story.ts';
import { iso, text } from './texts.ts';

export const HEAL_AT = 48 * 3_600_000;
export const END_AT = 50 * 3_600_000;

export class SoundWorld extends OutsideWorld {
  readonly entries: EntryValue[] = [];
  /** Sums by `account currency`, also of the accounts that no player sees. */
  readonly balances = new Map<string, number>();
  readonly payments = new Map<string, Omit<PaymentProbe, 'phase'>>();
  readonly payouts = new Map<string, Omit<PayoutProbe, 'phase'>>();
  readonly cases: CaseValue[] = [];
  /** What the target says that it took in. */
  readonly settlements: SettlementsProbe['settlements'] = [];
  /** Of these the platform is told by the story itself, or not at all. */
  readonly untold = new Set<string>();
  private transfers = 0;

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

  /** When a payment began, by the target's own clock. */
  began(id: string, t: number): void {
    const payment = this.payments.get(id);
    if (payment !== undefined) payment.created_at = iso(t);
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

  private tellFinals(): void {
    const subjects = [
      ...[...this.payments].map(([id, { status }]) => [id, `deposit.${status}`] as const),
      ...[...this.payouts].map(([id, { status }]) => [id, `payout.${status}`] as const),
    ];
    for (const [id, type] of subjects)
      if (!this.untold.has(id) && !type.endsWith('.pending')) this.told(HEAL_AT - 1, type, id);
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
    this.tellFinals();
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
    if (this.settlements.length > 0) tell('settlements', undefined, { settlements: this.settlements });
    this.phase(END_AT, 'end');
    return this.story.events();
  }
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
