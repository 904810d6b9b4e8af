/**
 * Stripe's published test payment methods behind the neutral sandbox tokens
 * (docs.stripe.com/testing). Anything else passes unchanged: `pm_…` of a live client, or
 * another `pm_card_…` of the same page.
 */
const PAYMENT_METHODS: Readonly<Record<string, string>> = {
  card_ok: 'pm_card_visa',
  card_declined: 'pm_card_visa_chargeDeclined',
  card_insufficient_funds: 'pm_card_visa_chargeDeclinedInsufficientFunds',
  card_3ds: 'pm_card_threeDSecure2Required',
  // Enrolled, and challenged only when the merchant asks for it, which we do not.
  card_3ds_frictionless: 'pm_card_threeDSecureOptional',
  card_3ds_declined: 'pm_card_threeDSecureRequiredChargeDeclined',
};

export function stripePaymentMethod(token: string): string {
  return PAYMENT_METHODS[token] ?? token;
}

/**
 * Where a payout goes. The neutral tokens mean the account's default destination; the
 * failing one adds the marker that simulators of Stripe understand and Stripe ignores.
 */
export function stripeDestination(token: string): { destination?: string; metadata: Record<string, string> } {
  if (token === 'card_payout_ok') return { metadata: {} };
  if (token === 'card_payout_fail') return { metadata: { assay_outcome: 'fail' } };
  return { destination: token, metadata: {} };
}
