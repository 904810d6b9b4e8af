/** Payment record behind a Checkout Session → session object and line items. Pure. */
import type { PaymentRecord } from '../../core/records.ts';
import type { PspContext } from '../dialect.ts';
import { intentDetails, isIntent, seconds, sessionOf, tailOf, type SessionDetails } from './details.ts';
import { stripeFromMinor } from './money.ts';

export function sessionIdOf({ pspReference }: Pick<PaymentRecord, 'pspReference'>): string {
  return `cs_test_${tailOf(pspReference)}`;
}

/** A refused card leaves the session open: the page would offer another try. */
export function sessionStatus(record: PaymentRecord): 'open' | 'complete' | 'expired' {
  switch (record.state) {
    case 'created':
    case 'requires_action':
      return 'open';
    case 'declined':
      return record.declineReason === 'challenge_expired' ? 'expired' : 'open';
    case 'canceled':
      return record.steps.some(({ state }) => state === 'authorized') ? 'complete' : 'expired';
    default:
      return 'complete';
  }
}

export function sessionObject(record: PaymentRecord, psp: PspContext): Record<string, unknown> {
  const details = intentDetails(record);
  const session = sessionOf(record) as SessionDetails;
  const status = sessionStatus(record);
  const total = stripeFromMinor(record.amountMinor, record.currency);
  const expiresAtMs =
    record.challengeId === null ? record.createdAtMs : psp.bank.challenge(record.challengeId).expiresAtMs;
  const waits = record.state === 'requires_action';
  return {
    id: sessionIdOf(record),
    object: 'checkout.session',
    adaptive_pricing: { enabled: false },
    after_expiration: null,
    allow_promotion_codes: null,
    allowed_payment_method_types: null,
    amount_subtotal: total,
    amount_total: total,
    automatic_tax: { enabled: false, liability: null, provider: null, status: null },
    billing_address_collection: null,
    cancel_url: session.cancelUrl,
    client_reference_id: session.clientReferenceId,
    client_secret: null,
    collected_information: null,
    consent: null,
    consent_collection: null,
    created: seconds(record.createdAtMs),
    currency: record.currency.toLowerCase(),
    currency_conversion: null,
    custom_fields: [],
    custom_text: { after_submit: null, shipping_address: null, submit: null, terms_of_service_acceptance: null },
    customer: details.customer,
    customer_account: null,
    customer_creation: details.customer === null ? 'if_required' : null,
    customer_details:
      session.customerEmail === null && status === 'open'
        ? null
        : { address: null, email: session.customerEmail, name: null, phone: null, tax_exempt: 'none', tax_ids: null },
    customer_email: session.customerEmail,
    discounts: [],
    expires_at: seconds(expiresAtMs),
    integration_identifier: null,
    invoice: null,
    invoice_creation: null,
    livemode: false,
    locale: null,
    managed_payments: null,
    metadata: session.metadata,
    mode: 'payment',
    origin_context: null,
    payment_intent: isIntent(record) ? record.pspReference : null,
    payment_link: null,
    payment_method_collection: 'if_required',
    payment_method_configuration_details: null,
    payment_method_options: {},
    payment_method_types: details.paymentMethodTypes,
    payment_status: record.capturedMinor > 0 ? 'paid' : 'unpaid',
    permissions: null,
    recovered_from: null,
    saved_payment_method_options: null,
    setup_intent: null,
    shipping_address_collection: null,
    shipping_cost: null,
    shipping_options: [],
    status,
    submit_type: null,
    subscription: null,
    success_url: session.successUrl,
    total_details: { amount_discount: 0, amount_shipping: 0, amount_tax: 0 },
    ui_mode: 'hosted_page',
    url: waits && record.challengeId !== null ? psp.challengeUrl(record.challengeId) : null,
    wallet_options: null,
  };
}

export function lineItemObjects(record: PaymentRecord): Record<string, unknown>[] {
  const session = sessionOf(record) as SessionDetails;
  const currency = record.currency.toLowerCase();
  return session.lineItems.map(({ description, quantity, unitAmount }, index) => ({
    id: `li_${tailOf(record.pspReference)}${index + 1}`,
    object: 'item',
    adjustable_quantity: null,
    amount_discount: 0,
    amount_subtotal: unitAmount * quantity,
    amount_tax: 0,
    amount_total: unitAmount * quantity,
    currency,
    description,
    metadata: {},
    price: null,
    quantity,
  }));
}
