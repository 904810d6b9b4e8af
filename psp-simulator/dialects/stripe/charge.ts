/**
 * Charge: one try at moving money, as `GET /v1/charges/{id}`, `latest_charge` and the
 * `charge.*` events show it. Derived from the payment record alone; a charge has no life of
 * its own in the books.
 */
import type { PaymentRecord } from '../../core/records.ts';
import { declineFor, failedBeforeCharge } from './declines.ts';
import { balanceTransactionIdOf, chargeIdOf, intentDetails, paymentMethodIdOf, seconds } from './details.ts';
import { findTestCard, type TestCard } from './magic.ts';
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
    billing_details: {
      address: { city: null, country: null, line1: null, line2: null, postal_code: null, state: null },
      email: null,
      name: null,
      phone: null,
      tax_id: null,
    },
    calculated_statement_descriptor: details.statementDescriptor ?? 'ASSAY',
    captured,
    created: seconds(chargedAtMs(record)),
    currency: record.currency.toLowerCase(),
    customer: details.customer,
    description: details.description,
    destination: null,
    dispute: null,
    disputed: false,
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

/** The PaymentMethod object of the payment's latest attempt. */
export function paymentMethodObject(record: PaymentRecord): Record<string, unknown> {
  const card = cardOf(record);
  const { chosen, ...plain } = plainCard(card);
  return {
    id: paymentMethodIdOf(record),
    object: 'payment_method',
    allow_redisplay: 'unspecified',
    billing_details: {
      address: { city: null, country: null, line1: null, line2: null, postal_code: null, state: null },
      email: null,
      name: null,
      phone: null,
      tax_id: null,
    },
    card: {
      ...plain,
      networks: { available: [chosen], preferred: null },
      three_d_secure_usage: { supported: card.threeDs !== 'not-supported' },
      wallet: null,
    },
    created: seconds(record.createdAtMs),
    customer: intentDetails(record).customer,
    livemode: false,
    metadata: {},
    type: 'card',
  };
}

export function cardOf(record: PaymentRecord): TestCard {
  const card = findTestCard(intentDetails(record).card ?? 'pm_card_visa') ?? findTestCard('pm_card_visa');
  if (card === undefined) throw new Error('pm_card_visa is missing from the table of test cards');
  return card;
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
  const { chosen, ...plain } = plainCard(card);
  return {
    ...plain,
    amount_authorized: record.state === 'declined' ? null : stripeFromMinor(record.amountMinor, record.currency),
    authorization_code: record.state === 'declined' ? null : '123456',
    electronic_commerce_indicator: null,
    extended_authorization: { status: 'disabled' },
    incremental_authorization: { status: 'unavailable' },
    installments: null,
    mandate: null,
    multicapture: { status: 'unavailable' },
    network: chosen,
    network_token: { used: false },
    network_transaction_id: null,
    overcapture: {
      maximum_amount_capturable: stripeFromMinor(record.amountMinor, record.currency),
      status: 'unavailable',
    },
    three_d_secure: threeDSecure(record, card),
    transaction_link_id: null,
    wallet: null,
  };
}

function plainCard(card: TestCard): Record<string, unknown> & { chosen: string } {
  return {
    brand: card.brand,
    checks: {
      address_line1_check: null,
      address_postal_code_check: null,
      cvc_check: card.decline === 'incorrect_cvc' ? 'fail' : 'pass',
    },
    country: card.country,
    exp_month: 12,
    exp_year: 2034,
    fingerprint: `assay${card.number.slice(-8)}`,
    funding: card.funding,
    last4: card.number.slice(-4),
    regulated_status: 'unregulated',
    chosen: card.brand,
  };
}

function threeDSecure(record: PaymentRecord, card: TestCard): Record<string, unknown> | null {
  const attempted =
    record.threeDs === 'none' &&
    card.threeDs === 'not-enrolled' &&
    intentDetails(record).requestThreeDs !== 'automatic';
  if (record.threeDs === 'none' && !attempted) return null;
  const mastercard = card.brand === 'mastercard';
  return {
    authentication_flow: attempted ? null : record.threeDs,
    electronic_commerce_indicator: attempted ? (mastercard ? '01' : '06') : mastercard ? '02' : '05',
    exemption_indicator: null,
    result: attempted ? 'attempt_acknowledged' : 'authenticated',
    result_reason: attempted ? 'card_not_enrolled' : null,
    transaction_id: null,
    version: '2.2.0',
  };
}
