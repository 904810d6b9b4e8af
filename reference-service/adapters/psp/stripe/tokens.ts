/**
 * Stripe's published test payment methods behind the neutral sandbox tokens
 * (docs.stripe.com/testing). Anything that is not neutral passes unchanged: `pm_…` of a live
 * client, or another `pm_card_…` of the same page.
 */
import { nativeToken } from '../neutral.ts';

const PAYMENT_METHODS: Readonly<Record<string, string>> = {
  card_ok: 'pm_card_visa',
  card_declined: 'pm_card_visa_chargeDeclined',
  card_insufficient_funds: 'pm_card_visa_chargeDeclinedInsufficientFunds',
  card_3ds: 'pm_card_threeDSecure2Required',
  // Enrolled, and challenged only when the merchant asks for it, which we do not.
  card_3ds_frictionless: 'pm_card_threeDSecureOptional',
  card_3ds_declined: 'pm_card_threeDSecureRequiredChargeDeclined',
  card_disputed: 'pm_card_createDispute',
  card_soft_decline: 'pm_card_authenticationRequired',
  card_refund_fails: 'pm_card_refundFail',
  // Stripe's card is of this kind: the refund succeeds first.
  card_refund_fails_late: 'pm_card_refundFail',
};

/** Cards of the page that no challenge reaches; whoever forces one in a test pays with one that it does. */
const CHALLENGEABLE: Readonly<Record<string, string>> = { pm_card_visa: 'pm_card_threeDSecureOptional' };

/** How a card is charged, in Stripe's parameters. */
export interface StripeCard {
  payment_method: string;
  customer?: string;
  payment_method_options?: { card: { request_three_d_secure: 'challenge' } };
  /** Stripe's way to make a soft decline of a card that wants a challenge. */
  error_on_requires_action?: true;
}

/** Null: a neutral token for which Stripe has no test value. */
export function stripeCard(wish: {
  token: string;
  storedToken: string | null;
  challenge: 'auto' | 'force';
}): StripeCard | null {
  const forced = wish.challenge === 'force';
  const asked = forced ? { payment_method_options: { card: { request_three_d_secure: 'challenge' } } as const } : {};
  if (wish.storedToken !== null) return { ...fromStoredToken(wish.storedToken), ...asked };
  const method = nativeToken(PAYMENT_METHODS, wish.token);
  if (method === null) return null;
  if (forced) return { payment_method: CHALLENGEABLE[method] ?? method, ...asked };
  return wish.token === 'card_soft_decline'
    ? { payment_method: method, error_on_requires_action: true }
    : { payment_method: method };
}

/** A kept card can only be charged together with the customer that it is attached to: both are one token for us. */
export function storedTokenOf(customer: string, paymentMethod: string): string {
  return `${customer}:${paymentMethod}`;
}

function fromStoredToken(token: string): StripeCard {
  const [customer, paymentMethod] = token.split(':');
  return paymentMethod === undefined || customer === undefined
    ? { payment_method: token }
    : { customer, payment_method: paymentMethod };
}

/** What a neutral destination means: the account's default one, and a marker that simulators of Stripe understand and Stripe ignores. */
const PAYOUT_MARKERS: Readonly<Record<string, Record<string, string>>> = {
  payout_ok: {},
  payout_fail: { assay_outcome: 'fail' },
  payout_returned: { assay_outcome: 'return' },
};

/** Where a payout goes; null for a neutral token that means nothing here. */
export function stripeDestination(token: string): { destination?: string; metadata: Record<string, string> } | null {
  const outcome = /^(?:card|bank)_(payout_[a-z]+)$/.exec(token)?.[1];
  if (outcome !== undefined) {
    const metadata = PAYOUT_MARKERS[outcome];
    return metadata === undefined ? null : { metadata };
  }
  return nativeToken({}, token) === null ? null : { destination: token, metadata: {} };
}
