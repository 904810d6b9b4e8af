/** Which parameters each PaymentIntent call has at Stripe; any other is refused. Not all of them have an effect here. */

// `payment_method_types` is what API versions before 2026 call `allowed_payment_method_types`.
const SHARED_PARAMS = [
  'allowed_payment_method_types',
  'amount_details',
  'capture_method',
  'confirmation_token',
  'error_on_requires_action',
  'excluded_payment_method_types',
  'expand',
  'hooks',
  'mandate',
  'mandate_data',
  'off_session',
  'payment_details',
  'payment_method',
  'payment_method_data',
  'payment_method_options',
  'payment_method_types',
  'radar_options',
  'receipt_email',
  'return_url',
  'setup_future_usage',
  'shipping',
  'use_stripe_sdk',
];
const DESCRIBING_PARAMS = [
  'amount_details',
  'application_fee_amount',
  'hooks',
  'metadata',
  'payment_details',
  'statement_descriptor',
  'statement_descriptor_suffix',
  'transfer_data',
];
export const CREATE_PARAMS = new Set([
  ...SHARED_PARAMS,
  ...DESCRIBING_PARAMS,
  'amount',
  'automatic_payment_methods',
  'confirm',
  'confirmation_method',
  'currency',
  'customer',
  'customer_account',
  'description',
  'on_behalf_of',
  'payment_method_configuration',
  'transfer_group',
]);
export const CONFIRM_PARAMS = new Set([...SHARED_PARAMS, 'amount_to_confirm']);
export const CAPTURE_PARAMS = new Set([...DESCRIBING_PARAMS, 'amount_to_capture', 'final_capture', 'expand']);
export const CANCEL_PARAMS = new Set(['cancellation_reason', 'expand']);
export const UPDATE_PARAMS = new Set([
  'customer',
  'description',
  'expand',
  'metadata',
  'payment_method',
  'payment_method_data',
  'receipt_email',
  'setup_future_usage',
  'statement_descriptor',
  'transfer_group',
]);
export const CANCELLATION_REASONS = ['duplicate', 'fraudulent', 'requested_by_customer', 'abandoned'] as const;
