/**
 * The store of reconciliation: files, settlements, lines and expectations. What must hold: the
 * same file is imported once, the lines of a settlement once whatever files they come in, a
 * movement of our books becomes one expectation.
 */
import type { Residue } from '../domain/reconciliation/classify.ts';
import type { Finding, Verdict } from '../domain/reconciliation/findings.ts';
import type { Expectation } from '../domain/reconciliation/records.ts';
import type { SettlementTerms } from '../domain/reconciliation/terms.ts';
import type { SettlementRecord } from './settlement.ts';
import type { Unit } from './unit.ts';

export interface ReconciliationFile {
  id: string;
  psp: string;
  kind: 'settlement' | 'bank';
  fileName: string;
  /** Of the bytes as they came, hexadecimal. */
  sha256: string;
  byteCount: number;
  lineCount: number;
  /** Lines that fit a movement of ours at first sight. */
  matchedCount: number;
  caseCount: number;
  importedAt: number;
}

/** What a staged file says of one settlement in one currency, and what is known of it already. */
export interface StagedBatch {
  batch: string;
  currency: string;
  itemCount: number;
  movementMinor: number;
  feeMinor: number;
  /** Lines of kinds that the reader of the format did not know. */
  unknownCount: number;
  /** Null: the file says nothing of it. */
  carriedMinor: number | null;
  transferMinor: number | null;
  /** When the file says that the settlement was closed. */
  closedAt: number | null;
  /** Times of the youngest payment, and of the youngest of all else. */
  youngestPaymentAt: number | null;
  youngestOtherAt: number | null;
  known: SettlementBatch | null;
}

export interface SettlementBatch {
  psp: string;
  batch: string;
  currency: string;
  itemsFileId: string | null;
  balanceFileId: string | null;
  lineCount: number;
  /** Net sum of what was settled, without what was carried and transferred. */
  movementMinor: number;
  feeMinor: number;
  carriedMinor: number;
  /** By how much its lines say too much, as cases have it. */
  wrongMinor: number;
  /** What goes to our bank account; null as long as nobody has said so. */
  transferMinor: number | null;
  /** What is left to the next settlement: zero, or a debt of ours as a negative number. */
  leftMinor: number;
  /** The same, if the lines that cases say are wrong were right: a PSP may carry the one or the other. */
  leftIfRightMinor: number;
  settledAt: number;
  bankLineId: number | null;
  importedAt: number;
}

export interface BankLine {
  id: number;
  psp: string;
  line: number;
  amountMinor: number;
  currency: string;
  bookedAt: number;
  text: string;
}

/** Sums of one settlement that the ledger is told. Fees as they were agreed where they were wrong. */
export interface BatchPosting {
  currency: string;
  feeMinor: number;
  /** By currency: what was changed into it (positive) or out of it. */
  exchanged: { currency: string; minor: number }[];
}

export interface MarginLine {
  day: number;
  psp: string;
  method: string;
  currency: string;
  settlementCurrency: string;
  depositCount: number;
  depositsMinor: number;
  refundsMinor: number;
  chargebacksMinor: number;
  payoutsMinor: number;
  /** In the settlement currency. */
  feesMinor: number;
}

export interface ReconciliationStore {
  findFile(
    unit: Unit,
    ids: { psp: string; kind: ReconciliationFile['kind']; sha256: string },
  ): Promise<ReconciliationFile | null>;
  saveFile(unit: Unit, file: ReconciliationFile): Promise<void>;
  listFiles(unit: Unit, filter: { psp: string | null; limit: number }): Promise<ReconciliationFile[]>;
  listBatches(unit: Unit, filter: { psp: string | null; limit: number }): Promise<SettlementBatch[]>;

  /** Puts records aside, to be matched when the file has been read to its end. `from` numbers them. */
  stage(unit: Unit, fileId: string, from: number, records: readonly SettlementRecord[]): Promise<void>;
  unstage(unit: Unit, fileId: string): Promise<void>;
  /** One reconciliation at a time per PSP; held until the transaction ends. */
  lock(unit: Unit, psp: string): Promise<void>;
  stagedBatches(unit: Unit, psp: string, fileId: string): Promise<StagedBatch[]>;

  /** What the ledger has learned since the last time becomes expectations; `match`, in the same transaction, writes them. */
  derive(unit: Unit, psp: string, terms: SettlementTerms, nowMs: number): Promise<void>;
  /**
   * Stores the staged lines of these settlements and settles what fits at first sight: one line,
   * one movement, same references, amount and currency, agreed fee, in time.
   */
  match(
    unit: Unit,
    work: {
      psp: string;
      fileId: string;
      terms: SettlementTerms;
      batches: readonly {
        batch: string;
        currency: string;
        items: boolean;
        balance: boolean;
        transfer: boolean;
        settledAt: number;
      }[];
    },
  ): Promise<{ lineCount: number; matchedCount: number }>;
  /** Lines of the file that did not fit, and all that they could mean. */
  residue(unit: Unit, psp: string, fileId: string, terms: SettlementTerms): Promise<Residue>;
  apply(unit: Unit, verdict: Verdict): Promise<void>;
  /** Lines of kinds that the reader of the format did not know. */
  unknownLines(
    unit: Unit,
    psp: string,
    fileId: string,
  ): Promise<{ batch: string; line: number; netMinor: number; currency: string; raw: string }[]>;
  /** Marks what should have come by now, and gives it. */
  takeMissing(unit: Unit, psp: string, throughMs: number): Promise<Expectation[]>;
  /** `suggested` or `missing` movements that a person has decided about. */
  settle(unit: Unit, expectationId: number): Promise<void>;

  saveBatch(unit: Unit, batch: SettlementBatch): Promise<void>;
  batchBefore(unit: Unit, psp: string, currency: string, settledAt: number): Promise<SettlementBatch | null>;
  /** What was due by then, in its own currency, and has not come. */
  overdue(
    unit: Unit,
    psp: string,
    question: { currency: string; settledAt: number },
  ): Promise<Pick<Expectation, 'kind' | 'amountMinor'>[]>;
  postingsOf(
    unit: Unit,
    psp: string,
    batch: string,
    agreed: readonly Pick<Finding, 'items' | 'openMinor'>[],
  ): Promise<BatchPosting[]>;
  latestSettledAt(unit: Unit, psp: string): Promise<number | null>;

  insertBankLines(unit: Unit, fileId: string, lines: readonly Omit<BankLine, 'id'>[]): Promise<void>;
  openBankLines(unit: Unit, psp: string): Promise<BankLine[]>;
  openTransfers(unit: Unit, psp: string): Promise<SettlementBatch[]>;
  pairBankLine(unit: Unit, line: BankLine, batch: SettlementBatch): Promise<void>;
  latestBookedAt(unit: Unit, psp: string): Promise<number | null>;

  margin(
    unit: Unit,
    question: { fromMs: number; toMs: number; psp: string | null; method: string | null },
  ): Promise<MarginLine[]>;

  /** Makes sure that the PSP is looked at from `atMs` on; a time that is planned already stays. */
  watch(unit: Unit, psp: string, atMs: number): Promise<void>;
  takeWatch(unit: Unit, psp: string, dueAt: number, untilMs: number): Promise<{ fetchedThrough: number } | null>;
  fetched(unit: Unit, psp: string, throughMs: number): Promise<void>;
}
