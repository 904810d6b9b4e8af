/**
 * The port to a PSP's settlement files: one neutral record for each thing that a file says
 * happened to our money, in the file's order. A parser reads one PSP's native format and
 * judges nothing: it does not match, does not sum, and drops no line that speaks of money. What
 * it does not know is `unknown`, with the line itself, so that reconciliation can ask a person.
 */
import type { PspDialect } from './psp-adapter.ts';

export const SETTLEMENT_KINDS = [
  'payment',
  'refund',
  /** Money of a refund that did not reach the payer and came back to us. */
  'refund_failed',
  'chargeback',
  'chargeback_reversed',
  'payout',
  'payout_returned',
  /** Money that the PSP keeps for something other than one of our payments. */
  'fee',
  'reserve_held',
  'reserve_released',
  /** The settlement's own payment to our bank account. */
  'transfer',
  /** One side of a change between two currencies. */
  'conversion',
  /** What was left over by an earlier settlement. */
  'carried_over',
  /** What is left to a later one: it is taken off this one. */
  'carried_on',
  'unknown',
] as const;
export type SettlementKind = (typeof SETTLEMENT_KINDS)[number];

/**
 * One record. Amounts are ISO 4217 minor units of the currency beside them, and signed: money
 * to us is positive. `grossMinor` is in the currency of the payment, `netMinor` and `feeMinor`
 * in that of the settlement; `netMinor` is what the settlement's balance changes by, and a fee
 * that we pay is positive in `feeMinor` (it is already taken off `netMinor`).
 */
export interface SettlementRecord {
  kind: SettlementKind;
  /** The PSP's id of the settlement that the record is part of. */
  batch: string;
  /** The PSP's id of the payment or payout, as its adapter reports it in `pspReference`. */
  pspReference: string | null;
  /** The PSP's id of the refund, dispute or capture. */
  partReference: string | null;
  /** Our own reference, where the file repeats it. */
  reference: string | null;
  grossMinor: number;
  currency: string;
  netMinor: number;
  feeMinor: number;
  settlementCurrency: string;
  /** Epoch milliseconds; null when the file does not say. */
  occurredAt: number | null;
  /** Line of the file that the record begins in, counted from 1; for XML and JSON the record's own number. */
  line: number;
  /** The line as it stands in the file; always there for `unknown`. */
  raw?: string;
}

/** What a parser may know beside the bytes. */
export interface SettlementFile {
  /** Our name of the PSP. */
  psp: string;
  fileName: string;
}

/**
 * Reads a file as it arrives; CSV keeps one row in memory.
 * @throws MalformedSettlementError at the first line that is not what the format promises;
 *   records before it have been handed out already, so an import is one transaction.
 */
export type SettlementParser = (
  input: AsyncIterable<Uint8Array>,
  about: SettlementFile,
) => AsyncIterable<SettlementRecord>;

/** The file is not what the PSP's format promises, or was cut. `line` counts from 1; null when no single line is to blame. */
export class MalformedSettlementError extends Error {
  readonly fileName: string;
  readonly line: number | null;
  constructor(options: { fileName: string; line: number | null; message: string }) {
    super(`${options.fileName}${options.line === null ? '' : `, line ${options.line}`}: ${options.message}`);
    this.name = 'MalformedSettlementError';
    this.fileName = options.fileName;
    this.line = options.line;
  }
}

/** A settlement file that a PSP offers for download. `read` fetches it whole. */
export interface FetchableSettlement {
  id: string;
  fileName: string;
  read(): Promise<Buffer>;
}

/** Who reads a dialect's native settlement files. */
export type SettlementParsers = Readonly<Partial<Record<PspDialect, SettlementParser>>>;
