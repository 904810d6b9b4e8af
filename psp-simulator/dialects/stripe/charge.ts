/**
 * Charge: one try at moving money, as `GET /v1/charges/{id}`, `latest_charge` and the
 * `charge.*` events show it. Derived from the payment record alone; a charge has no life of
 * its own in the books.
 */
import type { PaymentRecord } from '../../core/records.ts';
import { NO_BILLING_DETAILS, plainCard } from './card-display.ts';
import { declineFor, failedBeforeCharge } from './declines.ts';
import { balanceTransactionIdOf, cardOf, chargeIdOf, intentDetails, paymentMethodIdOf, seconds } from './details.ts';
import type { TestCard } from './magic.ts';
import { stripeFromMinor } from './money.ts';

/** Has the card's issuer been asked? Before that, and after a failed authentication, there is no charge. */
export function hasCharge(record: PaymentRecord): boolean {
  switch (record.state) {
    case 'created':
    case 'requires_action':
      return false;
    case 'declined':
      return !failedBeforeCharge(record.declineReason);
    case 'canceled':
    case 'expired':
      return record.steps.some((step) => step.state === 'authorized');
    default:
      return true;
  }
}

/** The charge of the payment's latest attempt; ask `hasCharge` first. */
export function chargeObject(record: PaymentRecord): Record<string, unknown> {
  const details = intentDetails(record);
  const failed = record.state === 'declined';
  const captured = record.capturedMinor > 0;
  const decline = failed ? declineFor(record.declineReason) : null;
  const card = cardOf(record);
  const shown = (minor: number): number => stripeFromMinor(minor, record.currency);
  return {
    id: chargeIdOf(record),
    object: 'charge',
    amount: shown(record.amountMinor),
    amount_captured: shown(record.capturedMinor),
    amount_refunded: shown(record.refundedMinor),
    application: null,
    application_fee: null,
    application_fee_amount: null,
    balance_transaction: captured ? balanceTransactionIdOf(record) : null,
    billing_details: NO_BILLING_DETAILS,
    calculated_statement_descriptor: details.statementDescriptor ?? 'ASSAY',
    // While more captures are to come, the charge counts as uncaptured.
    captured: captured && record.capturableMinor === 0,
    created: seconds(chargedAtMs(record)),
    currency: record.currency.toLowerCase(),
    customer: details.customer,
    description: details.description,
    destination: null,
    dispute: null,
    disputed: record.disputedMinor > 0,
    failure_balance_transaction: null,
    failure_code: decline?.code ?? null,
    failure_message: decline?.message ?? null,
    fraud_details: {},
    livemode: false,
    metadata: details.metadata,
    on_behalf_of: null,
    order: null,
    outcome: outcome(record, card),
    paid: !failed,
    payment_intent: record.pspReference,
    payment_method: paymentMethodIdOf(record),
    payment_method_details: { card: cardDetails(record, card), type: 'card' },
    radar_options: {},
    receipt_email: details.receiptEmail,
    receipt_number: null,
    receipt_url: null,
    refunded: record.capturedMinor > 0 && record.refundedMinor === record.capturedMinor,
    review: null,
    shipping: null,
    source: null,
    source_transfer: null,
    statement_descriptor: details.statementDescriptor,
    statement_descriptor_suffix: details.statementDescriptorSuffix,
    status: failed ? 'failed' : 'succeeded',
    transfer_data: null,
    transfer_group: details.transferGroup,
  };
}

/** When the issuer was asked: the first step after the latest confirmation that says so. */
function chargedAtMs(record: PaymentRecord): number {
  const asked = record.steps.find((step) => step.state === 'authorized' || step.state === 'captured');
  const refusals = record.steps.filter((step) => step.state === 'declined');
  return asked?.atMs ?? refusals.at(-1)?.atMs ?? record.createdAtMs;
}

function outcome(record: PaymentRecord, card: TestCard): Record<string, unknown> {
  const decline = record.state === 'declined' ? declineFor(record.declineReason) : null;
  return {
    advice_code: decline?.adviceCode ?? null,
    network_advice_code: null,
    network_decline_code: decline?.networkDeclineCode ?? null,
    network_status: decline === null ? 'approved_by_network' : 'declined_by_network',
    reason: decline === null ? null : (decline.declineCode ?? decline.code),
    risk_level: card.risk,
    risk_score: { normal: 32, elevated: 68, highest: 92 }[card.risk],
    seller_message:
      decline === null ? 'Payment complete.' : 'The bank did not return any further details with this decline.',
    type: decline === null ? 'authorized' : 'issuer_declined',
  };
}

function cardDetails(record: PaymentRecord, card: TestCard): Record<string, unknown> {
  const declined = record.state === 'declined';
  const { multicapture, captureMethod } = intentDetails(record);
  return {
    ...plainCard(card),
    amount_authorized: declined ? null : stripeFromMinor(record.amountMinor, record.currency),
    authorization_code: declined ? null : '123456',
    electronic_commerce_indicator: record.authentication?.eci ?? null,
    extended_authorization: { status: 'disabled' },
    incremental_authorization: { status: 'unavailable' },
    installments: null,
    mandate: null,
    multicapture: { status: multicapture && captureMethod === 'manual' ? 'available' : 'unavailable' },
    network: card.brand,
    network_token: { used: false },
    network_transaction_id: null,
    overcapture: {
      maximum_amount_capturable: stripeFromMinor(record.amountMinor, record.currency),
      status: 'unavailable',
    },
    three_d_secure: threeDSecure(record),
    transaction_link_id: null,
    wallet: null,
  };
}

const RESULT = {
  authenticated: 'authenticated',
  attempted: 'attempt_acknowledged',
  exempted: 'exempted',
  failed: 'failed',
  rejected: 'failed',
  abandoned: 'failed',
  timed_out: 'failed',
  unavailable: 'processing_error',
} as const;

const REASON: Readonly<Partial<Record<keyof typeof RESULT, string>>> = {
  attempted: 'card_not_enrolled',
  rejected: 'rejected',
  abandoned: 'abandoned',
  timed_out: 'abandoned',
  unavailable: 'protocol_error',
};

/** `three_d_secure` of the charge; null where nobody spoke 3-D Secure about it. */
function threeDSecure({ authentication }: PaymentRecord): Record<string, unknown> | null {
  // A charge that the merchant makes alone is out of scope of the authentication, not exempted by it.
  if (authentication === null || authentication.exemption === 'merchant_initiated') return null;
  const exempted = authentication.result === 'exempted';
  return {
    authentication_flow: authentication.flow === 'none' ? null : authentication.flow,
    electronic_commerce_indicator: authentication.eci === '00' ? null : authentication.eci,
    exemption_indicator: exempted ? 'low_risk' : null,
    ...(exempted ? { exemption_indicator_applied: true } : {}),
    result: RESULT[authentication.result],
    result_reason: REASON[authentication.result] ?? null,
    transaction_id: null,
    version: exempted ? null : authentication.version,
  };
}
