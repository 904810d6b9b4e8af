/**
 * Early fraud warnings: the issuer reports a charge as fraud, without taking the money back.
 * Derived from payments with the test card that brings one about.
 */
import type { PaymentRecord } from '../../core/records.ts';
import type { Call, PspAnswer } from '../dialect.ts';
import { cardOf, chargeIdOf, intentsOf, seconds, tailOf } from './details.ts';
import { jsonAnswer, noSuch } from './errors.ts';
import { fieldsOf, refuseUnknown } from './fields.ts';
import { text } from './form.ts';
import { LIST_PARAMS, listAnswer } from './list.ts';

const PLAIN_PARAMS = new Set(['expand']);
const LIST_WARNING_PARAMS = new Set<string>([...LIST_PARAMS, 'charge', 'payment_intent']);

export function isWarned(record: PaymentRecord): boolean {
  return record.capturedMinor > 0 && cardOf(record).earlyFraudWarning === true;
}

export function warningObject(record: PaymentRecord): Record<string, unknown> {
  return {
    id: warningIdOf(record),
    object: 'radar.early_fraud_warning',
    actionable: record.refundedMinor < record.capturedMinor && record.disputedMinor === 0,
    charge: chargeIdOf(record),
    created: seconds(record.captures[0]?.atMs ?? record.updatedAtMs),
    fraud_type: 'made_with_stolen_card',
    livemode: false,
    payment_intent: record.pspReference,
  };
}

export function retrieveWarning(call: Call): PspAnswer {
  refuseUnknown(fieldsOf(call), PLAIN_PARAMS);
  const id = call.params['id'] ?? '';
  const record = call.psp.bank.findPayment(`pi_${tailOf(id)}`);
  if (record === undefined || !isWarned(record) || warningIdOf(record) !== id)
    throw noSuch('early_fraud_warning', id, { param: 'early_fraud_warning', inPath: true });
  return jsonAnswer(200, warningObject(record));
}

export function listWarnings(call: Call): PspAnswer {
  const fields = fieldsOf(call);
  refuseUnknown(fields, LIST_WARNING_PARAMS);
  const charge = text(fields, 'charge');
  const intent = text(fields, 'payment_intent');
  const items = intentsOf(call.psp)
    .filter(
      (record) =>
        isWarned(record) &&
        (charge === undefined || chargeIdOf(record) === charge) &&
        (intent === undefined || record.pspReference === intent),
    )
    .map((record) => ({
      id: warningIdOf(record),
      createdAtMs: record.createdAtMs,
      render: () => warningObject(record),
    }));
  return listAnswer(items, fields, { url: '/v1/radar/early_fraud_warnings', what: 'early_fraud_warning' });
}

function warningIdOf(record: PaymentRecord): string {
  return `issfr_${tailOf(record.pspReference)}`;
}
