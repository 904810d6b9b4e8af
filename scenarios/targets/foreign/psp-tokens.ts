/**
 * What a shop is sent as payment method, so that its PSP gives the payment the fate that the
 * scenario means: the test values of each PSP's documentation. Where a PSP has no such value in
 * one text, the neutral word goes to the shop, and the target file's `tokens` say what it needs.
 */
import type { Dialect } from '../../dsl/index.ts';

const TOKENS: Partial<Readonly<Record<Dialect, Readonly<Record<string, string>>>>> = {
  acme: {
    card_ok: 'tok_ok',
    card_declined: 'tok_declined',
    card_insufficient_funds: 'tok_insufficient_funds',
    card_3ds: 'tok_3ds',
    card_3ds_frictionless: 'tok_3ds_frictionless',
    card_3ds_declined: 'tok_3ds_declined',
  },
  stripe: {
    card_ok: 'pm_card_visa',
    card_declined: 'pm_card_visa_chargeDeclined',
    card_insufficient_funds: 'pm_card_visa_chargeDeclinedInsufficientFunds',
    card_3ds: 'pm_card_threeDSecure2Required',
    card_3ds_frictionless: 'pm_card_threeDSecureOptional',
    card_3ds_declined: 'pm_card_threeDSecureRequiredChargeDeclined',
    card_refund_fails_late: 'pm_card_refundFail',
  },
  mollie: {
    card_ok: 'tkn_assay_approved',
    card_declined: 'tkn_assay_declined',
    card_insufficient_funds: 'tkn_assay_insufficient_funds',
    card_3ds: 'tkn_assay_challenge',
    card_3ds_frictionless: 'tkn_assay_frictionless',
    card_3ds_declined: 'tkn_assay_challenge_declined',
    card_refund_fails_late: 'tkn_assay_refund_fails_late',
  },
};

/** The text that stands for `token` (`card_3ds`) at a PSP of this dialect. */
export function pspToken(token: string, dialect: Dialect, own: Readonly<Record<string, string>> = {}): string {
  return own[token] ?? TOKENS[dialect]?.[token] ?? token;
}
