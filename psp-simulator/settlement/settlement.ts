/**
 * Settlement: how a PSP accounts for the money that it holds for the merchant. Every change of
 * the books that moves money becomes one line; once a day the lines are closed into a batch,
 * fees are taken, and the rest is transferred to the merchant's bank. Lines and batches are
 * neutral; a dialect renders them in its PSP's native format.
 *
 *   book change ─► line ─► (cutoff) batch ─► transfer ─► files and announcements
 *
 * Amounts are signed integers of minor units: money that comes to the merchant is positive.
 */

export type SettlementLineType =
  | 'payment'
  | 'refund'
  /** A refund came back. */
  | 'refund-failed'
  | 'chargeback'
  /** A dispute was won or reversed: the money is back. */
  | 'chargeback-reversed'
  /** Money sent to a player. */
  | 'payout'
  /** A payout to a player came back. */
  | 'payout-returned'
  /** A fee that belongs to no payment (of a dispute, of a payout). */
  | 'fee'
  | 'reserve-held'
  | 'reserve-released';

export interface SettlementLine {
  /** Unique in one PSP, stable over renderings. */
  readonly id: string;
  readonly type: SettlementLineType;
  /** PSP reference of the payment or payout; null for reserves. */
  readonly pspReference: string | null;
  /** Id of the capture, refund or dispute; null where there is none. */
  readonly modificationReference: string | null;
  /** The merchant's reference. */
  readonly reference: string | null;
  readonly method: string;
  readonly atMs: number;
  /** When it may enter a batch (the PSP's settlement delay). */
  readonly availableAtMs: number;
  /** In `currency`, before fees. */
  readonly grossMinor: number;
  readonly currency: string;
  /** In the settlement currency: gross × rate, rounded half away from zero. */
  readonly convertedMinor: number;
  readonly settlementCurrency: string;
  /** Settlement currency per unit of `currency`, in major units, as a decimal text; `1` without conversion. */
  readonly exchangeRate: string;
  /** All fees of this line, in the settlement currency, 0 or positive. */
  readonly fees: LineFees;
  /** `convertedMinor` less the sum of the fees. */
  readonly netMinor: number;
}

/** What the merchant is charged; a PSP that does not tell them apart puts all of it into `commission`. */
export interface LineFees {
  readonly commission: number;
  readonly interchange: number;
  readonly scheme: number;
  readonly markup: number;
}

export interface SettlementBatch {
  /** `<psp>-<settlement currency>-<number>`. */
  readonly id: string;
  /** From 1 per PSP and settlement currency, without gaps. */
  readonly number: number;
  readonly currency: string;
  readonly fromMs: number;
  readonly toMs: number;
  readonly lines: readonly SettlementLine[];
  /** Sum of the net amounts of the lines. */
  readonly netMinor: number;
  /** Carried over from before, because it was negative then. Negative or 0. */
  readonly carriedMinor: number;
  /** What is transferred to the merchant's bank: net and carried, 0 when negative (then it is carried on). */
  readonly transferMinor: number;
}

/** One native file or API document. */
export interface SettlementFile {
  readonly name: string;
  readonly contentType: string;
  readonly body: string;
}

export interface SettlementTerms {
  /** Null: each currency is settled in itself. */
  readonly currency: string | null;
  /** Units of the settlement currency for one unit of the key, as decimal texts: `{ GBP: '1.17' }`. Missing: 1. */
  readonly exchangeRates: Readonly<Record<string, string>>;
  /** Hour of the day (UTC) at which a batch is closed. */
  readonly cutoffHour: number;
  /** From a capture to the day on which it may be settled. */
  readonly delayMs: number;
  readonly payment: FeeTerms;
  readonly refund: FeeTerms;
  readonly payout: FeeTerms;
  /** Fixed fee of a dispute, in minor units of the settlement currency; comes back when it is won, where `disputeFeeReturned`. */
  readonly disputeFeeMinor: number;
  readonly disputeFeeReturned: boolean;
  /** Part of each payment that is held back, in basis points, and for how long. 0: none. */
  readonly reserveBasisPoints: number;
  readonly reserveMs: number;
  /**
   * True: batches are closed on time and announced by the dialect's events without anybody
   * asking. Absent: they are closed when somebody looks, or on command, which announces too.
   */
  readonly announce?: boolean;
}

/** Basis points of the converted amount (100 = 1 %), each rounded half up by itself, and a fixed part in minor units. */
export interface FeeTerms {
  readonly commissionBasisPoints: number;
  readonly interchangeBasisPoints: number;
  readonly schemeBasisPoints: number;
  readonly markupBasisPoints: number;
  readonly fixedMinor: number;
}

export const NO_FEES: FeeTerms = {
  commissionBasisPoints: 0,
  interchangeBasisPoints: 0,
  schemeBasisPoints: 0,
  markupBasisPoints: 0,
  fixedMinor: 0,
};
