/**
 * How Stripe shows a card: the parts that a charge and a PaymentMethod have in common, and the
 * PaymentMethod object. Never more of a number than its last four digits.
 */
import { createHash } from 'node:crypto';
import type { PaymentRecord } from '../../core/records.ts';
import { cardOf, intentDetails, paymentMethodIdOf, seconds } from './details.ts';
import type { TestCard } from './magic.ts';

export const NO_ADDRESS = { city: null, country: null, line1: null, line2: null, postal_code: null, state: null };

export const NO_BILLING_DETAILS = { address: NO_ADDRESS, email: null, name: null, phone: null, tax_id: null };

export const CARD_EXPIRY = { month: 12, year: 2034 } as const;

export function plainCard(card: TestCard): Record<string, unknown> {
  return {
    brand: card.brand,
    checks: {
      address_line1_check: null,
      address_postal_code_check: null,
      cvc_check: card.decline === 'incorrect_cvc' ? 'fail' : 'pass',
    },
    country: card.country,
    exp_month: CARD_EXPIRY.month,
    exp_year: CARD_EXPIRY.year,
    fingerprint: fingerprintOf(card),
    funding: card.funding,
    last4: lastFour(card),
    regulated_status: 'unregulated',
  };
}

export function lastFour(card: TestCard): string {
  return card.number.slice(-4);
}

export interface ShownMethod {
  id: string;
  card: TestCard;
  customer: string | null;
  createdAtMs: number;
  metadata: Readonly<Record<string, string>>;
  billing: Readonly<Record<string, unknown>>;
  allowRedisplay: string;
}

export function paymentMethodObject(method: ShownMethod): Record<string, unknown> {
  const { card } = method;
  return {
    id: method.id,
    object: 'payment_method',
    allow_redisplay: method.allowRedisplay,
    billing_details: { ...NO_BILLING_DETAILS, ...method.billing },
    card: {
      ...plainCard(card),
      display_brand: card.brand,
      generated_from: null,
      networks: { available: [card.brand], preferred: null },
      three_d_secure_usage: { supported: card.threeDs !== 'not-supported' },
      wallet: null,
    },
    created: seconds(method.createdAtMs),
    customer: method.customer,
    customer_account: null,
    livemode: false,
    metadata: method.metadata,
    type: 'card',
  };
}

/** The PaymentMethod object of the payment's latest attempt, as it was when it was charged. */
export function methodOfPayment(record: PaymentRecord): Record<string, unknown> {
  const { customer } = intentDetails(record);
  return paymentMethodObject({
    id: paymentMethodIdOf(record),
    card: cardOf(record),
    customer,
    createdAtMs: record.createdAtMs,
    metadata: {},
    billing: {},
    allowRedisplay: 'unspecified',
  });
}

/** The same for the same card, as Stripe uses it to find duplicates; from the name, so that no digits can be read from it. */
function fingerprintOf({ name }: TestCard): string {
  return createHash('sha256').update(`stripe test card ${name}`).digest('hex').slice(0, 16);
}
