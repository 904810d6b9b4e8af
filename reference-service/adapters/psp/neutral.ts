/**
 * Neutral words that every adapter reads the same way: tokens like `card_ok`, which a dialect
 * maps to its PSP's own test values, and whether an adapter can do at all what an attempt asks
 * for. What it cannot do is refused before a byte is sent; a neutral token that a dialect has no
 * test value for is refused too, because passed on as a native one it might be approved.
 */
import type { PspAdapter, PspFailure, PspPaymentAttempt, PspPayoutAttempt } from '../../ports/psp-adapter.ts';
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

/**
 * The same adapter, with what it cannot do refused before a byte is sent: a method, two steps or
 * keeping that it does not offer, and a test value on an account where money is real.
 */
export function refusingImpossible(adapter: PspAdapter): PspAdapter {
  return {
    ...adapter,
    createPayment: async (attempt, options) => cannotPay(adapter, attempt) ?? adapter.createPayment(attempt, options),
    createPayout: async (attempt) => cannotPayOut(adapter, attempt) ?? adapter.createPayout(attempt),
  };
}

function cannotPay(adapter: PspAdapter, attempt: PspPaymentAttempt): PspFailure | null {
  const { dialect, capabilities: can } = adapter;
  const { method } = attempt;
  if (!can.methods.includes(method)) return refused('unsupported', `${dialect} takes no ${method} here`);
  if (attempt.capture === 'manual' && !can.twoStepMethods.includes(method))
    return refused('unsupported', `${dialect} cannot authorize a ${method} payment and capture it later`);
  const keeps = attempt.storeMethod || attempt.storedToken !== null;
  if (keeps && !can.storableMethods.includes(method))
    return refused('unsupported', `${dialect} keeps no ${method} methods here`);
  return attempt.storedToken === null ? isNoTest(adapter, attempt.token) : null;
}

function cannotPayOut(adapter: PspAdapter, attempt: PspPayoutAttempt): PspFailure | null {
  const { dialect, capabilities: can } = adapter;
  return can.payoutMethods.includes(attempt.method)
    ? isNoTest(adapter, attempt.destinationToken)
    : refused('unsupported', `${dialect} pays out to no ${attempt.method} here`);
}

/** Where money is real a word of ours could become a stranger's card, or the account that Stripe pays to by default. */
function isNoTest({ dialect, environment }: PspAdapter, token: string): PspFailure | null {
  return environment === 'live' && isNeutralToken(token)
    ? refused('unsupported', `${token} is a test value, and the account at ${dialect} is a live one`)
    : null;
}
