/**
 * Tokens that stand in when a sandbox request names none; every adapter knows them.
 */
export const NEUTRAL_CARD = 'card_ok';
export const NEUTRAL_DESTINATION = 'card_payout_ok';
