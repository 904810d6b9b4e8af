/**
 * What Stripe says about a card that was not charged: neutral reason → `code`, `decline_code`,
 * message. The neutral reason is the key, so that an event made up by a fault (a late `failed`
 * about a captured payment) reads like any other.
 */
import type { DeclineReason } from '../../core/records.ts';

export interface StripeDecline {
  type: 'card_error' | 'invalid_request_error';
  code: string;
  declineCode?: string;
  networkDeclineCode?: string;
  adviceCode?: string;
  message: string;
}

const DECLINED = 'Your card was declined.';
const NOT_AUTHENTICATED: StripeDecline = {
  type: 'invalid_request_error',
  code: 'payment_intent_authentication_failure',
  message:
    'The provided PaymentMethod has failed authentication. You can provide payment_method_data or a new PaymentMethod to attempt to fulfill this PaymentIntent again.',
};

const DECLINES: Readonly<Record<DeclineReason, StripeDecline>> = {
  generic: declined('generic_decline', '01', 'try_again_later'),
  do_not_honor: declined('do_not_honor', '05', 'try_again_later'),
  insufficient_funds: declined('insufficient_funds', '51', 'try_again_later', 'Your card has insufficient funds.'),
  lost_card: declined('lost_card', '41', 'do_not_try_again'),
  stolen_card: declined('stolen_card', '43', 'do_not_try_again'),
  velocity_exceeded: declined(
    'card_velocity_exceeded',
    '65',
    'try_again_later',
    'Your card was declined for making repeated attempts too frequently or exceeding its amount limit.',
  ),
  restricted_card: declined('restricted_card', '62', 'do_not_try_again'),
  invalid_card: declined('invalid_account', '14', 'confirm_card_data'),
  not_permitted: declined('transaction_not_allowed', '57', 'do_not_try_again'),
  issuer_unavailable: declined('issuer_not_available', '91', 'try_again_later'),
  suspected_fraud: declined('fraudulent', '59', 'do_not_try_again'),
  expired_card: ownCode('expired_card', 'Your card has expired.'),
  incorrect_cvc: ownCode('incorrect_cvc', "Your card's security code is incorrect."),
  processing_error: ownCode(
    'processing_error',
    'An error occurred while processing your card. Try again in a little bit.',
  ),
  authentication_failed: NOT_AUTHENTICATED,
  challenge_expired: NOT_AUTHENTICATED,
  authentication_error: declined('generic_decline', '1A', 'confirm_card_data'),
  authentication_required: {
    ...ownCode('authentication_required', `${DECLINED} This transaction requires authentication.`),
    networkDeclineCode: '1A',
    adviceCode: 'confirm_card_data',
  },
};

/** Stripe's words for a neutral reason; a declined record without one is a generic decline. */
export function declineFor(reason: DeclineReason | null): StripeDecline {
  return DECLINES[reason ?? 'generic'];
}

/** True when the issuer was never asked, so that no charge exists. */
export function failedBeforeCharge(reason: DeclineReason | null): boolean {
  return reason === 'authentication_failed' || reason === 'challenge_expired';
}

function declined(
  declineCode: string,
  networkDeclineCode: string,
  adviceCode: string,
  message = DECLINED,
): StripeDecline {
  return { type: 'card_error', code: 'card_declined', declineCode, networkDeclineCode, adviceCode, message };
}

/** Codes whose `code` and `decline_code` are the same word. */
function ownCode(code: string, message: string): StripeDecline {
  return { type: 'card_error', code, declineCode: code, message };
}
