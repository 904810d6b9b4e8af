/**
 * Filters: whom a planned fault may strike, beside psp and time. A PSP knows a payment by what
 * the merchant told it, so `player` is compared with every word for the customer that the
 * request or the record carries, and `method` with the PSP's own word and its neutral one.
 */
import { exponentOf } from '../core/currency.ts';
import { FaultInputError } from './parameters.ts';

/** What is known of the thing that a fault could strike. */
export interface Facts {
  /** Words for the payment method: the PSP's own, and `card` for what is a card there. */
  readonly methods: readonly string[];
  readonly amountMinor: number | null;
  readonly currency: string | null;
  /** Words for the customer. */
  readonly players: readonly string[];
}

export const NO_FACTS: Facts = { methods: [], amountMinor: null, currency: null, players: [] };

/** Minor units as a number, or major units of the payment's own currency as text: `"50.00"`. */
export type AmountBound = number | string;

export type AmountFilter = AmountBound | { from?: AmountBound; to?: AmountBound; currency?: string };

export interface Filters {
  readonly reference: RegExp | null;
  readonly player: RegExp | null;
  readonly methods: readonly string[];
  readonly amount: { from: AmountBound | null; to: AmountBound | null; currency: string | null } | null;
}

const DECIMAL = /^(0|[1-9][0-9]{0,11})(\.[0-9]{1,4})?$/;

/** `*` stands for any text, `?` for one character; everything else for itself. */
export function globPattern(glob: string): RegExp {
  const escaped = glob.replace(/[.+^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`^${escaped.replace(/\*/g, '.*').replace(/\?/g, '.')}$`, 's');
}

/** Throws a FaultInputError in one sentence. */
export function readFilters(
  fault: string,
  given: { reference?: unknown; player?: unknown; method?: unknown; amount?: unknown },
): Filters {
  return {
    reference: readGlob(fault, 'reference', given.reference),
    player: readGlob(fault, 'player', given.player),
    methods: readWords(fault, 'method', given.method),
    amount: readAmount(fault, given.amount),
  };
}

/** Does anything need facts at all? They cost a look into the body. */
export function needsFacts(filters: Filters): boolean {
  return filters.player !== null || filters.methods.length > 0 || filters.amount !== null;
}

export function fitsFacts(filters: Filters, facts: Facts): boolean {
  const { player, methods, amount } = filters;
  if (player !== null && !facts.players.some((word) => player.test(word))) return false;
  if (methods.length > 0 && !facts.methods.some((word) => methods.includes(word))) return false;
  return amount === null || fitsAmount(amount, facts);
}

function fitsAmount(filter: NonNullable<Filters['amount']>, { amountMinor, currency }: Facts): boolean {
  if (amountMinor === null) return false;
  if (filter.currency !== null && filter.currency !== currency) return false;
  const from = filter.from === null ? -Infinity : minorOf(filter.from, currency);
  const to = filter.to === null ? Infinity : minorOf(filter.to, currency);
  return amountMinor >= from && amountMinor <= to;
}

function minorOf(bound: AmountBound, currency: string | null): number {
  if (typeof bound === 'number') return bound;
  return Math.round(Number(bound) * 10 ** exponentOf(currency ?? ''));
}

function readGlob(fault: string, name: string, value: unknown): RegExp | null {
  if (value === undefined) return null;
  if (typeof value !== 'string' || value === '' || value.length > 200)
    throw new FaultInputError(`fault ${fault}: ${name} must be text, in which * stands for anything`);
  return globPattern(value);
}

function readWords(fault: string, name: string, value: unknown): readonly string[] {
  if (value === undefined) return [];
  const words: unknown[] = Array.isArray(value) ? value : [value];
  if (words.length === 0 || !words.every((word) => typeof word === 'string' && word !== ''))
    throw new FaultInputError(`fault ${fault}: ${name} must be a word or a list of words`);
  return words as string[];
}

function readAmount(fault: string, value: unknown): Filters['amount'] {
  if (value === undefined) return null;
  const bound = (given: unknown): AmountBound | null => {
    if (given === undefined) return null;
    if (typeof given === 'number' && Number.isSafeInteger(given) && given >= 0) return given;
    if (typeof given === 'string' && DECIMAL.test(given)) return given;
    throw new FaultInputError(
      `fault ${fault}: amount must be minor units (5000) or major units as text ("50.00"), alone or as from and to`,
    );
  };
  if (typeof value !== 'object' || value === null) {
    const exact = bound(value);
    return { from: exact, to: exact, currency: null };
  }
  const { from, to, currency, ...others } = value as Record<string, unknown>;
  const unknown = Object.keys(others);
  if (unknown.length > 0)
    throw new FaultInputError(`fault ${fault}: amount.${unknown.join(', ')} is unknown: there are from, to, currency`);
  if (currency !== undefined && !(typeof currency === 'string' && /^[A-Z]{3}$/.test(currency)))
    throw new FaultInputError(`fault ${fault}: amount.currency must be an ISO 4217 code such as EUR`);
  if (from === undefined && to === undefined && currency === undefined)
    throw new FaultInputError(`fault ${fault}: amount needs from, to or currency`);
  return { from: bound(from), to: bound(to), currency: currency ?? null };
}
