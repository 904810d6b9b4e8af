/**
 * Neutral words that every adapter reads the same way: tokens like `card_ok`, which a dialect
 * maps to its PSP's own test values, and whether an adapter can do at all what an attempt asks
 * for. What it cannot do is refused before a byte is sent; a neutral token that a dialect has no
 * test value for is refused too, because passed on as a native one it might be approved.
 */
import type { PspCapabilities, PspFailure, PspPaymentAttempt, PspPayoutAttempt } from '../../ports/psp-adapter.ts';
import { refused } from './failures.ts';

/** Lower-case words behind a method's name. Stripe's old `card_1NvT…` ids have capitals and are native. */
const NEUTRAL = /^(?:card|ewallet|bank|p2p|voucher)_[a-z0-9_]+$/;

export function isNeutralToken(token: string): boolean {
  return NEUTRAL.test(token);
}

/** What `token` is at the PSP: by the table when it is neutral, else itself. Null: neutral, and the PSP has no such test value. */
export function nativeToken<T>(table: Readonly<Record<string, T>>, token: string): T | string | null {
  if (Object.hasOwn(table, token)) return table[token] ?? null;
  return isNeutralToken(token) ? null : token;
}

export function unknownToken(dialect: string, token: string): PspFailure {
  return refused('unsupported', `${dialect} has no test value for ${token}`);
}

/** Why the adapter cannot make this payment; null when it can. */
export function cannotPay(dialect: string, can: PspCapabilities, attempt: PspPaymentAttempt): PspFailure | null {
  const { method } = attempt;
  if (!can.methods.includes(method)) return refused('unsupported', `${dialect} takes no ${method} here`);
  if (attempt.capture === 'manual' && !can.twoStepMethods.includes(method))
    return refused('unsupported', `${dialect} cannot authorize a ${method} payment and capture it later`);
  const keeps = attempt.storeMethod || attempt.storedToken !== null;
  return keeps && !can.storableMethods.includes(method)
    ? refused('unsupported', `${dialect} keeps no ${method} methods here`)
    : null;
}

/** Why the adapter cannot make this payout; null when it can. */
export function cannotPayOut(dialect: string, can: PspCapabilities, attempt: PspPayoutAttempt): PspFailure | null {
  return can.payoutMethods.includes(attempt.method)
    ? null
    : refused('unsupported', `${dialect} pays out to no ${attempt.method} here`);
}
