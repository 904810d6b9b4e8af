/**
 * Neutral records → Stripe objects: PaymentIntent, Refund, Payout. Complete enough that code
 * written against the official SDK's types finds every field it may read. Pure functions of a
 * record, so that an event can show a state that faults made up.
 */
import type { PaymentRecord, PayoutRecord, RefundRecord } from '../../core/records.ts';
import type { PspContext } from '../dialect.ts';
import { methodOfPayment } from './card-display.ts';
import { chargeObject, hasCharge } from './charge.ts';
import { declineFor } from './declines.ts';
import {
  balanceTransactionIdOf,
  chargeIdOf,
  intentDetails,
  paymentMethodIdOf,
  seconds,
  type PayoutDetails,
  type RefundDetails,
} from './details.ts';
import { stripeFromMinor } from './money.ts';

/** Banks take about two days; only the displayed arrival date depends on it. */
const PAYOUT_ARRIVAL_MS = 2 * 24 * 3_600_000;

const NO_EXPANSION: ReadonlySet<string> = new Set();

/** PaymentIntent.status for a record. Stripe has no failed intent: it waits for another payment method. */
export function intentStatus(record: PaymentRecord): string {
  switch (record.state) {
    case 'created':
      return intentDetails(record).card === null ? 'requires_payment_method' : 'requires_confirmation';
    case 'requires_action':
      return 'requires_action';
    case 'authorized':
      return 'requires_capture';
    case 'captured':
      // More captures may follow, until the last one or the release of the rest.
      return record.capturableMinor > 0 ? 'requires_capture' : 'succeeded';
    case 'refunded':
      return 'succeeded';
    case 'declined':
      return 'requires_payment_method';
    case 'canceled':
    case 'expired':
      return 'canceled';
  }
}

export function paymentIntentObject(
  record: PaymentRecord,
  psp: PspContext,
  expand: ReadonlySet<string> = NO_EXPANSION,
): Record<string, unknown> {
  const details = intentDetails(record);
  const charge = hasCharge(record) ? (expand.has('latest_charge') ? chargeObject(record) : chargeIdOf(record)) : null;
  const shownMethod =
    details.card === null || record.state === 'declined'
      ? null
      : expand.has('payment_method')
        ? methodOfPayment(record)
        : paymentMethodIdOf(record);
  const canceled = record.state === 'canceled' || record.state === 'expired';
  return {
    id: record.pspReference,
    object: 'payment_intent',
    allowed_payment_method_types: details.allowedTypes,
    amount: stripeFromMinor(record.amountMinor, record.currency),
    amount_capturable: stripeFromMinor(record.capturableMinor, record.currency),
    amount_details: { tip: {} },
    amount_received: stripeFromMinor(record.capturedMinor, record.currency),
    application: null,
    application_fee_amount: null,
    automatic_payment_methods:
      details.allowRedirects === null ? null : { allow_redirects: details.allowRedirects, enabled: true },
    canceled_at: canceled ? seconds(record.updatedAtMs) : null,
    cancellation_reason: record.state === 'expired' ? 'expired' : details.cancellationReason,
    capture_method: details.captureMethod,
    client_secret: details.clientSecret,
    confirmation_method: details.confirmationMethod,
    created: seconds(record.createdAtMs),
    currency: record.currency.toLowerCase(),
    customer: details.customer,
    customer_account: null,
    description: details.description,
    excluded_payment_method_types: null,
    last_payment_error: record.state === 'declined' ? lastPaymentError(record) : null,
    latest_charge: charge,
    livemode: false,
    managed_payments: null,
    metadata: details.metadata,
    next_action: record.state === 'requires_action' ? nextAction(record, psp) : null,
    on_behalf_of: null,
    payment_method: shownMethod,
    payment_method_configuration_details: null,
    payment_method_options: {
      card: {
        installments: null,
        mandate_options: null,
        network: null,
        ...(details.multicapture ? { request_multicapture: 'if_available' } : {}),
        request_three_d_secure: details.requestThreeDs,
      },
    },
    payment_method_types: details.paymentMethodTypes,
    payment_record: null,
    processing: null,
    receipt_email: details.receiptEmail,
    review: null,
    setup_future_usage: details.setupFutureUsage,
    shipping: null,
    source: null,
    statement_descriptor: details.statementDescriptor,
    statement_descriptor_suffix: details.statementDescriptorSuffix,
    status: intentStatus(record),
    transfer_data: null,
    transfer_group: details.transferGroup,
  };
}

