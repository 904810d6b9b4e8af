/**
 * PayPal's ids. An order, its authorization and its captures share a stem of fourteen
 * characters, so that a capture finds its order without an index of its own:
 *
 *   9JL52742K01513 00R  order       9JL52742K01513 01A  first authorization
 *                                   9JL52742K01513 01C  first capture
 */
import { createHash } from 'node:crypto';
import type { PaymentRecord } from '../../core/records.ts';
import type { PspContext } from '../dialect.ts';
import { orderDetails } from './details.ts';

const STEM_LENGTH = 14;
const NUMBER_LENGTH = 2;

/** Capitals and digits made of any text. */
export function codeFrom(text: string, length: number): string {
  const digest = createHash('sha256').update(text).digest('hex');
  return BigInt(`0x${digest}`).toString(36).toUpperCase().slice(-length);
}

export function newOrderId(psp: PspContext): string {
  return `${codeFrom(psp.ids.next('paypal-order'), STEM_LENGTH)}00R`;
}

/** Refunds, vault tokens and everything else that belongs to no order's stem. */
export function newId(psp: PspContext, what: string, length = 17): string {
  return codeFrom(psp.ids.next(`paypal-${what}`), length);
}

/** The order that an authorization or a capture belongs to. */
export function orderIdOf(partId: string): string {
  return `${partId.slice(0, STEM_LENGTH)}00R`;
}

/** The authorization of the order's latest attempt. */
export function authorizationIdOf(order: PaymentRecord): string {
  return partId(order, orderDetails(order).attempt, 'A');
}

/** The next capture: one per attempt where the order is captured at once, numbered where it is authorized first. */
export function nextCaptureIdOf(order: PaymentRecord): string {
  return order.captureMode === 'manual'
    ? partId(order, order.captures.length + 1, 'C')
    : partId(order, orderDetails(order).attempt, 'C');
}

function partId(order: PaymentRecord, number: number, letter: string): string {
  const stem = order.pspReference.slice(0, STEM_LENGTH);
  return `${stem}${number.toString(36).toUpperCase().padStart(NUMBER_LENGTH, '0')}${letter}`;
}

/** 13 hexadecimal digits, as PayPal writes them in `debug_id`. */
export function debugIdOf(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 13);
}

/** A UUID made of any text: transmission ids must repeat with the run. */
export function uuidFrom(text: string): string {
  const hex = createHash('sha256').update(text).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
