/**
 * The three ways in which a call gives no answer that means anything, and the keys and
 * choices that all dialects share. `in_doubt` is the default: an adapter must have a reason
 * to say anything milder, never a reason to say it.
 */
import { createHash } from 'node:crypto';
import type {
  PspFailure,
  PspMoney,
  PspPaymentReport,
  PspPayoutReport,
  QueryPaymentResult,
} from '../../ports/psp-adapter.ts';
import type { ExchangeError } from './exchange.ts';

export function notReached(reason: string): PspFailure {
  return { kind: 'not_reached', requestMayHaveArrived: false, reason };
}

export function inDoubt(reason: string): PspFailure {
  return { kind: 'in_doubt', requestMayHaveArrived: true, reason };
}

/** A usable answer about something of ours that we did not ask for, or of nobody's. */
export function aboutAnother(reason: string): PspFailure {
  return { kind: 'in_doubt', requestMayHaveArrived: true, reason, aboutAnother: true };
}

export function refused(code: Extract<PspFailure, { kind: 'refused' }>['code'], reason: string): PspFailure {
  return { kind: 'refused', requestMayHaveArrived: true, code, reason };
}

/** Why nothing is sent: the PSP counts this currency in another way than ISO 4217. */
export function cannotExpress(psp: string, { amountMinor, currency }: PspMoney): string {
  return `${psp} cannot express ${amountMinor} minor units of ${currency}`;
}

/** `not_reached` only on the network's word that no byte arrived; everything else is in doubt. */
export function failureOfExchange(error: ExchangeError): PspFailure {
  const reason = `${error.failure}: ${error.message}`;
  return error.requestMayHaveArrived ? inDoubt(reason) : notReached(reason);
}

export function isFailure<T extends { kind: string }>(result: T | PspFailure): result is PspFailure {
  return result.kind === 'not_reached' || result.kind === 'refused' || result.kind === 'in_doubt';
}

/** Adyen's limit, the shortest of all (PayPal allows 108, Stripe 255). */
const MAX_KEY_LENGTH = 64;

/** The key of a follow-up call: the same for the same follow-up of the same attempt, other than the attempt's own. */
export function derivedKey(idempotencyKey: string, followUp: string): string {
  const joined = `${idempotencyKey}-${followUp}`;
  return joined.length <= MAX_KEY_LENGTH ? joined : createHash('sha256').update(joined).digest('hex');
}

/**
 * Of several PSP payments under one reference of ours, the one that matters most for money:
 * a success hidden behind a decline would be a lost deposit.
 */
export function weightiest<T extends PspPaymentReport | PspPayoutReport>(reports: readonly T[]): T | null {
  const weight = (report: T): number => WEIGHTS[report.kind];
  return reports.reduce<T | null>(
    (best, report) => (best === null || weight(report) > weight(best) ? report : best),
    null,
  );
}

/** The weightiest report, and with it what else the PSP took money for. Null when there is none. */
export function weighReports(reports: readonly PspPaymentReport[]): QueryPaymentResult | null {
  const chosen = weightiest(reports);
  if (chosen === null) return null;
  const others = reports.flatMap((report) => (report !== chosen && report.kind === 'approved' ? [report] : []));
  return others.length === 0 ? chosen : { ...chosen, others };
}

const WEIGHTS: Readonly<Record<(PspPaymentReport | PspPayoutReport)['kind'], number>> = {
  approved: 5,
  paid: 5,
  refunded: 4,
  returned: 4,
  authorized: 3,
  requires_action: 3,
  pending: 2,
  canceled: 1,
  declined: 1,
  failed: 1,
};
