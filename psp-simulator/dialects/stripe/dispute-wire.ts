/** Dispute record → dispute object. Pure but for the balance transactions, which it looks up. */
import type { DisputeReason, DisputeRecord } from '../../core/records.ts';
import type { PspContext } from '../dialect.ts';
import { transactionsOf } from './balance-transactions.ts';
import { cardOf, seconds, type DisputeDetails } from './details.ts';
import { stripeFromMinor } from './money.ts';

export const EVIDENCE_FIELDS = [
  'access_activity_log',
  'billing_address',
  'cancellation_policy',
  'cancellation_policy_disclosure',
  'cancellation_rebuttal',
  'customer_communication',
  'customer_email_address',
  'customer_name',
  'customer_purchase_ip',
  'customer_signature',
  'duplicate_charge_documentation',
  'duplicate_charge_explanation',
  'duplicate_charge_id',
  'product_description',
  'receipt',
  'refund_policy',
  'refund_policy_disclosure',
  'refund_refusal_explanation',
  'service_date',
  'service_documentation',
  'shipping_address',
  'shipping_carrier',
  'shipping_date',
  'shipping_documentation',
  'shipping_tracking_number',
  'uncategorized_file',
  'uncategorized_text',
] as const;
/** The networks' own numbers for each reason. */
const NETWORK_CODES: Readonly<Record<DisputeReason, { visa: string; mastercard: string }>> = {
  fraudulent: { visa: '10.4', mastercard: '4837' },
  product_not_received: { visa: '13.1', mastercard: '4853' },
  product_unacceptable: { visa: '13.3', mastercard: '4853' },
  duplicate: { visa: '12.6', mastercard: '4834' },
  credit_not_processed: { visa: '13.6', mastercard: '4853' },
  general: { visa: '13.7', mastercard: '4853' },
};

export function disputeStatus({ state }: Pick<DisputeRecord, 'state'>): string {
  switch (state) {
    case 'open':
      return 'needs_response';
    case 'under_review':
      return 'under_review';
    case 'lost':
      return 'lost';
    case 'won':
    case 'reversed':
      return 'won';
  }
}

export function disputeObject(record: DisputeRecord, psp: PspContext): Record<string, unknown> {
  const details = record.details as unknown as DisputeDetails;
  const payment = psp.bank.findPayment(record.paymentPspReference);
  const brand = payment === undefined ? 'visa' : cardOf(payment).brand;
  const networkCode = NETWORK_CODES[record.reason][brand === 'mastercard' ? 'mastercard' : 'visa'];
  const isOver = record.state !== 'open' && record.state !== 'under_review';
  return {
    id: record.pspReference,
    object: 'dispute',
    amount: stripeFromMinor(record.amountMinor, record.currency),
    balance_transactions: transactionsOf(psp, record.pspReference),
    charge: details.chargeId,
    created: seconds(record.createdAtMs),
    currency: record.currency.toLowerCase(),
    enhanced_eligibility_types: [],
    evidence: {
      ...Object.fromEntries(EVIDENCE_FIELDS.map((name) => [name, details.evidence[name] ?? null])),
      enhanced_evidence: {},
    },
    evidence_details: {
      due_by: isOver ? null : seconds(record.evidenceDueMs),
      enhanced_eligibility: {},
      has_evidence: Object.keys(details.evidence).length > 0,
      past_due: record.state === 'open' && psp.nowMs() >= record.evidenceDueMs,
      submission_count: details.submissions,
      submission_method: details.submissions > 0 ? 'manual' : 'not_submitted',
    },
    intended_submission_method: 'manual',
    is_charge_refundable: false,
    livemode: false,
    metadata: details.metadata,
    network_reason_code: networkCode,
    payment_intent: record.paymentPspReference,
    payment_method_details: {
      card: { brand, case_type: 'chargeback', network: brand, network_reason_code: networkCode },
      type: 'card',
    },
    reason: record.reason,
    status: disputeStatus(record),
  };
}
