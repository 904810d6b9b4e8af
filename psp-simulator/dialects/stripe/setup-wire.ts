/** Payment record of a setup → SetupIntent object. Pure, so that an event can show any state. */
import type { PaymentRecord } from '../../core/records.ts';
import type { PspContext } from '../dialect.ts';
import { methodOfPayment } from './card-display.ts';
import { declineFor } from './declines.ts';
import { hasSucceeded, seconds, setupDetails } from './details.ts';
import { nextAction } from './wire.ts';

/** SetupIntent.status; success stays, whatever becomes of the verification's authorization. */
export function setupStatus(record: PaymentRecord): string {
  switch (record.state) {
    case 'created':
      return setupDetails(record).card === null ? 'requires_payment_method' : 'requires_confirmation';
    case 'requires_action':
      return 'requires_action';
    case 'declined':
      return 'requires_payment_method';
    case 'canceled':
      return 'canceled';
    default:
      return hasSucceeded(record) ? 'succeeded' : 'canceled';
  }
}

export function setupIntentObject(record: PaymentRecord, psp: PspContext): Record<string, unknown> {
  const details = setupDetails(record);
  const status = setupStatus(record);
  return {
    id: record.pspReference,
    object: 'setup_intent',
    allowed_payment_method_types: null,
    application: null,
    automatic_payment_methods:
      details.allowRedirects === null ? null : { allow_redirects: details.allowRedirects, enabled: true },
    cancellation_reason: details.cancellationReason,
    client_secret: details.clientSecret,
    created: seconds(record.createdAtMs),
    customer: details.customer,
    customer_account: null,
    description: details.description,
    excluded_payment_method_types: null,
    flow_directions: null,
    last_setup_error: record.state === 'declined' ? lastSetupError(record) : null,
    latest_attempt: null,
    livemode: false,
    managed_payments: null,
    mandate: null,
    metadata: details.metadata,
    next_action: status === 'requires_action' ? nextAction(record, psp) : null,
    on_behalf_of: null,
    payment_method: details.card === null || record.state === 'declined' ? null : details.method,
    payment_method_configuration_details: null,
    payment_method_options: {
      card: { mandate_options: null, network: null, request_three_d_secure: details.requestThreeDs },
    },
    payment_method_types: details.paymentMethodTypes,
    single_use_mandate: null,
    status,
    usage: details.usage,
  };
}

export function lastSetupError(record: PaymentRecord): Record<string, unknown> {
  const decline = declineFor(record.declineReason);
  const failedAuthentication = decline.code === 'payment_intent_authentication_failure';
  const code = failedAuthentication ? 'setup_intent_authentication_failure' : decline.code;
  return {
    code,
    ...(decline.declineCode === undefined ? {} : { decline_code: decline.declineCode }),
    doc_url: `https://stripe.com/docs/error-codes/${code.replaceAll('_', '-')}`,
    message: failedAuthentication
      ? 'The latest attempt to set up the payment method has failed because authentication failed.'
      : decline.message,
    payment_method: methodOfPayment(record),
    type: decline.type,
  };
}
