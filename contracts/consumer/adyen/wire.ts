/** Adyen's conventions in a pact: key, account, JSON bodies, and the parts of its answers that the service reads. */
import { Matchers } from '@pact-foundation/pact';
import type { CallNeed } from '../pact-book.ts';
import { EXAMPLE_CREDENTIALS, keyOf, MONEY, PLAYER_ID, RETURN_URL } from '../examples.ts';
import { anyId } from '../matchers.ts';

const { like } = Matchers;

export const merchantAccount = EXAMPLE_CREDENTIALS.adyen['merchantAccount'] ?? '';
export const adyenMoney = { currency: MONEY.currency, value: MONEY.amountMinor };

export function post(path: string, body: object, key: string): CallNeed['request'] {
  return {
    method: 'POST',
    path,
    headers: {
      'X-API-Key': EXAMPLE_CREDENTIALS.adyen['apiKey'] ?? '',
      'Idempotency-Key': key,
      'Content-Type': 'application/json',
    },
    body,
  };
}

export interface TestCard {
  number?: string;
  holderName?: string;
  challenge?: boolean;
}

/** The call that charges a card. */
export function createPaymentCall(
  reference: string,
  { number = '4111111145551142', holderName = 'APPROVED', challenge = false }: TestCard = {},
): CallNeed['request'] {
  return post(
    '/v72/payments',
    {
      amount: adyenMoney,
      merchantAccount,
      reference,
      returnUrl: RETURN_URL,
      shopperReference: PLAYER_ID,
      paymentMethod: {
        type: 'scheme',
        holderName,
        encryptedCardNumber: `test_${number}`,
        encryptedExpiryMonth: 'test_03',
        encryptedExpiryYear: 'test_2030',
        encryptedSecurityCode: 'test_737',
      },
      ...(challenge ? { authenticationData: { attemptAuthentication: 'always' } } : {}),
    },
    keyOf(reference),
  );
}

export function authorised(id: string, reference: string): CallNeed['response'] {
  return {
    status: 200,
    body: { pspReference: anyId(id), merchantReference: reference, resultCode: 'Authorised', amount: adyenMoney },
  };
}

export function refused(
  id: string,
  reference: string,
  refusal: { refusalReason: string; refusalReasonCode: string },
): CallNeed['response'] {
  return {
    status: 200,
    body: { pspReference: anyId(id), merchantReference: reference, resultCode: 'Refused', ...refusal },
  };
}

/** An answer in Adyen's error format. */
export function error(status: number, fields: object = {}): CallNeed['response'] {
  return { status, body: { status, errorCode: like('000'), message: like('Any text for people.'), ...fields } };
}
