/** Book change → the lines that it adds to the merchant's account with the PSP. Pure. */
import type { BookChange } from '../core/book-change.ts';
import type { PaymentRecord, PayoutRecord } from '../core/records.ts';
import { basisPointsOf, convertMinor } from './convert.ts';
import { NO_FEES } from './settlement.ts';
import type { FeeTerms, LineFees, SettlementLine, SettlementLineType, SettlementTerms } from './settlement.ts';

export type DraftLine = Omit<SettlementLine, 'id'>;

const FREE: LineFees = { commission: 0, interchange: 0, scheme: 0, markup: 0 };

export function linesOfChange(change: BookChange, terms: SettlementTerms): DraftLine[] {
  const { movedMinor } = change;
  const draft = (type: SettlementLineType, more: Omit<Draft, 'type' | 'terms' | 'change'>): DraftLine =>
    line({ type, terms, change, ...more });
  switch (change.type) {
    case 'payment-captured': {
      const { record } = change;
      const modificationReference = record.captures.at(-1)?.id ?? null;
      const captured = draft('payment', {
        owner: record,
        grossMinor: movedMinor,
        modificationReference,
        fees: terms.payment,
        delayMs: terms.delayMs,
      });
      return [captured, ...reserve(captured, terms)];
    }
    case 'refund-succeeded':
      return [
        draft('refund', {
          owner: change.payment,
          grossMinor: -movedMinor,
          modificationReference: change.record.pspReference,
          fees: terms.refund,
        }),
      ];
    case 'refund-failed':
      // Only money that had left comes back.
      if (movedMinor === 0) return [];
      return [
        draft('refund-failed', {
          owner: change.payment,
          grossMinor: movedMinor,
          modificationReference: change.record.pspReference,
        }),
      ];
    case 'dispute-opened':
      return [
        draft('chargeback', {
          owner: change.payment,
          grossMinor: -movedMinor,
          modificationReference: change.record.pspReference,
          fees: { ...NO_FEES, fixedMinor: terms.disputeFeeMinor },
        }),
      ];
    case 'dispute-won':
    case 'dispute-reversed': {
      const modificationReference = change.record.pspReference;
      const back = draft('chargeback-reversed', {
        owner: change.payment,
        grossMinor: movedMinor,
        modificationReference,
      });
      return terms.disputeFeeReturned && terms.disputeFeeMinor > 0
        ? [back, beside(back, { type: 'fee', minor: terms.disputeFeeMinor })]
        : [back];
    }
    case 'payout-paid':
      return [
        draft('payout', {
          owner: change.record,
          grossMinor: -movedMinor,
          modificationReference: null,
          fees: terms.payout,
        }),
      ];
    case 'payout-returned':
      return [draft('payout-returned', { owner: change.record, grossMinor: movedMinor, modificationReference: null })];
    default:
      return [];
  }
}

interface Draft {
  type: SettlementLineType;
  terms: SettlementTerms;
  change: BookChange;
  owner: PaymentRecord | PayoutRecord;
  grossMinor: number;
  modificationReference: string | null;
  fees?: FeeTerms;
  delayMs?: number;
}

function line({ type, terms, change, owner, grossMinor, modificationReference, fees, delayMs = 0 }: Draft): DraftLine {
  const { currency } = owner;
  const settlementCurrency = terms.currency ?? currency;
  const exchangeRate = currency === settlementCurrency ? '1' : (terms.exchangeRates[currency] ?? '1');
  const convertedMinor = convertMinor(grossMinor, { from: currency, to: settlementCurrency, rate: exchangeRate });
  const charged = fees === undefined ? FREE : feesOf(convertedMinor, fees);
  return {
    type,
    pspReference: owner.pspReference,
    modificationReference,
    reference: owner.reference,
    method: owner.kind === 'payment' ? owner.method : 'payout',
    atMs: change.atMs,
    availableAtMs: change.atMs + delayMs,
    grossMinor,
    currency,
    convertedMinor,
    settlementCurrency,
    exchangeRate,
    fees: charged,
    netMinor: convertedMinor - sumOfFees(charged),
  };
}

export function sumOfFees({ commission, interchange, scheme, markup }: LineFees): number {
  return commission + interchange + scheme + markup;
}

function feesOf(convertedMinor: number, terms: FeeTerms): LineFees {
  return {
    commission: basisPointsOf(convertedMinor, terms.commissionBasisPoints) + terms.fixedMinor,
    interchange: basisPointsOf(convertedMinor, terms.interchangeBasisPoints),
    scheme: basisPointsOf(convertedMinor, terms.schemeBasisPoints),
    markup: basisPointsOf(convertedMinor, terms.markupBasisPoints),
  };
}

/** Held back when the payment is settled, given back later. */
function reserve(payment: DraftLine, terms: SettlementTerms): DraftLine[] {
  const heldMinor = basisPointsOf(payment.convertedMinor, terms.reserveBasisPoints);
  if (heldMinor === 0) return [];
  const held = beside(payment, { type: 'reserve-held', minor: -heldMinor });
  const released = beside(payment, { type: 'reserve-released', minor: heldMinor });
  return [held, { ...released, availableAtMs: payment.availableAtMs + terms.reserveMs }];
}

/** A line in the settlement currency that accompanies another one. */
function beside(other: DraftLine, { type, minor }: { type: SettlementLineType; minor: number }): DraftLine {
  return {
    ...other,
    type,
    grossMinor: minor,
    currency: other.settlementCurrency,
    convertedMinor: minor,
    exchangeRate: '1',
    fees: FREE,
    netMinor: minor,
  };
}
