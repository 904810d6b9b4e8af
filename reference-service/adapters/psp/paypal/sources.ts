/**
 * What is paid with, in PayPal's words. Neutral tokens become PayPal's test cards and test names;
 * every other card token is a kept card's (`vault_id`), and a PayPal account needs no token: the
 * payer says on PayPal's page who he is. No real card's number ever comes this way.
 *
 * Words beginning with ASSAY are known to this project's simulator only, where PayPal's sandbox
 * has none: there they are ordinary names.
 */
import {
  OrdersCardVerificationMethod,
  PaymentInitiator,
  PaypalExperienceUserAction,
  PaypalPaymentTokenUsageType,
  PaypalWalletContextShippingPreference,
  StoredPaymentSourcePaymentType,
  StoredPaymentSourceUsageType,
  StoreInVaultInstruction,
  type CardRequest,
  type PaymentSource,
  type PaypalWallet,
} from '@paypal/paypal-server-sdk';
import type { PspPaymentAttempt } from '../../../ports/psp-adapter.ts';
import { isNeutralToken, nativeToken } from '../neutral.ts';

/** Not enrolled in 3-D Secure. */
const PLAIN = '4012888888881881';
/** PayPal's 3-D Secure test cards: authenticated without a challenge, and challenged. */
const FRICTIONLESS = '4868719196829038';
const CHALLENGED = '4868719166101368';

interface TestCard {
  number: string;
  name: string;
}

const TEST_CARDS: Readonly<Record<string, TestCard>> = {
  card_ok: { number: PLAIN, name: 'Ada Example' },
  card_declined: { number: PLAIN, name: 'CCREJECT-REFUSED' },
  card_insufficient_funds: { number: PLAIN, name: 'CCREJECT-IF' },
  card_3ds: { number: CHALLENGED, name: 'Ada Example' },
  card_3ds_frictionless: { number: FRICTIONLESS, name: 'Ada Example' },
  card_3ds_declined: { number: CHALLENGED, name: 'CCREJECT-REFUSED' },
  card_soft_decline: { number: PLAIN, name: 'CCREJECT-SCA' },
  card_disputed: { number: PLAIN, name: 'ASSAY-DISPUTE-LOST' },
  card_disputed_won: { number: PLAIN, name: 'ASSAY-DISPUTE-WON' },
  card_disputed_lost: { number: PLAIN, name: 'ASSAY-DISPUTE-LOST' },
  card_disputed_reversed: { number: PLAIN, name: 'ASSAY-DISPUTE-REVERSED' },
  card_refund_fails: { number: PLAIN, name: 'ASSAY-REFUND-FAILS' },
  card_refund_fails_late: { number: PLAIN, name: 'ASSAY-REFUND-FAILS-LATE' },
};

/** E-mail addresses of test payers; empty: whoever logs in on the page. */
const TEST_PAYERS: Readonly<Record<string, string>> = {
  ewallet_ok: '',
  ewallet_declined: 'assay-declined@example.com',
  ewallet_disputed: 'assay-dispute-lost@example.com',
  ewallet_disputed_won: 'assay-dispute-won@example.com',
  ewallet_refund_fails: 'assay-refund-fails@example.com',
};

/** Null: a neutral token that PayPal has no test value for. */
export function paymentSource(attempt: PspPaymentAttempt, returnUrl: string): PaymentSource | null {
  return attempt.method === 'ewallet' ? walletSource(attempt, returnUrl) : cardSource(attempt, returnUrl);
}

function cardSource(attempt: PspPaymentAttempt, returnUrl: string): PaymentSource | null {
  const { storedToken, token, challenge, storeMethod } = attempt;
  const native = storedToken ?? nativeToken(TEST_CARDS, token);
  if (native === null) return null;
  const common: CardRequest = {
    attributes: {
      verification: {
        method:
          challenge === 'force' ? OrdersCardVerificationMethod.ScaAlways : OrdersCardVerificationMethod.ScaWhenRequired,
      },
      ...(storeMethod ? { vault: { storeInVault: StoreInVaultInstruction.OnSuccess } } : {}),
    },
    experienceContext: { returnUrl, cancelUrl: returnUrl },
  };
  if (typeof native !== 'string')
    return { card: { ...common, number: native.number, name: native.name, expiry: '2035-12', securityCode: '123' } };
  const storedCredential = {
    paymentInitiator: PaymentInitiator.Customer,
    paymentType: StoredPaymentSourcePaymentType.Unscheduled,
    usage: StoredPaymentSourceUsageType.Subsequent,
  };
  return { card: { ...common, vaultId: native, storedCredential } };
}

function walletSource({ storedToken, token, storeMethod }: PspPaymentAttempt, returnUrl: string): PaymentSource | null {
  const experienceContext: PaypalWallet['experienceContext'] = {
    returnUrl,
    cancelUrl: returnUrl,
    userAction: PaypalExperienceUserAction.PayNow,
    shippingPreference: PaypalWalletContextShippingPreference.NoShipping,
  };
  if (storedToken !== null) return { paypal: { vaultId: storedToken, experienceContext } };
  const email = isNeutralToken(token) ? TEST_PAYERS[token] : token;
  if (email === undefined) return null;
  return {
    paypal: {
      experienceContext,
      ...(email.includes('@') ? { emailAddress: email } : {}),
      ...(storeMethod
        ? {
            attributes: {
              vault: {
                storeInVault: StoreInVaultInstruction.OnSuccess,
                usageType: PaypalPaymentTokenUsageType.Merchant,
              },
            },
          }
        : {}),
    },
  };
}

const TEST_RECEIVERS: Readonly<Record<string, Receiver>> = {
  ewallet_payout_ok: { receiver: 'payee@example.com' },
  ewallet_payout_fail: { receiver: 'payee@example.com', note: 'ASSAY-PAYOUT-FAILS' },
  ewallet_payout_returned: { receiver: 'payee@example.com', note: 'ASSAY-PAYOUT-RETURNED' },
};

export interface Receiver {
  /** E-mail address of the PayPal account. */
  receiver: string;
  note?: string;
}

/** An e-mail address or a neutral word. Null: a neutral one that PayPal has no test value for. */
export function receiverOf(token: string): Receiver | null {
  const native = nativeToken(TEST_RECEIVERS, token);
  return typeof native === 'string' ? { receiver: native } : native;
}
