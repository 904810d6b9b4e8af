/**
 * Adyen's published test cards behind the neutral sandbox tokens. These numbers are Adyen's
 * own (but for one that only a simulator of Adyen knows) and work only in its test environment;
 * any token that is not neutral is a payment method stored at Adyen and passes by its id.
 * (docs.adyen.com: test card numbers, 3D Secure 2 authentication, result codes, chargeback testing.)
 */
import type { PspPaymentAttempt } from '../../../ports/psp-adapter.ts';
import { isNeutralToken } from '../neutral.ts';

const ALWAYS_APPROVED = '4111111145551142';
const ENROLLED_FOR_3DS = '5454545454545454';
/** Adyen publishes no card whose refunds fail; to Adyen these are unknown numbers. */
const REFUND_FAILS = '4000000000770133';
const REFUND_FAILS_LATE = '4000000000770141';

interface TestCard {
  number: string;
  /** In the test environment the holder's name chooses the result. */
  holderName: string;
  authenticate: boolean;
}

const TEST_CARDS: Readonly<Record<string, TestCard>> = {
  card_ok: { number: ALWAYS_APPROVED, holderName: 'APPROVED', authenticate: false },
  card_declined: { number: ALWAYS_APPROVED, holderName: 'DECLINED', authenticate: false },
  card_insufficient_funds: { number: ALWAYS_APPROVED, holderName: 'NOT_ENOUGH_BALANCE', authenticate: false },
  card_3ds: { number: ENROLLED_FOR_3DS, holderName: 'APPROVED', authenticate: true },
  // Authentication is wanted, the card is not enrolled: no challenge is shown.
  card_3ds_frictionless: { number: ALWAYS_APPROVED, holderName: 'APPROVED', authenticate: true },
  card_3ds_declined: { number: ENROLLED_FOR_3DS, holderName: 'DECLINED', authenticate: true },
  card_soft_decline: { number: ENROLLED_FOR_3DS, holderName: 'AUTHENTICATION_REQUIRED', authenticate: false },
  card_disputed: { number: ALWAYS_APPROVED, holderName: 'Chargeback', authenticate: false },
  card_refund_fails_late: { number: REFUND_FAILS_LATE, holderName: 'APPROVED', authenticate: false },
  card_refund_fails: { number: REFUND_FAILS, holderName: 'APPROVED', authenticate: false },
};

type Wish = Pick<PspPaymentAttempt, 'token' | 'storedToken' | 'storeMethod' | 'challenge'>;

/**
 * The parts of a /payments request that say which card pays, whether it is kept, and whether 3DS
 * is wanted. Null: a neutral token for which Adyen has no test card.
 */
export function adyenPaymentMethod(wish: Wish): { paymentMethod: Record<string, string> } | null {
  const forced = wish.challenge === 'force';
  const native = wish.storedToken ?? (isNeutralToken(wish.token) ? null : wish.token);
  if (native !== null)
    return {
      paymentMethod: { type: 'scheme', storedPaymentMethodId: native },
      ...(wish.storedToken === null ? {} : cardOnFile(forced ? 'Ecommerce' : 'ContAuth')),
      ...authentication(forced),
    };
  const card = TEST_CARDS[wish.token];
  if (card === undefined) return null;
  return {
    paymentMethod: {
      type: 'scheme',
      holderName: card.holderName,
      // A card that is not enrolled cannot be challenged: whoever forces it in a test pays with one that can.
      encryptedCardNumber: `test_${forced && card.number === ALWAYS_APPROVED ? ENROLLED_FOR_3DS : card.number}`,
      encryptedExpiryMonth: 'test_03',
      encryptedExpiryYear: 'test_2030',
      encryptedSecurityCode: 'test_737',
    },
    ...(wish.storeMethod ? { storePaymentMethod: true, ...cardOnFile('Ecommerce') } : {}),
    ...authentication(forced || card.authenticate),
  };
}

/** The player is there each time, so a kept card is a card on file; `ContAuth` says that he has not typed it again. */
function cardOnFile(shopperInteraction: 'Ecommerce' | 'ContAuth') {
  return { recurringProcessingModel: 'CardOnFile', shopperInteraction };
}

function authentication(wanted: boolean) {
  return wanted ? { authenticationData: { attemptAuthentication: 'always' } } : {};
}

/** Names by which a simulator of Adyen decides a payout; Adyen itself takes them for names. */
const PAYOUT_NAMES: Readonly<Record<string, string>> = {
  card_payout_ok: 'APPROVED',
  card_payout_fail: 'assay_outcome=fail',
  card_payout_returned: 'assay_outcome=return',
};

/** The parts of a /payout request that say which card is paid; null for a neutral token that means nothing here. */
export function adyenPayoutDestination(token: string): object | null {
  if (!isNeutralToken(token)) return { selectedRecurringDetailReference: token, recurring: { contract: 'PAYOUT' } };
  const lastName = PAYOUT_NAMES[token];
  if (lastName === undefined) return null;
  return {
    card: { number: ALWAYS_APPROVED, expiryMonth: '03', expiryYear: '2030', holderName: lastName },
    shopperName: { firstName: 'Player', lastName },
  };
}
