/**
 * A world of payments at one PSP: what our books say, and the settlement files in which the PSP
 * says it, with known discrepancies between the two. Every number comes from the seed and the
 * number of the payment, so that a million of them need no memory.
 *
 *   payment n ─► books: credited, refunded, charged back
 *             └► lines: the same, or with one discrepancy, which is told to the caller
 */
import { CASE_OF, PLANTS, type Expected, type Plant } from './plants.ts';

export const PSP = 'acme';
const DAY_MS = 86_400_000;
/** 2026-01-05 00:00 UTC. */
export const START_MS = 1_767_571_200_000;

/** What the service is told of the PSP's terms. */
export const TERMS = {
  delayDays: 1,
  cutoffHour: 0,
  lateAfterHours: 12,
  missingAfterDays: 2,
  // We learn of a payment up to three seconds after the PSP took it.
  suggestWithinSeconds: 5,
  fees: {
    payment: { basisPoints: [60, 20, 10, 10], fixedMinor: { EUR: 10 } },
    refund: { basisPoints: [], fixedMinor: { EUR: 10 } },
    chargeback: { basisPoints: [], fixedMinor: { EUR: 1_500 } },
  },
};

export interface WorldOptions {
  seed: number;
  payments: number;
  days: number;
  /** Share of payments with a discrepancy. */
  plantShare: number;
}

/** One payment as our books have it. */
export interface BookPayment {
  n: number;
  amountMinor: number;
  currency: string;
  method: string;
  /** When the PSP took it, and when we learned of it. Epoch ms. */
  takenAt: number;
  learnedAt: number;
  pspReference: string;
  isCredited: boolean;
  refundMinor: number;
  isDisputed: boolean;
}

interface Line {
  type: string;
  pspReference: string;
  part: string;
  reference: string;
  method: string;
  at: number;
  gross: number;
  currency: string;
  fee: number;
}

const FIXED_FEE = 10;
const DISPUTE_FEE = 1_500;
const ROUND_AMOUNTS = [1_000, 2_000, 5_000, 10_000, 20_000] as const;
/** Euros for one dollar, in thousandths. */
const DOLLAR = 923;

export class World {
  readonly options: WorldOptions;
  readonly #perDay: number;

  constructor(options: WorldOptions) {
    this.options = options;
    this.#perDay = Math.ceil(options.payments / options.days);
  }

