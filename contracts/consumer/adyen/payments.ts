/** What the service needs of Adyen to take a payment, to finish it after a challenge, and to end it. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { attempt, EXAMPLE_URL, keyOf, MONEY, RETURN_URL } from '../examples.ts';
import { anyId, url } from '../matchers.ts';
import type { PactBook } from '../pact-book.ts';
import {
  authorizedPayment,
  challengeFailed,
  challengePassed,
  declinedAfterChallenge,
  waitingPayment,
} from '../states.ts';
import { authorised, createPaymentCall, error, merchantAccount, post, refused } from './wire.ts';

const by = { returnUrl: RETURN_URL };
const ENROLLED = '5454545454545454';

export function writePayments(book: PactBook): void {
  book.call(
    {
      description: 'a card payment that is captured at once',
      why: 'The stated amount is held against what was asked for, the reference ties the AUTHORISATION webhook to this answer.',
      request: createPaymentCall('att_adyen_pay'),
      response: authorised('CONTRACTPAY00001', 'att_adyen_pay'),
    },
    async (adapter) =>
      assert.deepEqual(await adapter.createPayment(attempt('att_adyen_pay'), by), {
        kind: 'approved',
        pspReference: 'CONTRACTPAY00001',
        money: MONEY,
      }),
  );

  book.call(
    {
      description: 'a card payment that needs the cardholder',
      why: 'The player can only be sent to a URL by GET; a form to be posted could not be shown.',
      request: createPaymentCall('att_adyen_3ds', { number: ENROLLED, challenge: true }),
      response: {
        status: 200,
        body: { resultCode: 'RedirectShopper', action: { type: 'redirect', method: 'GET', url: url(EXAMPLE_URL) } },
      },
    },
    async (adapter) =>
      assert.deepEqual(await adapter.createPayment(attempt('att_adyen_3ds', { token: 'card_3ds' }), by), {
        kind: 'requires_action',
        pspReference: null,
        redirectUrl: EXAMPLE_URL,
      }),
  );

  for (const { what, token, card, refusal } of [
    {
      what: 'that the issuer declines',
      token: 'card_declined',
      card: { holderName: 'DECLINED' },
      refusal: { refusalReason: 'Refused', refusalReasonCode: '2' },
    },
    {
      what: 'without enough money behind it',
      token: 'card_insufficient_funds',
      card: { holderName: 'NOT_ENOUGH_BALANCE' },
      refusal: { refusalReason: 'Not enough balance', refusalReasonCode: '12' },
    },
  ]) {
    const reference = `att_adyen_${token}`;
    book.call(
      {
        description: `a card payment ${what}`,
        why: 'A refusal is an ordinary answer; its code decides whether another provider may be tried.',
        request: createPaymentCall(reference, card),
        response: refused('CONTRACTNO000001', reference, refusal),
      },
      async (adapter) =>
        assert.deepEqual(await adapter.createPayment(attempt(reference, { token }), by), {
          kind: 'declined',
          pspReference: 'CONTRACTNO000001',
          code: refusal.refusalReason,
          declineClass: 'issuer',
        }),
    );
  }

  const afterChallenge = (reference: string, redirectResult: string) => {
    const digest = createHash('sha256').update(redirectResult).digest('hex').slice(0, 12);
    return post('/v72/payments/details', { details: { redirectResult } }, `${keyOf(reference)}-details-${digest}`);
  };

  book.call(
    {
      description: 'the end of a payment after the challenge',
      why: 'Nothing is authorized before this call; its answer says what was.',
      given: [
        challengePassed({
          reference: 'att_adyen_back',
          psp_reference: 'CONTRACTBACK0001',
          redirect_result: 'contract-redirect-passed',
        }),
      ],
      request: afterChallenge('att_adyen_back', 'contract-redirect-passed'),
      response: authorised('CONTRACTBACK0001', 'att_adyen_back'),
    },
    async (adapter) =>
      assert.deepEqual(
        await adapter.submitReturn?.(attempt('att_adyen_back'), { redirectResult: 'contract-redirect-passed' }),
        {
          kind: 'approved',
          pspReference: 'CONTRACTBACK0001',
          money: MONEY,
        },
      ),
  );

  for (const { what, state, word, id, refusal } of [
    {
      what: 'that the cardholder failed',
      state: challengeFailed,
      word: 'failed',
      id: 'CONTRACTFAIL0001',
      refusal: { refusalReason: '3D Not Authenticated', refusalReasonCode: '11' },
    },
    {
      what: 'after which the issuer declines',
      state: declinedAfterChallenge,
      word: 'declined',
      id: 'CONTRACTFAIL0002',
      refusal: { refusalReason: 'Refused', refusalReasonCode: '2' },
    },
  ]) {
    const reference = `att_adyen_back_${word}`;
    const redirectResult = `contract-redirect-${word}`;
    book.call(
      {
        description: `the end of a payment after a challenge ${what}`,
        why: 'The player is told why, and the attempt is over.',
        given: [state({ reference, psp_reference: id, redirect_result: redirectResult })],
        request: afterChallenge(reference, redirectResult),
        response: refused(id, reference, refusal),
      },
      async (adapter) => {
        const report = await adapter.submitReturn?.(attempt(reference), { redirectResult });
        assert.deepEqual(report, {
          kind: 'declined',
          pspReference: id,
          code: refusal.refusalReason,
          declineClass: 'issuer',
        });
      },
    );
  }

  const received = { status: 201, body: { status: 'received', pspReference: anyId('CONTRACTMOD00001') } };
  const cancelBody = (reference: string) => ({ merchantAccount, reference });
  book.call(
    {
      description: "a cancel by Adyen's reference",
      why: '`received` means that a webhook will tell; anything else would leave the payment in doubt.',
      given: [authorizedPayment({ reference: 'att_adyen_cancel', psp_reference: 'CONTRACTCANCEL01' })],
      request: post(
        '/v72/payments/CONTRACTCANCEL01/cancels',
        cancelBody('att_adyen_cancel'),
        `${keyOf('att_adyen_cancel')}-cancel`,
      ),
      response: received,
    },
    async (adapter) =>
      assert.deepEqual(await adapter.cancelPayment(attempt('att_adyen_cancel', { pspReference: 'CONTRACTCANCEL01' })), {
        kind: 'received',
      }),
  );

  book.call(
    {
      description: 'a cancel by our reference',
      why: 'After a lost answer, or during a challenge, our reference is all that we have.',
      given: [waitingPayment({ reference: 'att_adyen_off', psp_reference: 'CONTRACTCANCEL02' })],
      request: post(
        '/v72/cancels',
        { ...cancelBody('att_adyen_off'), paymentReference: 'att_adyen_off' },
        `${keyOf('att_adyen_off')}-cancel`,
      ),
      response: received,
    },
    async (adapter) => assert.deepEqual(await adapter.cancelPayment(attempt('att_adyen_off')), { kind: 'received' }),
  );

  book.call(
    {
      description: 'the end of a payment with a result that Adyen never gave out',
      why: 'A browser can bring anything; a clear refusal must not end the attempt.',
      request: afterChallenge('att_adyen_made_up', 'contract-redirect-made-up'),
      response: error(422),
    },
    async (adapter) => {
      const result = await adapter.submitReturn?.(attempt('att_adyen_made_up'), {
        redirectResult: 'contract-redirect-made-up',
      });
      assert.ok(result?.kind === 'refused' && result.code === 'invalid_request', JSON.stringify(result));
    },
  );
}
