/** acme's payouts: pending at first; paid, failed or sent back later, and told by webhook. */
import type { PayoutRecord } from '../../core/records.ts';
import type { Call, PspAnswer } from '../dialect.ts';
import { currencyField, optionalText, textField } from './fields.ts';
import { DESTINATIONS, outcomeOf } from './magic.ts';
import { toMinor } from './money.ts';
import { pageOf } from './paging.ts';
import { MOST_REFERENCE, notFound } from './payments.ts';
import { json, payoutJson } from './wire.ts';

export function createPayout(call: Call): PspAnswer {
  const currency = currencyField(call);
  const destination = optionalText(call, 'destination', { most: 64 }) ?? 'tok_payout_ok';
  const outcome = outcomeOf(DESTINATIONS, destination, 'destination');
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
  const payouts = call.psp.bank.payouts(reference === null ? {} : { reference });
  const page = pageOf(
    call,
    payouts.filter((payout) => isVisible(call, payout)),
    (payout) => payout.pspReference,
  );
  return json(200, { ...page, data: page.data.map(payoutJson) });
}

function isVisible(call: Call, payout: PayoutRecord): boolean {
  return call.isVisible(payout, call.psp.profile.visibilityLagMs);
}
