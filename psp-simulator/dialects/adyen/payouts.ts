/**
 * Instant card payout (Payout API). The answer says `Received`; whether the money arrived is
 * the PAYOUT_THIRDPARTY webhook's to say. The text `assay_outcome=fail` in the shopper's name,
 * the card holder's or the reference of the shopper, or `additionalData.assayOutcome: "fail"`, lets
 * the payout fail; with `return` it is paid and sent back days later.
 */
import type { Call, PspAnswer } from '../dialect.ts';
import { asDetails, newPspReference } from './details.ts';
import { jsonAnswer, unprocessable } from './errors.ts';
import {
  checkMerchantAccount,
  objectAt,
  requiredAmount,
  requiredReference,
  textAt,
  type JsonObject,
} from './fields.ts';
import { cardBrand, cardDigits, payoutMarkedIn } from './magic.ts';

const FAILURE_REASON = 'Refused by the receiving bank';

export function createPayout(call: Call): PspAnswer {
  const { body, psp } = call;
  checkMerchantAccount(call);
  const { amountMinor, currency } = requiredAmount(body);
  const reference = requiredReference(body);
  const brand = brandIn(call);
  const outcome = payoutMarkedIn(markersIn(body));
  const payout = psp.bank.createPayout({
    pspReference: newPspReference(psp),
    reference,
    amountMinor,
    currency,
    outcome,
    failureReason: outcome === 'failed' ? FAILURE_REASON : null,
    details: asDetails({ brand }),
  });
  return jsonAnswer(200, { pspReference: payout.pspReference, resultCode: 'Received' });
}

/** Of the card in the request, or of the stored one that it names. */
function brandIn({ body, psp }: Call): string {
  const stored = textAt(body, 'selectedRecurringDetailReference');
  if (stored !== undefined && stored !== 'LATEST') {
    const found = psp.bank.findMethod(stored);
    if (found === undefined) throw unprocessable('803', 'PaymentDetail not found', 'selectedRecurringDetailReference');
    return found.brand ?? 'visa';
  }
  const number = cardDigits(textAt(objectAt(body, 'card'), 'number'));
  return number === undefined ? 'visa' : cardBrand(number);
}

function markersIn(body: JsonObject): string[] {
  const name = objectAt(body, 'shopperName');
  const word = textAt(objectAt(body, 'additionalData'), 'assayOutcome');
  return [
    textAt(body, 'shopperReference'),
    textAt(name, 'firstName'),
    textAt(name, 'lastName'),
    textAt(objectAt(body, 'card'), 'holderName'),
    ...(word === undefined ? [] : [`assay_outcome=${word}`]),
  ].filter((text) => text !== undefined);
}
