/** The balance object: what can be paid out by now, and what becomes available later, per currency. */
import type { Call, PspAnswer, PspContext } from '../dialect.ts';
import { jsonAnswer } from './errors.ts';
import { fieldsOf, refuseUnknown } from './fields.ts';
import { stripeFromMinor } from './money.ts';

const PLAIN_PARAMS = new Set(['expand']);

export function retrieveBalance(call: Call): PspAnswer {
  refuseUnknown(fieldsOf(call), PLAIN_PARAMS);
  return jsonAnswer(200, balanceObject(call.psp));
}

export function balanceObject(psp: PspContext): Record<string, unknown> {
  const available = new Map<string, number>();
  const pending = new Map<string, number>();
  // A batch that came out negative is still owed; each currency's last batch carries all of it.
  for (const { currency, netMinor, carriedMinor } of psp.settlementBatches())
    available.set(currency, Math.min(0, netMinor + carriedMinor));
  const nowMs = psp.nowMs();
  for (const { settlementCurrency, netMinor, availableAtMs } of psp.unsettledLines()) {
    const side = availableAtMs <= nowMs ? available : pending;
    side.set(settlementCurrency, (side.get(settlementCurrency) ?? 0) + netMinor);
  }
  const currencies = [...new Set([...available.keys(), ...pending.keys()])].sort();
  const shown = (side: Map<string, number>): Record<string, unknown>[] =>
    currencies.map((currency) => {
      const amount = stripeFromMinor(side.get(currency) ?? 0, currency);
      return { amount, currency: currency.toLowerCase(), source_types: { card: amount } };
    });
  return { object: 'balance', available: shown(available), livemode: false, pending: shown(pending) };
}
