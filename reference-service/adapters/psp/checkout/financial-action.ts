/**
 * A financial action of Checkout.com's: what one action of a payment did to our balance, taken
 * apart into its gross amount and each fee. The CSV and the JSON say it in the same words; here
 * the parts become one record.
 */
import type { SettlementKind, SettlementRecord } from '../../../ports/settlement.ts';
import { malformed, minorOf, timeOf } from '../settlement-fields.ts';
import type { Place } from '../settlement-fields.ts';

/** One part of an action, whatever document it stands in. */
export interface ActionPart {
  actionId: string;
  batch: string;
  paymentId: string | null;
  partId: string | null;
  reference: string | null;
  actionType: string;
  breakdownType: string;
  processedOn: string;
  /** Decimals of major units. */
  processing: { currency: string; amount: string };
  holding: { currency: string; amount: string };
  line: number;
  raw: string;
}

/** The first part of an action is its gross amount. @throws MalformedSettlementError */
export function openAction(part: ActionPart, place: Place): SettlementRecord {
  if (part.actionId === '') throw malformed(place, 'the row has no Financial Action ID');
  if (part.processing.amount === '' || part.holding.amount === '') throw malformed(place, 'the row has no amount');
  const kind = kindOf(part);
  return {
    kind,
    batch: part.batch,
    pspReference: part.paymentId,
    partReference: part.partId,
    reference: part.reference,
    grossMinor: minorOf(part.processing.amount, part.processing.currency, place),
    currency: part.processing.currency,
    netMinor: minorOf(part.holding.amount, part.holding.currency, place),
    feeMinor: 0,
    settlementCurrency: part.holding.currency,
    occurredAt: timeOf(part.processedOn, place),
    line: part.line,
    ...(kind === 'unknown' ? { raw: part.raw } : {}),
  };
}

/** Every further part is a fee, in the currency that is settled. @throws MalformedSettlementError */
export function addFee(record: SettlementRecord, part: ActionPart, place: Place): void {
  if (part.holding.currency !== record.settlementCurrency)
    throw malformed(place, `a fee in ${part.holding.currency} of an action in ${record.settlementCurrency}`);
  const minor = minorOf(part.holding.amount, part.holding.currency, place);
  record.netMinor += minor;
  record.feeMinor -= minor;
}

const KINDS: Readonly<Record<string, SettlementKind>> = {
  Capture: 'payment',
  Refund: 'refund',
  'Clearing Failed': 'refund_failed',
  Payout: 'payout',
  'Payout Return': 'payout_returned',
  Adjustment: 'fee',
};

/** Two action types go both ways; there the breakdown says which. */
function kindOf({ actionType, breakdownType }: ActionPart): SettlementKind {
  if (actionType === 'Chargeback') {
    if (breakdownType === 'Chargeback (ADJM)') return 'chargeback';
    return breakdownType === 'Chargeback (RPDW)' ? 'chargeback_reversed' : 'unknown';
  }
  if (actionType === 'Rolling Reserve') {
    if (breakdownType === 'Rolling Reserve Deduction') return 'reserve_held';
    return breakdownType === 'Rolling Reserve Release' ? 'reserve_released' : 'unknown';
  }
  return KINDS[actionType] ?? 'unknown';
}
