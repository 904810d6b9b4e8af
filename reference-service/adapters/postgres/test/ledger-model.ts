/**
 * The ledger as a person would keep it on paper: balances by account, and a list of what was
 * done under which key. Written from the port's words alone, sharing nothing with the SQL.
 */
import type { LedgerCommand, TransferKind } from '../../../ports/ledger.ts';

interface Done {
  content: string;
  /** What each account gained. */
  moved: Map<string, number>;
}

const REVERSES: Partial<Record<TransferKind, TransferKind[]>> = {
  refund_return: ['refund_post', 'deposit_refund'],
  chargeback_reversal: ['chargeback'],
};

export class LedgerModel {
  readonly #balances = new Map<string, number>();
  readonly #done = new Map<string, Done>();

  balance(account: string, currency: string): number {
    return this.#balances.get(`${account} ${currency}`) ?? 0;
  }

  accounts(): [account: string, currency: string][] {
    return [...this.#balances.keys()].map((key) => key.split(' ') as [string, string]);
  }

  /** The outcome that the ledger must answer. */
  post(one: LedgerCommand): string {
    const { walletLimitMinor: _, from: _from, to: _to, ...content } = one;
    const key = keyOf(one, one.kind);
    const before = this.#done.get(key);
    if (before !== undefined) return before.content === JSON.stringify(content) ? 'already' : 'conflict';
    const moved = this.#moves(one);
    if (moved === null) return 'insufficient_funds';
    this.#done.set(key, { content: JSON.stringify(content), moved });
    for (const [account, amount] of moved)
      if (amount !== 0) this.#balances.set(`${account} ${one.currency}`, this.balance(account, one.currency) + amount);
    return 'posted';
  }

  #moves(one: LedgerCommand): Map<string, number> | null {
    const wallet = `wallet:${one.playerId}`;
    const hold = `hold:${one.playerId}`;
    const psp = `psp:${one.psp}`;
    const { amountMinor } = one;
    const reverses = REVERSES[one.kind];
    if (reverses !== undefined) {
      const moved = reverses.flatMap((kind) => [...(this.#done.get(keyOf(one, kind))?.moved ?? [])]);
      return new Map(moved.map(([account, amount]) => [account === hold ? wallet : account, -amount]));
    }
    if (one.kind === 'chargeback' || one.kind === 'deposit_refund') {
      const limit = Math.max(0, one.walletLimitMinor ?? amountMinor);
      const paid = Math.min(amountMinor, limit, this.balance(wallet, one.currency));
      return new Map([
        [wallet, -paid],
        ['chargeback_loss', paid - amountMinor],
        [psp, amountMinor],
      ]);
    }
    const ways: Record<string, [from: string, to: string]> = {
      deposit_credit: [psp, wallet],
      payout_return: [psp, wallet],
      refund_reserve: [wallet, hold],
      payout_reserve: [wallet, hold],
      refund_post: [hold, psp],
      payout_post: [hold, psp],
      refund_void: [hold, wallet],
      payout_void: [hold, wallet],
      payout_surplus: ['suspense', psp],
      platform_credit: ['platform', wallet],
      platform_debit: [wallet, 'platform'],
      round_rollback: ['platform', wallet],
      psp_fee: [`fees:${one.psp}`, psp],
      chargeback_fee: [`fees:${one.psp}`, psp],
      settlement: [one.from ?? '', one.to ?? ''],
      correction: [one.from ?? '', one.to ?? ''],
    };
    const [from, to] = ways[one.kind] as [string, string];
    const isPlayers = from.startsWith('wallet:') || (from.startsWith('hold:') && one.kind === 'correction');
    if (isPlayers && this.balance(from, one.currency) < amountMinor) return null;
    return new Map([
      [from, -amountMinor],
      [to, amountMinor],
    ]);
  }
}

function keyOf(one: LedgerCommand, kind: TransferKind): string {
  return one.txnId ?? `${one.paymentId} ${kind} ${one.part ?? ''}`;
}
