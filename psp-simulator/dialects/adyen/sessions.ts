/**
 * Sessions: the merchant's server opens one, the shopper's browser (Drop-in) pays in it, and the
 * merchant asks for the result with the `sessionResult` that the browser got. A session is a
 * payment that is not attempted yet; it takes one attempt, and is over after an hour.
 *
 * What Drop-in sends is not documented: the two calls under /checkoutshopper are as it makes
 * them in a browser, and whoever plays the shopper makes them by hand.
 */
import { isoTime } from '../../../kernel/index.ts';
import type { PaymentRecord } from '../../core/records.ts';
import type { Call, PspAnswer, PspContext } from '../dialect.ts';
import { asDetails, newPspReference, paymentDetails, sealed, type AdyenPaymentDetails } from './details.ts';
import { jsonAnswer, unprocessable } from './errors.ts';
import { checkMerchantAccount, objectAt, requiredAmount, requiredReference, textAt, textMapAt } from './fields.ts';
import { adyenAmount } from './money.ts';
import { goOn } from './payment-details.ts';
import { captureModeIn } from './payments.ts';
import { readPayment, recurringModelIn, wantsAuthentication } from './read-payment.ts';
import { keepCardOf } from './stored-card.ts';
import { paymentAnswer } from './wire.ts';

const HOUR_MS = 3_600_000;

/** Until the shopper has chosen one. */
const NO_CARD = { brand: '', cardSummary: '', expiry: '', card: 'plain', holderName: null };

export function createSession(call: Call): PspAnswer {
  const { body, psp } = call;
  const merchantAccount = checkMerchantAccount(call);
  const { amountMinor, currency } = requiredAmount(body);
  const reference = requiredReference(body);
  const returnUrl = textAt(body, 'returnUrl');
  if (returnUrl === undefined) throw unprocessable('14_030', 'Return URL is missing.', 'returnUrl');
  if (textAt(body, 'mode') === 'hosted') throw unprocessable('702', 'Hosted sessions are not simulated.', 'mode');
  const pspReference = newPspReference(psp);
  const id = `CS${pspReference}`;
  const details: AdyenPaymentDetails = {
    ...NO_CARD,
    metadata: textMapAt(body, 'metadata'),
    refusal: null,
    shopperReference: textAt(body, 'shopperReference') ?? null,
    recurringModel: recurringModelIn(body),
    scaExemption: textAt(objectAt(body, 'additionalData'), 'scaExemption') ?? null,
    session: { id, authenticate: wantsAuthentication(body), store: storesIn(body) },
  };
  psp.bank.createPayment({
    pspReference,
    reference,
    amountMinor,
    currency,
    captureMode: captureModeIn(body),
    outcome: null,
    returnUrl,
    details: asDetails(details),
  });
  return jsonAnswer(201, {
    amount: adyenAmount(amountMinor, currency),
    expiresAt: isoTime(psp.nowMs() + (psp.profile.openLifeMs === 0 ? HOUR_MS : psp.profile.openLifeMs)),
    id,
    merchantAccount,
    mode: 'embedded',
    reference,
    returnUrl,
    sessionData: sealed(SESSION_DATA, id, psp),
  });
}

/** What came of it; asked with the `sessionResult` that the browser was given. */
export function getSession({ psp, params, request }: Call): PspAnswer {
  const payment = sessionPayment(params['id'] ?? '', psp);
  const id = sessionId(payment);
  if (request.query.get('sessionResult') !== sealed(SESSION_RESULT, id, psp))
    throw unprocessable('702', 'The sessionResult does not belong to this session.', 'sessionResult');
  const status = STATUS[payment.state];
  const { brand } = paymentDetails(payment);
  const tried = payment.state !== 'created' && brand !== '';
  return jsonAnswer(200, {
    id,
    reference: payment.reference,
    status,
    ...(tried && status !== 'paymentPending'
      ? {
          payments: [
            {
              amount: adyenAmount(payment.amountMinor, payment.currency),
              paymentMethod: { brand, type: 'scheme' },
              pspReference: payment.pspReference,
              resultCode: paymentAnswer(payment, psp)['resultCode'],
            },
          ],
        }
      : {}),
  });
}

/** The browser pays with what the shopper typed in. */
export function payInSession(call: Call): PspAnswer {
  const { body, psp } = call;
  const payment = openSession(call);
  const { session, ...known } = paymentDetails(payment);
  const input = readPayment(
    {
      ...body,
      shopperReference: known.shopperReference,
      recurringProcessingModel: known.recurringModel,
      storePaymentMethod: session?.store === true || body['storePaymentMethod'] === true,
      ...(session?.authenticate === true ? { authenticationData: { attemptAuthentication: 'always' } } : {}),
    },
    psp,
  );
  const details = { ...input.details, metadata: known.metadata, ...(session === undefined ? {} : { session }) };
  const record = psp.bank.confirmPayment({
    pspReference: payment.pspReference,
    outcome: input.outcome,
    methodToken: input.methodToken,
    details: asDetails(details),
  });
  return sessionAnswer(record, psp);
}

/** The browser hands in what it brought back from a redirect. */
export function submitSessionDetails(call: Call): PspAnswer {
  const { body, psp } = call;
  openSession(call);
  return sessionAnswer(goOn(objectAt(body, 'details') ?? {}, psp), psp);
}

export function referenceOfSession({ params, psp }: Call): string | null {
  return psp.bank.findPayment((params['id'] ?? '').replace(/^CS/, ''))?.reference ?? null;
}

const SESSION_DATA = 'adyen-session-data';
const SESSION_RESULT = 'adyen-session-result';

const STATUS: Readonly<Record<PaymentRecord['state'], string>> = {
  created: 'active',
  requires_action: 'paymentPending',
  authorized: 'completed',
  captured: 'completed',
  refunded: 'completed',
  declined: 'refused',
  canceled: 'canceled',
  expired: 'expired',
};

function sessionAnswer(record: PaymentRecord, psp: PspContext): PspAnswer {
  keepCardOf(record, psp);
  const { resultCode, action } = paymentAnswer(record, psp);
  const id = sessionId(record);
  return jsonAnswer(200, {
    ...(action === undefined ? {} : { action }),
    resultCode,
    sessionData: sealed(SESSION_DATA, id, psp),
    sessionResult: sealed(SESSION_RESULT, id, psp),
  });
}

/** Only a browser that was handed the `sessionData` pays. */
function openSession({ body, params, psp }: Call): PaymentRecord {
  const payment = sessionPayment(params['id'] ?? '', psp);
  if (textAt(body, 'sessionData') !== sealed(SESSION_DATA, sessionId(payment), psp))
    throw unprocessable('702', 'The sessionData does not belong to this session.', 'sessionData');
  return payment;
}

function sessionPayment(id: string, psp: PspContext): PaymentRecord {
  const payment = id.startsWith('CS') ? psp.bank.findPayment(id.slice(2)) : undefined;
  if (payment === undefined || paymentDetails(payment).session === undefined)
    throw unprocessable('702', 'There is no such session.', 'id');
  return payment;
}

function sessionId(payment: PaymentRecord): string {
  return `CS${payment.pspReference}`;
}

function storesIn(body: Readonly<Record<string, unknown>>): boolean {
  return textAt(body, 'storePaymentMethodMode') === 'enabled' || textAt(body, 'storePaymentMethod') === 'true';
}
