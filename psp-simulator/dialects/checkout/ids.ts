/**
 * Checkout.com's ids: a prefix and 26 characters of lower-case base 32 (`pay_`, `act_`, `src_`,
 * …). Ids of things that belong to exactly one payment are made of the payment's own, so that
 * a session finds its payment and an action its id without an index.
 */
import { createHash } from 'node:crypto';
import type { PspContext } from '../dialect.ts';

export type IdPrefix =
  'pay' | 'act' | 'src' | 'tok' | 'cus' | 'dsp' | 'evt' | 'sid' | 'hpp' | 'ent' | 'cli' | 'pc' | 'ca' | 'rpt' | 'file';

const ALPHABET = 'abcdefghijklmnopqrstuvwxyz234567';
/** 26 characters of base 32 hold 130 bits. */
const LENGTH = 26;

/** An id of the wanted form, derived from any text. */
export function idFrom(prefix: IdPrefix, text: string): string {
  return `${prefix}_${base32(createHash('sha256').update(text).digest(), LENGTH)}`;
}

/** A fresh id. */
export function newId(psp: PspContext, prefix: IdPrefix): string {
  return idFrom(prefix, psp.ids.next(`checkout${prefix}`));
}

/** The 3DS session of a payment, or the page of a hosted one: the payment's characters from the end. */
export function twinId(prefix: 'sid' | 'hpp', paymentId: string): string {
  return `${prefix}_${[...paymentId.slice(paymentId.indexOf('_') + 1)].reverse().join('')}`;
}

/** The payment that a session or a hosted page belongs to; undefined for an id of another form. */
export function paymentIdOfTwin(prefix: 'sid' | 'hpp', id: string): string | undefined {
  const match = new RegExp(`^${prefix}_([a-z2-7]{${LENGTH}})$`).exec(id);
  return match === null ? undefined : `pay_${[...(match[1] ?? '')].reverse().join('')}`;
}

/** Id of the one action of a kind that a record has: its authorization, its void, its payout. */
export function actionIdOf(recordId: string, kind: 'authorization' | 'void' | 'payout' | 'return'): string {
  return idFrom('act', `${recordId} ${kind}`);
}

/** A UUID in the usual text form, derived from any text. */
export function uuidFrom(text: string): string {
  const hex = createHash('sha256').update(text).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

/** `length` decimal digits derived from any text: acquirer references, authorization codes. */
export function digitsFrom(text: string, length: number): string {
  const number = BigInt(`0x${createHash('sha256').update(text).digest('hex')}`);
  return number.toString().slice(-length).padStart(length, '0');
}

/** Base 32 without padding, of the first `length` characters. */
export function base32(bytes: Uint8Array, length: number): string {
  let text = '';
  let pending = 0;
  let bits = 0;
  for (const byte of bytes) {
    pending = ((pending << 8) | byte) & 0xffff;
    bits += 8;
    while (bits >= 5 && text.length < length) {
      bits -= 5;
      text += ALPHABET.charAt((pending >> bits) & 31);
    }
  }
  return text;
}
