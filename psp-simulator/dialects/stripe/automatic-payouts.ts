/**
 * Automatic payouts: what Stripe transfers to the merchant's bank account for each settled
 * batch. They are derived from the batches and have no life in the books; payouts that the
 * merchant makes by call are in payouts.ts.
 */
import { createHash } from 'node:crypto';
import type { PspContext } from '../dialect.ts';
import type { SettlementBatch, SettlementLine } from '../../settlement/settlement.ts';
import { seconds, tailOf } from './details.ts';
import { stripeFromMinor } from './money.ts';

export interface AutomaticPayout {
  id: string;
  createdAtMs: number;
  batch: SettlementBatch;
}

/** From the transfer to the day on which it stands on the merchant's account. */
const ARRIVAL_MS = 24 * 3_600_000;

/** The payout of a batch; null for one that came out negative, which is carried into the next. */
export function payoutOfBatch(batch: SettlementBatch): AutomaticPayout | null {
  if (batch.transferMinor <= 0) return null;
  const hash = createHash('sha256').update(`stripe automatic payout ${batch.id}`).digest('hex');
  return { id: `po_${hash.slice(0, 22)}`, createdAtMs: batch.toMs, batch };
}

/** Oldest first. */
export function automaticPayouts(psp: PspContext): AutomaticPayout[] {
  return psp
    .settlementBatches()
    .map(payoutOfBatch)
    .filter((payout) => payout !== null);
}

export function findAutomaticPayout(psp: PspContext, id: string): AutomaticPayout | undefined {
  return automaticPayouts(psp).find((payout) => payout.id === id);
}

/** What a payout pays: its batch, and the batches before it that came out negative and waited. */
export function linesOfPayout(psp: PspContext, { batch }: AutomaticPayout): SettlementLine[] {
  const earlier = psp
    .settlementBatches()
    .filter((other) => other.currency === batch.currency && other.number < batch.number)
    .reverse();
  const firstPaid = earlier.findIndex(({ transferMinor }) => transferMinor > 0);
  const waiting = firstPaid < 0 ? earlier : earlier.slice(0, firstPaid);
  return [...waiting.reverse(), batch].flatMap(({ lines }) => lines);
}

export function automaticPayoutObject({ id, createdAtMs, batch }: AutomaticPayout): Record<string, unknown> {
  return {
    id,
    object: 'payout',
    amount: stripeFromMinor(batch.transferMinor, batch.currency),
    application_fee: null,
    application_fee_amount: null,
    arrival_date: seconds(createdAtMs + ARRIVAL_MS),
    automatic: true,
    balance_transaction: `txn_${tailOf(id)}`,
    created: seconds(createdAtMs),
    currency: batch.currency.toLowerCase(),
    description: 'STRIPE PAYOUT',
    destination: 'ba_assaymerchant',
    failure_balance_transaction: null,
    failure_code: null,
    failure_message: null,
    livemode: false,
    metadata: {},
    method: 'standard',
    original_payout: null,
    payout_method: null,
    reconciliation_status: 'completed',
    reversed_by: null,
    source_type: 'card',
    statement_descriptor: null,
    status: 'paid',
    trace_id: null,
    type: 'bank_account',
  };
}
