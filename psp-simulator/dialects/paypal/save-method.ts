/** Keeps a payment method under a new token: what a receipt may show, and what charging it does. */
import type { SavedMethod } from '../../core/records.ts';
import type { PspContext } from '../dialect.ts';
import { asDetails, type MethodDetails } from './details.ts';
import { codeFrom, newId } from './ids.ts';
import { cardOutcome, walletTokenOutcome } from './magic.ts';

/** Without a customer PayPal makes one. */
export function saveMethod(psp: PspContext, given: MethodDetails & { customer: string | null }): SavedMethod {
  const { source, magic, kind } = given;
  const id = newId(psp, kind);
  const card = source.kind === 'card' ? source : null;
  const [year, month] = card?.expiry?.split('-') ?? [];
  return psp.bank.saveMethod({
    token: id.toLowerCase(),
    customer: given.customer ?? codeFrom(`customer ${id}`, 10),
    type: source.kind,
    brand: card?.brand ?? null,
    last4: card?.lastDigits ?? null,
    expiryMonth: month === undefined ? null : Number(month),
    expiryYear: year === undefined ? null : Number(year),
    outcome: card === null ? walletTokenOutcome(magic) : cardOutcome(magic, null),
    details: asDetails({ kind, source, magic }),
  });
}
