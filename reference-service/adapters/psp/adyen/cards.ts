/**
 * Adyen's published test cards behind the neutral sandbox tokens. These numbers are Adyen's
 * own, work only in its test environment, and are the only card numbers that this service
 * contains; any other token is a payment method stored at Adyen and passes by its id.
 * (docs.adyen.com: test card numbers, 3D Secure 2 authentication, result codes.)
 */
const ALWAYS_APPROVED = '4111111145551142';
const ENROLLED_FOR_3DS = '5454545454545454';

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
};

/** The parts of a /payments request that say which card pays and whether 3DS is wanted. */
export function adyenPaymentMethod(token: string) {
  const card = TEST_CARDS[token];
  if (card === undefined) return { paymentMethod: { type: 'scheme', storedPaymentMethodId: token } };
  return {
    paymentMethod: {
      type: 'scheme',
      holderName: card.holderName,
      encryptedCardNumber: `test_${card.number}`,
      encryptedExpiryMonth: 'test_03',
      encryptedExpiryYear: 'test_2030',
      encryptedSecurityCode: 'test_737',
    },
    ...(card.authenticate ? { authenticationData: { attemptAuthentication: 'always' } } : {}),
  };
}

/** The marker by which a simulator of Adyen lets a payout fail; Adyen itself takes it for a name. */
const FAILING_PAYOUT_NAME = 'assay_outcome=fail';

/** The parts of a /payout request that say which card is paid. */
export function adyenPayoutDestination(token: string) {
  if (token !== 'card_payout_ok' && token !== 'card_payout_fail') {
    return { selectedRecurringDetailReference: token, recurring: { contract: 'PAYOUT' } };
  }
  const lastName = token === 'card_payout_fail' ? FAILING_PAYOUT_NAME : 'APPROVED';
  return {
    card: { number: ALWAYS_APPROVED, expiryMonth: '03', expiryYear: '2030', holderName: lastName },
    shopperName: { firstName: 'Player', lastName },
  };
}