  payment(n: number): BookPayment {
    const day = Math.floor(n / this.#perDay);
    const takenAt =
      START_MS +
      day * DAY_MS +
      Math.floor(((n % this.#perDay) * (DAY_MS - 60_000)) / this.#perDay) +
      this.#below(n, 1, 900);
    const isRound = this.#below(n, 2, 10) < 3;
    const amountMinor = isRound ? (ROUND_AMOUNTS[this.#below(n, 3, 5)] ?? 1_000) : 100 + this.#below(n, 3, 50_000);
    const plant = this.plantOf(n);
    const isPlain = plant === null && this.#partnerOf(n - 1) !== n;
    return {
      n,
      amountMinor,
      currency: this.#below(n, 4, 10) === 0 ? 'USD' : 'EUR',
      method: ['card', 'card', 'ewallet', 'bank'][this.#below(n, 5, 4)] ?? 'card',
      takenAt,
      learnedAt: takenAt + this.#below(n, 6, 3_000),
      pspReference: `acme_${mix(n * 7 + this.options.seed).toString(36)}_${n}`,
      isCredited: plant !== 'status',
      refundMinor: isPlain && this.#below(n, 7, 25) === 0 ? 1 + this.#below(n, 8, amountMinor) : 0,
      isDisputed: isPlain && this.#below(n, 7, 100) === 1,
    };
  }

  /** The discrepancy of a payment, or null. Of one that is late or missing the settlements that prove it must follow. */
  plantOf(n: number): Plant | null {
    if (n < 0 || this.#below(n, 9, 1_000_000) >= this.options.plantShare * 1_000_000) return null;
    const plant = PLANTS.filter((one) => one !== 'short')[this.#below(n, 10, PLANTS.length - 1)] ?? 'fee';
    const day = Math.floor(n / this.#perDay);
    const isProven = day < this.options.days - 3;
    if ((plant === 'missing' || plant === 'late') && !isProven) return 'fee';
    return plant === 'merged' && this.#partnerOf(n, plant) === null ? 'split' : plant;
  }

  /** The payment that is settled in one line with this one. */
  #partnerOf(n: number, plant: Plant | null = n < 0 ? null : this.#rawPlantOf(n)): number | null {
    if (plant !== 'merged') return null;
    const other = n + 1;
    const sameDay = Math.floor(other / this.#perDay) === Math.floor(n / this.#perDay) && other < this.options.payments;
    const sameCurrency = (this.#below(other, 4, 10) === 0) === (this.#below(n, 4, 10) === 0);
    return sameDay && sameCurrency && this.#rawPlantOf(other) === null ? other : null;
  }

  #rawPlantOf(n: number): Plant | null {
    if (this.#below(n, 9, 1_000_000) >= this.options.plantShare * 1_000_000) return null;
    return PLANTS.filter((one) => one !== 'short')[this.#below(n, 10, PLANTS.length - 1)] ?? 'fee';
  }

  /** The settlement of a day as CSV, and what is wrong with it. In pieces, so that it need not fit in memory. */
  *settlement(day: number, expected: Expected[], withHeader = true, firstLine = 2): Generator<string, number> {
    const batch = `acme-EUR-${day + 1}`;
    const closedAt = START_MS + (day + 2) * DAY_MS;
    let text = withHeader ? `${COLUMNS}\n` : '';
    let at = firstLine;
    let net = 0;
    for (const { line, tell } of this.#lines(day)) {
      if (tell !== null) expected.push({ kind: tell.kind, subjectId: tell.subjectId ?? `${PSP}:${batch}:${at}` });
      if (line !== null) {
        const converted = convertedOf(line);
        net += converted - line.fee;
        text += rowOf(batch, line, converted);
        at += 1;
      }
      if (text.length > 65_536) {
        yield text;
        text = '';
      }
    }
    const missing =
      day > 0 && this.#below(day, 11, 2) === 0 && this.options.plantShare > 0 ? 100 + this.#below(day, 12, 900) : 0;
    if (missing > 0) expected.push({ kind: CASE_OF.short, subjectId: `${PSP}:${batch}:EUR` });
    const closing = `${batch},,transfer,,,,,${new Date(closedAt).toISOString()},,,,,EUR,,,,,${major(net - missing)}\n`;
    yield `${text}${closing}`;
    return at + 1;
  }

  *#lines(day: number): Generator<{ line: Line | null; tell: { kind: string; subjectId: string | null } | null }> {
    const first = day * this.#perDay;
    const last = Math.min(first + this.#perDay, this.options.payments);
    const before = Math.max(0, first - this.#perDay);
    // What should have come a day ago.
    for (let n = before; n < first; n += 1)
      if (this.plantOf(n) === 'late')
        yield { line: lineOf(this.payment(n)), tell: { kind: CASE_OF.late, subjectId: `pay_${n}` } };
    for (let n = first; n < last; n += 1) yield* this.#linesOf(n);
  }

  *#linesOf(n: number): Generator<{ line: Line | null; tell: { kind: string; subjectId: string | null } | null }> {
    const plant = this.plantOf(n);
    if (this.plantOf(n - 1) === 'merged') return;
    const payment = this.payment(n);
    const line = lineOf(payment);
    const tell = plant === null ? null : { kind: CASE_OF[plant], subjectId: plant === 'extra' ? null : `pay_${n}` };
    switch (plant) {
      case null:
      case 'status':
        yield { line, tell };
        break;
      case 'late':
        return;
      case 'missing':
        yield { line: null, tell };
        return;
      case 'extra':
        yield { line, tell: null };
        yield { line: this.#foreign(n, line), tell };
        return;
      case 'amount':
        yield { line: { ...line, gross: line.gross - 1 - this.#below(n, 13, line.gross - 1) }, tell };
        return;
      case 'currency':
        yield { line: { ...line, currency: 'GBP' }, tell };
        return;
      case 'fee':
        yield { line: { ...line, fee: line.fee + 1 + this.#below(n, 13, 50) }, tell };
        return;
      case 'duplicate':
        yield { line, tell };
        yield { line, tell: null };
        return;
      case 'reference':
        yield {
          line: { ...line, reference: `att_${mix(n).toString(36)}x`, pspReference: `acme_none_${mix(n)}` },
          tell,
        };
        return;
      case 'split': {
        const part = 1 + this.#below(n, 13, line.gross - 1);
        yield { line: { ...line, gross: part }, tell };
        yield { line: { ...line, gross: line.gross - part, fee: 0 }, tell: null };
        return;
      }
      case 'merged': {
        const other = lineOf(this.payment(n + 1));
        yield { line: { ...line, gross: line.gross + other.gross, fee: line.fee + other.fee }, tell };
        return;
      }
      case 'chargeback':
        yield { line, tell: null };
        yield { line: { ...line, type: 'chargeback', gross: -line.gross, fee: DISPUTE_FEE }, tell };
        return;
      case 'short':
        return;
    }
    // The next day: what goes back is settled without the delay of a payment, so in the same file.
    const back = { ...line, at: line.at + DAY_MS };
    if (payment.refundMinor > 0)
      yield {
        line: { ...back, type: 'refund', part: `ref_acme_${n}`, gross: -payment.refundMinor, fee: FIXED_FEE },
        tell: null,
      };
    if (payment.isDisputed)
      yield {
        line: { ...back, type: 'chargeback', part: `dis_acme_${n}`, gross: -line.gross, fee: DISPUTE_FEE },
        tell: null,
      };
  }

  /** Somebody else's payment. */
  #foreign(n: number, line: Line): Line {
    const gross =
      this.#below(n, 14, 10) < 3 ? (ROUND_AMOUNTS[this.#below(n, 15, 5)] ?? 1_000) : 100 + this.#below(n, 15, 50_000);
    const of = { ...line, gross, reference: `order-${mix(n)}`, pspReference: `acme_foreign_${n}` };
    return { ...of, fee: feeOf(convertedOf(of)) };
  }

  #below(n: number, salt: number, limit: number): number {
    return mix(Math.imul(n + 1, 0x9e3779b1) ^ mix(salt * 7_919 + this.options.seed)) % Math.max(1, limit);
  }
}

function lineOf(payment: BookPayment): Line {
  const { n, amountMinor, currency, method, takenAt, pspReference } = payment;
  const line = {
    type: 'payment',
    pspReference,
    part: '',
    reference: `att_${n}`,
    method,
    at: takenAt,
    gross: amountMinor,
    currency,
    fee: 0,
  };
  return { ...line, fee: feeOf(convertedOf(line)) };
}

function feeOf(convertedMinor: number): number {
  return [60, 20, 10, 10].reduce(
    (sum, points) => sum + Math.floor((convertedMinor * points + 5_000) / 10_000),
    FIXED_FEE,
  );
}

/** In euros. A wrong currency is a wrong word: the money is the same. */
function convertedOf({ gross, currency }: { gross: number; currency: string }): number {
  return currency === 'USD' ? Math.sign(gross) * Math.floor((Math.abs(gross) * DOLLAR + 500) / 1_000) : gross;
}

const COLUMNS =
  'settlement_id,line_id,type,psp_reference,modification_id,reference,method,occurred_at,gross_amount,currency,exchange_rate,settlement_amount,settlement_currency,commission,interchange,scheme_fee,markup,net_amount';

function rowOf(batch: string, line: Line, converted: number): string {
  const { type, pspReference, part, reference, method, at, gross, currency, fee } = line;
  return `${batch},,${type},${pspReference},${part},${reference},${method},${new Date(at).toISOString()},${major(gross)},${currency},,${major(converted)},EUR,${major(fee)},0.00,0.00,0.00,${major(converted - fee)}\n`;
}

function major(minor: number): string {
  const digits = String(Math.abs(minor)).padStart(3, '0');
  return `${minor < 0 ? '-' : ''}${digits.slice(0, -2)}.${digits.slice(-2)}`;
}

/** A number of 32 bits that has nothing to do with the one given. */
function mix(value: number): number {
  let hash = value | 0;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
