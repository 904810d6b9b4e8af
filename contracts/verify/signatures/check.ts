/**
 * Is a webhook signed as its scheme says? The partner command's own reading of all eight schemes,
 * shared with neither product; the vectors hold all of them together.
 */
import type { SchemeName, VectorVerdict } from '../../vectors/read-vectors.ts';
import { checkBank, checkPaypal } from './certificates.ts';
import { checkAdyen, checkAcme, checkCheckout, checkMollie, checkStandard, checkStripe } from './hmac.ts';

export interface SignedMessage {
  body: Buffer;
  /** As received. */
  headers: Readonly<Record<string, string>>;
  /** Path of the request, where the scheme signs it. */
  path?: string;
}

export interface Checking {
  /** By the names of credentials; several keys are separated by commas. */
  keys: Readonly<Record<string, string>>;
  receivedAtMs: number;
  /** How far the signed time may lie from `receivedAtMs`. */
  toleranceSeconds: number;
}

/** A message with its headers in lower case. */
export type Check = (message: SignedMessage, checking: Checking) => VectorVerdict;

const CHECKS: Readonly<Record<SchemeName, Check>> = {
  acme: checkAcme,
  adyen: checkAdyen,
  checkout: checkCheckout,
  mollie: checkMollie,
  'open-banking': checkBank,
  paypal: checkPaypal,
  'standard-webhooks': checkStandard,
  stripe: checkStripe,
};

export function checkSignature(scheme: SchemeName, message: SignedMessage, checking: Checking): VectorVerdict {
  const headers = Object.fromEntries(
    Object.entries(message.headers).map(([name, value]) => [name.toLowerCase(), value]),
  );
  return CHECKS[scheme]({ ...message, headers }, checking);
}
