/**
 * What is asked of the router: one payment or payout that needs a PSP now. Everything that a
 * decision may depend on is in here or in the snapshot, so a stored decision can be made again.
 */
import type { Payment, PaymentMethod } from '../deposit.ts';

/** What is routed; the breaker and the quality know more operations than these. */
export type RoutedOperation = 'authorize' | 'payout';

/** What the circuit breaker says of one PSP: `probe` may be asked to see whether it is back. */
export type Admission = 'closed' | 'probe' | 'open';

export interface PspTries {
  count: number;
  /** It took an attempt, or the player's request does not wait: not again. */
  closed: boolean;
}

export interface RouteRequest {
  operation: RoutedOperation;
  /** Payment or payout id: the key of every draw that is not bound to the player. */
  subjectId: string;
  playerId: string;
  amountMinor: number;
  currency: string;
  method: PaymentMethod;
  /** ISO 3166, null when unknown. */
  country: string | null;
  device: Payment['device'];
  bin: string | null;
  bank: string | null;
  /** `elevated`: the risk rules asked for a step-up. */
  risk: 'normal' | 'elevated';
  /** Asked for by the caller; first wherever it may be used. */
  preferred: string | null;
  /** PSP of the same player's running session at the same bank. */
  sticky: string | null;
  /** Configured PSPs that can do this at all. */
  able: readonly string[];
  /** Earlier attempts by PSP; absent means none. */
  tried: Readonly<Record<string, PspTries>>;
  /** Absent means closed. */
  admissions: Readonly<Record<string, Admission>>;
}
