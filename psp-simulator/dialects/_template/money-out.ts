/** Refunds and payouts: both end later, and say so by webhook. */
import type { Call, PspAnswer } from '../dialect.ts';
import { optionalText, textField } from './fields.ts';
import { DESTINATIONS, outcomeOf } from './magic.ts';
import { amountField, currencyField, optionalAmount } from './money.ts';
import { visible } from './payments.ts';
import { json, payoutJson, refundJson } from './wire.ts';

export function createRefund(call: Call): PspAnswer {
  const amountMinor = optionalAmount(call);
  const refund = call.psp.bank.createRefund({
    pspReference: call.psp.ids.next('ref'),
    paymentPspReference: call.params['id'] ?? '',
    reference: optionalText(call, 'reference') ?? null,
    outcome: 'pending',
    ...(amountMinor === undefined ? {} : { amountMinor }),
  });
  return json(201, refundJson(refund));
}

export function getRefund(call: Call): PspAnswer {
  return json(200, refundJson(visible(call, call.psp.bank.findRefund(call.params['id'] ?? ''), 'refund')));
}

export function createPayout(call: Call): PspAnswer {
  const destination = optionalText(call, 'destination') ?? 'account_ok';
  const payout = call.psp.bank.createPayout({
    pspReference: call.psp.ids.next('out'),
    reference: textField(call, 'reference'),
    amountMinor: amountField(call),
    currency: currencyField(call),
    outcome: outcomeOf(DESTINATIONS, destination, 'destination'),
    failureReason: 'account_closed',
  });
  return json(201, payoutJson(payout));
}

export function getPayout(call: Call): PspAnswer {
  return json(200, payoutJson(visible(call, call.psp.bank.findPayout(call.params['id'] ?? ''), 'payout')));
}
