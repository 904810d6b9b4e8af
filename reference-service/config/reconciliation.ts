/**
 * Reads the configuration of reconciliation: what is agreed with each PSP, and whether files are
 * fetched. Everything that is not known is refused: a misspelled fee would open a case per line.
 */
import { UserError } from '../../kernel/index.ts';
import { ITEM_KINDS, type ItemKind } from '../domain/reconciliation/records.ts';
import {
  DEFAULT_TERMS,
  type FeeAgreement,
  type Reconciliation,
  type SettlementTerms,
} from '../domain/reconciliation/terms.ts';

export interface ReconciliationDocument {
  /** Files are fetched from PSPs that offer them, once a day. Default false. */
  fetchDaily?: boolean;
  /** By name of the PSP. */
  terms?: Record<string, Partial<SettlementTerms>>;
}

/** @throws UserError */
export function readReconciliation(where: string, document: unknown, psps: readonly string[]): Reconciliation {
  const given = objectOf(where, document ?? {}, ['fetchDaily', 'terms']);
  const { fetchDaily = false } = given;
  if (typeof fetchDaily !== 'boolean')
    throw new UserError(`${where}.fetchDaily must be true or false.`, 'Correct the value.');
  const terms = new Map<string, SettlementTerms>();
  for (const [psp, entry] of Object.entries(objectOf(`${where}.terms`, given['terms'] ?? {}, psps)))
    terms.set(psp, termsOf(`${where}.terms.${psp}`, entry));
  return { fetchDaily, termsOf: (psp) => terms.get(psp) ?? DEFAULT_TERMS };
}

const NUMBERS = {
  delayDays: 60,
  cutoffHour: 23,
  lateAfterHours: 24 * 60,
  missingAfterDays: 60,
  suggestWithinSeconds: 86_400,
  bankDays: 60,
} as const;

function termsOf(where: string, document: unknown): SettlementTerms {
  const names = [...Object.keys(NUMBERS), 'fees', 'feeToleranceMinor'];
  const given = objectOf(where, document, names);
  const terms: SettlementTerms = { ...DEFAULT_TERMS };
  for (const [name, most] of Object.entries(NUMBERS) as [keyof typeof NUMBERS, number][])
    if (given[name] !== undefined) terms[name] = wholeOf(`${where}.${name}`, given[name], most);
  if (given['feeToleranceMinor'] !== undefined)
    terms.feeToleranceMinor = byCurrency(`${where}.feeToleranceMinor`, given['feeToleranceMinor']);
  if (given['fees'] !== undefined && given['fees'] !== null) {
    const fees: Partial<Record<ItemKind, FeeAgreement>> = {};
    for (const [kind, fee] of Object.entries(objectOf(`${where}.fees`, given['fees'], ITEM_KINDS)))
      fees[kind as ItemKind] = feeOf(`${where}.fees.${kind}`, fee);
    terms.fees = fees;
  }
  return terms;
}

function feeOf(where: string, document: unknown): FeeAgreement {
  const given = objectOf(where, document, ['basisPoints', 'fixedMinor']);
  const points = given['basisPoints'] ?? [];
  if (!Array.isArray(points)) throw new UserError(`${where}.basisPoints must be a list.`, 'Write [150] for 1.5 %.');
  return {
    basisPoints: points.map((value: unknown, index) => wholeOf(`${where}.basisPoints[${index}]`, value, 10_000)),
    fixedMinor: byCurrency(`${where}.fixedMinor`, given['fixedMinor'] ?? {}),
  };
}

function byCurrency(where: string, document: unknown): Record<string, number> {
  const given = objectOf(where, document, null);
  return Object.fromEntries(
    Object.entries(given).map(([currency, value]) => {
      if (!/^[A-Z]{3}$/.test(currency))
        throw new UserError(`${where}.${currency} is not a currency.`, 'Use codes of ISO 4217.');
      return [currency, wholeOf(`${where}.${currency}`, value, 1_000_000_000)];
    }),
  );
}

function objectOf(where: string, value: unknown, names: readonly string[] | null): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new UserError(`${where} must be an object.`, 'Correct the configuration of reconciliation.');
  const unknown = names === null ? undefined : Object.keys(value).find((name) => !names.includes(name));
  if (unknown !== undefined)
    throw new UserError(`${where} has the unknown entry "${unknown}".`, `Use one of ${names?.join(', ') ?? ''}.`);
  return value as Record<string, unknown>;
}

function wholeOf(where: string, value: unknown, most: number): number {
  if (typeof value !== 'number' || !Number.isInteger(value) || value < 0 || value > most)
    throw new UserError(`${where} must be a whole number from 0 to ${most}.`, 'Correct the value.');
  return value;
}
