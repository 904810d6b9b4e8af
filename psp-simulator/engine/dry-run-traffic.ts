/** The sample of traffic for a dry run, as it comes from outside, and its check. */
import { FaultInputError } from '../faults/parameters.ts';

export interface SampleTraffic {
  /** At each PSP; default 100. */
  payments?: number;
  /** `{n}` stands for the number of the payment, from 1; default `order-{n}`. */
  reference?: string;
  /** Between two payments; default a second. */
  everyMs?: number;
  amountMinor?: number;
  currency?: string;
  /** In the PSP's word; default `card`. */
  method?: string;
  /** `{n}` as in `reference`; default `player-{n}`. */
  player?: string;
  /** What is done with each payment, in this order; default create-payment and get-payment. */
  operations?: string[];
  /** How often each operation is tried; default 1. */
  attempts?: number;
  /** True: every payer is sent to a page first. */
  pages?: boolean;
}

export const SAMPLE_OPERATIONS = [
  'create-payment',
  'capture',
  'refund',
  'create-payout',
  'get-payment',
  'list-payments',
  'get-payout',
  'list-payouts',
  'get-refund',
] as const;
export type SampleOperation = (typeof SAMPLE_OPERATIONS)[number];

export interface Sample {
  payments: number;
  reference: string;
  everyMs: number;
  amountMinor: number;
  currency: string;
  method: string;
  player: string;
  operations: readonly SampleOperation[];
  attempts: number;
  pages: boolean;
}

/** More take longer than somebody waits who only wants to look. */
const MOST_PAYMENTS = 10_000;
const MOST_ATTEMPTS = 20;
const LONGEST_PAUSE_MS = 24 * 3_600_000;

/** Throws a FaultInputError in one sentence. */
export function readSampleTraffic(given: unknown): Sample {
  if (typeof given !== 'object' || given === null || Array.isArray(given))
    throw new FaultInputError('traffic must be an object such as {"payments":100}');
  const values = given as Record<string, unknown>;
  const sample: Sample = {
    payments: whole(values, 'payments', { min: 1, max: MOST_PAYMENTS, fallback: 100 }),
    reference: text(values, 'reference', 'order-{n}'),
    everyMs: whole(values, 'everyMs', { min: 0, max: LONGEST_PAUSE_MS, fallback: 1_000 }),
    amountMinor: whole(values, 'amountMinor', { min: 1, max: 1_000_000_000, fallback: 5_000 }),
    currency: text(values, 'currency', 'EUR'),
    method: text(values, 'method', 'card'),
    player: text(values, 'player', 'player-{n}'),
    operations: operationsOf(values['operations']),
    attempts: whole(values, 'attempts', { min: 1, max: MOST_ATTEMPTS, fallback: 1 }),
    pages: values['pages'] === true,
  };
  const unknown = Object.keys(values).filter((name) => !(name in sample));
  if (unknown.length > 0)
    throw new FaultInputError(`traffic.${unknown.join(', ')} is unknown: there are ${Object.keys(sample).join(', ')}`);
  return sample;
}

function whole(
  values: Record<string, unknown>,
  name: string,
  { min, max, fallback }: { min: number; max: number; fallback: number },
): number {
  const value = values[name] ?? fallback;
  if (typeof value === 'number' && Number.isInteger(value) && value >= min && value <= max) return value;
  throw new FaultInputError(`traffic.${name} must be a whole number from ${min} to ${max}`);
}

function text(values: Record<string, unknown>, name: string, fallback: string): string {
  const value = values[name] ?? fallback;
  if (typeof value === 'string' && value !== '') return value;
  throw new FaultInputError(`traffic.${name} must be text`);
}

function operationsOf(value: unknown): readonly SampleOperation[] {
  if (value === undefined) return ['create-payment', 'get-payment'];
  const list: unknown[] = Array.isArray(value) ? value : [value];
  return list.map((one) => {
    const known = SAMPLE_OPERATIONS.find((operation) => operation === one);
    if (known !== undefined) return known;
    throw new FaultInputError(
      `traffic.operations: there are ${SAMPLE_OPERATIONS.join(', ')}, not ${JSON.stringify(one)}`,
    );
  });
}
