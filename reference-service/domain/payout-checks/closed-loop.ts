/**
 * Closed loop: money goes back by the way it came. Pure.
 *
 * Of every way (method at a PSP) we know what was paid in and what was paid back. The way of
 * the last deposit that is not paid back yet comes first; what exceeds all deposits (winnings)
 * may leave by any way, and the route says so.
 */
import type { PaymentMethod } from '../deposit.ts';

/** One way by which a player paid in or was paid out, in one currency. */
export interface MoneyWay {
  method: PaymentMethod;
  /** Null: paid out by nobody yet (a payout that waits for a PSP). */
  psp: string | null;
  /** Credited and not given back by refunds or disputes. */
  depositedMinor: number;
  /** Paid out, or reserved for it. */
  paidOutMinor: number;
  /** Epoch ms; null when nothing was paid in by it. */
  lastDepositAt: number | null;
}

export interface PayoutRoute {
  kind: 'closed_loop' | 'open_loop';
  /**
   * `method_of_deposit`: back by the way it came. `deposits_paid_back`: all deposits are, this
   * is more. `other_method_wanted`: deposits by other methods are not paid back yet.
   * `no_way_back`: their PSPs cannot pay out by this method.
   */
  reason: 'method_of_deposit' | 'deposits_paid_back' | 'other_method_wanted' | 'no_way_back';
  /** Where the money should go out; null: wherever the router likes. */
  psp: string | null;
  /** The kept method that it goes back to; null when the destination was given or none is kept. */
  storedMethodId: string | null;
  /** Deposits by the wanted method that are not paid back, over all PSPs. Minor units. */
  openByMethodMinor: number;
  /** The same of other methods, largest first. */
  openElsewhere: readonly { method: PaymentMethod; amountMinor: number }[];
}

export interface PayoutWish {
  method: PaymentMethod;
  amountMinor: number;
  /** PSPs that can pay out by a method. */
  canPayOut: (psp: string, method: PaymentMethod) => boolean;
}

export function payoutRoute(ways: readonly MoneyWay[], wish: PayoutWish): PayoutRoute {
  const open = openByMethod(ways);
  const openByMethodMinor = open.get(wish.method) ?? 0;
  const openElsewhere = [...open]
    .filter(([method, amountMinor]) => method !== wish.method && amountMinor > 0)
    .map(([method, amountMinor]) => ({ method, amountMinor }))
    .sort((a, b) => b.amountMinor - a.amountMinor || (a.method < b.method ? -1 : 1));
  const route = { storedMethodId: null, openByMethodMinor, openElsewhere };
  if (openByMethodMinor <= 0) {
    const reason = openElsewhere.length > 0 ? 'other_method_wanted' : 'deposits_paid_back';
    return { ...route, kind: 'open_loop', reason, psp: null };
  }
  const back = waysBack(ways, wish)[0];
  return back === undefined
    ? { ...route, kind: 'open_loop', reason: 'no_way_back', psp: null }
    : { ...route, kind: 'closed_loop', reason: 'method_of_deposit', psp: back.psp };
}

/**
 * True when the payout would leave by a method beyond its deposits while those of another one
 * that can pay back are still open.
 */
export function leavesTheLoop(route: PayoutRoute, ways: readonly MoneyWay[], wish: PayoutWish): boolean {
  if (wish.amountMinor <= route.openByMethodMinor) return false;
  return route.openElsewhere.some(({ method }) =>
    ways.some((way) => way.method === method && way.psp !== null && wish.canPayOut(way.psp, method)),
  );
}

/**
 * What is paid back is compared per method: a payout by another PSP pays the same card back.
 */
function openByMethod(ways: readonly MoneyWay[]): Map<PaymentMethod, number> {
  const open = new Map<PaymentMethod, number>();
  for (const { method, depositedMinor, paidOutMinor } of ways)
    open.set(method, (open.get(method) ?? 0) + depositedMinor - paidOutMinor);
  for (const [method, amountMinor] of open) open.set(method, Math.max(0, amountMinor));
  return open;
}

/** PSPs that took deposits by the method and can pay out by it: those not paid back first, then the last used. */
function waysBack(ways: readonly MoneyWay[], { method, canPayOut }: PayoutWish): MoneyWay[] {
  const openOf = (way: MoneyWay): number => (way.depositedMinor > way.paidOutMinor ? 1 : 0);
  return ways
    .filter((way) => way.method === method && way.lastDepositAt !== null)
    .filter(({ psp }) => psp !== null && canPayOut(psp, method))
    .sort((a, b) => openOf(b) - openOf(a) || (b.lastDepositAt ?? 0) - (a.lastDepositAt ?? 0));
}
