/** Facts of an event for the filters of faults: those of the payment, refund or payout that it is about. */
import type { Facts } from '../faults/filters.ts';
import { factsOfRecord } from '../faults/read-facts.ts';
import type { CourierEvent } from './message.ts';

export function factsOfEvent({ change, draft }: CourierEvent): Facts {
  const { amountMinor, currency } = draft.claim;
  if (change === null) return { methods: [], amountMinor, currency, players: [] };
  const own = factsOfRecord(change.record);
  if (!('payment' in change)) return own;
  // A refund or dispute is paid with what its payment was paid with, by the same customer.
  const ofPayment = factsOfRecord(change.payment);
  return { ...own, methods: ofPayment.methods, players: [...own.players, ...ofPayment.players] };
}
