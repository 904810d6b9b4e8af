/** acme's refunds and payouts. A refund ends at once, a payout ends later and says so by webhook. */
import { PspProblem } from '../../core/problem.ts';
import type { PayoutRecord } from '../../core/records.ts';
import type { Call, PspAnswer } from '../dialect.ts';
import { toMinor } from './amount.ts';
import { payoutOutcome } from './magic.ts';
import { MOST_REFERENCE, notFound } from './payments.ts';
import { currencyField, json, optionalText, payoutJson, refundJson, textField } from './wire.ts';

export function createRefund(call: Call): PspAnswer {
  const payment = call.psp.bank.payment(call.params['id'] ?? '');
  const refund = call.psp.bank.createRefund({
    pspReference: call.psp.ids.next('aref'),
    paymentPspReference: payment.pspReference,
    reference: textField(call, 'reference', { most: MOST_REFERENCE }),
    amountMinor: toMinor(call.body['amount'], payment.currency),
  });
  return json(201, refundJson(refund));
}

export function getRefund(call: Call): PspAnswer {
  const refund = call.psp.bank.findRefund(call.params['id'] ?? '');
  if (refund === undefined || !call.isVisible(refund, call.psp.profile.visibilityLagMs))
    throw notFound('refund', call.params['id']);
  return json(200, refundJson(refund));
}

export function createPayout(call: Call): PspAnswer {
  const currency = currencyField(call);
  const outcome = payoutOutcome(optionalText(call, 'destination', { most: 64 }) ?? 'tok_payout_ok');
  const payout = call.psp.bank.createPayout({
    pspReference: call.psp.ids.next('apo'),
    reference: textField(call, 'reference', { most: MOST_REFERENCE }),
    amountMinor: toMinor(call.body['amount'], currency),
    currency,
    outcome,
    failureReason: outcome === 'failed' ? 'account_closed' : null,
  });
  return json(201, payoutJson(payout));
}

export function getPayout(call: Call): PspAnswer {
  const payout = call.psp.bank.findPayout(call.params['id'] ?? '');
  if (payout === undefined || !isVisible(call, payout)) throw notFound('payout', call.params['id']);
  return json(200, payoutJson(payout));
}

export function listPayouts(call: Call): PspAnswer {
  const reference = call.request.query.get('reference');
  if (reference === null || reference === '')
    throw new PspProblem('validation', 'the query parameter reference is required', { field: 'reference' });
  const payouts = call.psp.bank.payouts({ reference }).filter((payout) => isVisible(call, payout));
  return json(200, { data: payouts.map(payoutJson) });
}

function isVisible(call: Call, payout: PayoutRecord): boolean {
  return call.isVisible(payout, call.psp.profile.visibilityLagMs);
}
