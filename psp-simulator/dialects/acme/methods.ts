/**
 * acme's methods: what may be charged by `POST /payments`, and which page the payer sees. A
 * card is charged at once or after a challenge; an e-wallet, a transfer between persons and a
 * voucher wait on a page of their own until the payer has acted.
 */
import { createHash } from 'node:crypto';
import type { Instructions, Method } from '../../../openapi/generated/psp-acme.ts';
import { isoTime } from '../../../kernel/index.ts';
import { PspProblem } from '../../core/problem.ts';
import type { CardOutcome, PageKind, PaymentRecord } from '../../core/records.ts';
import type { PspContext } from '../dialect.ts';
import { CARDS, charged, DEVICES, OTHERS, outcomeOf } from './magic.ts';
import type { AuthenticationWish } from './magic.ts';

export const METHODS: readonly Method[] = ['card', 'ewallet', 'apple_pay', 'google_pay', 'p2p', 'voucher'];

const PAGES: Readonly<Partial<Record<Method, PageKind>>> = { ewallet: 'wallet', p2p: 'p2p', voucher: 'voucher' };

/** Money of these arrives by itself: there is nothing to reserve. */
const ONE_STEP: readonly Method[] = ['p2p', 'voucher'];

export interface ChargeWish extends AuthenticationWish {
  readonly method: Method;
  readonly token: string;
  readonly capture: boolean;
}

/** Throws `PspProblem` for what the method cannot do. */
export function outcomeFor(wish: ChargeWish, psp: PspContext): CardOutcome {
  const { method, token } = wish;
  const page = PAGES[method];
  if (!wish.capture && ONE_STEP.includes(method)) {
    throw new PspProblem('validation', `capture must be true: ${method} has no authorization`, { field: 'capture' });
  }
  if (method !== 'card' && (wish.force || wish.exemption !== undefined)) {
    const field = wish.force ? 'three_ds' : 'exemption';
    throw new PspProblem('validation', `${field} is for cards only`, { field });
  }
  if (page !== undefined) return { ...outcomeOf(OTHERS, token, 'token'), page };
  if (method !== 'card') return outcomeOf(DEVICES, token, 'token');
  const kept = psp.bank.findMethod(token);
  return charged(kept?.outcome ?? outcomeOf(CARDS, token, 'token'), wish);
}

/** The token that is charged when the merchant names none. */
export function defaultToken(method: Method): string {
  return method === 'apple_pay' || method === 'google_pay' ? 'tok_device_ok' : 'tok_ok';
}

/** How to pay a transfer or voucher that still waits; undefined for everything else. */
export function instructionsFor(payment: PaymentRecord, psp: PspContext): Instructions | undefined {
  const transfer = payment.method === 'p2p';
  if (payment.challengeId === null || (!transfer && payment.method !== 'voucher')) return undefined;
  if (payment.state !== 'requires_action') return undefined;
  const code = digits(payment.pspReference, transfer ? 8 : 16);
  return {
    // In groups of four, so that nobody takes it for a card number.
    code: code.replaceAll(/(\d{4})(?=\d)/g, '$1-'),
    ...(transfer ? { account: `ACME-${digits(psp.name, 10)}` } : {}),
    expires_at: isoTime(psp.bank.challenge(payment.challengeId).expiresAtMs),
  };
}

/** Digits that look drawn and are always the same for one text. */
function digits(text: string, length: number): string {
  const value = BigInt(`0x${createHash('sha256').update(text).digest('hex')}`);
  return value.toString().slice(-length);
}
