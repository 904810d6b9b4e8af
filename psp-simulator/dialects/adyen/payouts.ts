/**
 * Instant card payout (Payout API). The answer says `Received`; whether the money arrived is
 * the PAYOUT_THIRDPARTY webhook's to say. The text `assay_outcome=fail` in the shopper's
 * name or reference, or `additionalData.assayOutcome: "fail"`, lets the payout fail.
 */
import type { Call, PspAnswer } from '../dialect.ts';
import { asDetails, newPspReference } from './details.ts';
import { jsonAnswer } from './errors.ts';
import {
  checkMerchantAccount,
  objectAt,
  requiredAmount,
  requiredReference,
  textAt,
  type JsonObject,
} from './fields.ts';
import { cardBrand, cardDigits } from './magic.ts';

const FAIL_MARKER = 'assay_outcome=fail';

export function createPayout(call: Call): PspAnswer {
  const { body, psp } = call;
  checkMerchantAccount(call);
  const { amountMinor, currency } = requiredAmount(body);
  const reference = requiredReference(body);
  const number = cardDigits(textAt(objectAt(body, 'card'), 'number'));
  const fails = isMarkedToFail(body);
  const payout = psp.bank.createPayout({
    pspReference: newPspReference(psp),
    reference,
    amountMinor,
    currency,
    outcome: fails ? 'failed' : 'paid',
    failureReason: fails ? 'Refused by the receiving bank' : null,
    details: asDetails({ brand: number === undefined ? 'visa' : cardBrand(number) }),
  });
  return jsonAnswer(200, { pspReference: payout.pspReference, resultCode: 'Received' });
}

function isMarkedToFail(body: JsonObject): boolean {
  const name = objectAt(body, 'shopperName');
  const marked = [
    textAt(body, 'shopperReference'),
    textAt(name, 'firstName'),
    textAt(name, 'lastName'),
    textAt(objectAt(body, 'card'), 'holderName'),
  ];
  return (
    textAt(objectAt(body, 'additionalData'), 'assayOutcome') === 'fail' ||
    marked.some((text) => text?.includes(FAIL_MARKER) === true)
  );
}
