/**
 * Words of a history about settlement: what PSPs told about the money that they held, how an
 * operator brought it to the target, and what the target made of it. Beside `vocabulary.ts`,
 * with the same rules.
 */
import type { Probed } from './vocabulary.ts';

/** Who brings files to the target. */
export const OPERATOR = 'operator';

/**
 * `note` f:'settlement-terms', proc 'operator': how patient the target was told to be. Without
 * it a line that comes late or never is not judged.
 */
export interface SettlementTermsNote {
  late_after_ms: number;
  missing_after_ms: number;
}

/** `obs` f:'settlement-batch', proc 'operator', key = batch: a closed settlement as its PSP tells it. */
export interface SettlementBatchValue {
  psp: string;
  batch: string;
  currency: string;
  closed_at: string;
  /** Names of its files; none where a PSP tells of it with the next one. */
  files: string[];
  net_minor: number;
  carried_minor: number;
  transfer_minor: number;
  lines: SettlementLineValue[];
}

export interface SettlementLineValue {
  id: string;
  /** payment, refund, refund-failed, chargeback, chargeback-reversed, payout, payout-returned, fee, reserve-held, reserve-released. */
  type: string;
  psp_reference: string | null;
  reference: string | null;
  gross_minor: number;
  currency: string;
  /** Gross in the settlement's currency. */
  converted_minor: number;
  /** 0 or positive, in the settlement's currency. */
  fee_minor: number;
  net_minor: number;
}

/** `invoke` f:'import', proc 'operator', key = `op`. */
export interface ImportInvoke {
  op: string;
  kind: 'settlement' | 'bank';
  psp: string;
  batch: string;
  file: string;
}

/** `ok` f:'import' (any 2xx); `fail` and `info` as for every operation. */
export interface ImportOk {
  op: string;
  http_status: number;
  import_id: string;
  /** The answer said that the same bytes had been imported before. */
  replayed: boolean;
}

/** What a strike at a settlement says of itself: value of a `fault` whose f begins with `settlement-`. */
export interface StrikeValue {
  fault_id: string;
  psp: string;
  batch_id: string;
  discrepancy?: string;
  line_id?: string;
  line_type?: string;
  psp_reference?: string | null;
  reference?: string | null;
  other_reference?: string | null;
  gross_minor?: number;
  currency?: string;
  to_minor?: number;
  more_minor?: number;
  missing_minor?: number;
}

/** f:'settlements': what the target says that it took in. */
export interface SettlementsProbe extends Probed {
  settlements: {
    psp: string;
    batch: string;
    currency: string;
    lines: number;
    transfer: string | null;
    settled_at: string;
  }[];
}