/** `last_payment_error` of a declined intent; the same fields make up the 402 answer. */
export function lastPaymentError(record: PaymentRecord): Record<string, unknown> {
  const decline = declineFor(record.declineReason);
  return {
    ...(decline.adviceCode === undefined ? {} : { advice_code: decline.adviceCode }),
    ...(hasCharge(record) ? { charge: chargeIdOf(record) } : {}),
    code: decline.code,
    ...(decline.declineCode === undefined ? {} : { decline_code: decline.declineCode }),
    doc_url: `https://stripe.com/docs/error-codes/${decline.code.replaceAll('_', '-')}`,
    message: decline.message,
    ...(decline.networkDeclineCode === undefined ? {} : { network_decline_code: decline.networkDeclineCode }),
    payment_method: methodOfPayment(record),
    type: decline.type,
  };
}

/** What the browser has to do next; the same for PaymentIntents and SetupIntents. */
export function nextAction(record: PaymentRecord, psp: PspContext): Record<string, unknown> {
  const url = psp.challengeUrl(record.challengeId ?? '');
  if (record.returnUrl !== null)
    return { redirect_to_url: { return_url: record.returnUrl, url }, type: 'redirect_to_url' };
  return {
    type: 'use_stripe_sdk',
    use_stripe_sdk: { type: 'three_d_secure_redirect', stripe_js: url, source: record.challengeId },
  };
}

export function refundObject(record: RefundRecord): Record<string, unknown> {
  const details = record.details as unknown as RefundDetails;
  const failed = record.state === 'failed';
  const hasMoved = record.steps.some((step) => step.state === 'succeeded');
  return {
    id: record.pspReference,
    object: 'refund',
    amount: stripeFromMinor(record.amountMinor, record.currency),
    balance_transaction: hasMoved ? balanceTransactionIdOf(record) : null,
    charge: details.chargeId,
    created: seconds(record.createdAtMs),
    currency: record.currency.toLowerCase(),
    customer: null,
    customer_account: null,
    destination_details: {
      card: { reference_status: 'pending', reference_type: 'acquirer_reference_number', type: 'refund' },
      type: 'card',
    },
    ...(failed
      ? {
          ...(hasMoved ? { failure_balance_transaction: `${balanceTransactionIdOf(record)}f` } : {}),
          failure_reason: 'expired_or_canceled_card',
        }
      : {}),
    metadata: details.metadata,
    payment_intent: record.paymentPspReference,
    payment_method: null,
    reason: details.reason,
    receipt_number: null,
    source_transfer_reversal: null,
    status: record.state,
    transfer_reversal: null,
  };
}

export function payoutObject(record: PayoutRecord): Record<string, unknown> {
  const details = record.details as unknown as PayoutDetails;
  const failed = record.state === 'failed' || record.state === 'returned';
  return {
    id: record.pspReference,
    object: 'payout',
    amount: stripeFromMinor(record.amountMinor, record.currency),
    application_fee: null,
    application_fee_amount: null,
    arrival_date: seconds(record.createdAtMs + PAYOUT_ARRIVAL_MS),
    automatic: false,
    // The money leaves the balance in the books when the bank has taken it.
    balance_transaction: record.steps.some((step) => step.state === 'paid') ? balanceTransactionIdOf(record) : null,
    created: seconds(record.createdAtMs),
    currency: record.currency.toLowerCase(),
    description: details.description,
    destination: details.destination,
    failure_balance_transaction: record.state === 'returned' ? `${balanceTransactionIdOf(record)}f` : null,
    failure_code: failed ? (record.failureReason ?? 'account_closed') : null,
    failure_message: failed ? 'The bank account has been closed.' : null,
    livemode: false,
    metadata: details.metadata,
    method: details.method,
    original_payout: null,
    payout_method: null,
    reconciliation_status: 'not_applicable',
    reversed_by: null,
    source_type: details.sourceType,
    statement_descriptor: details.statementDescriptor,
    // A payout that the bank sends back after it was paid becomes `failed` at Stripe.
    status: record.state === 'returned' ? 'failed' : record.state,
    trace_id: null,
    type: 'bank_account',
  };
}
