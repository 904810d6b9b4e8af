/**
 * Reads a policy document: JSON with decimal amounts, from the environment or from a test. A
 * wrong value is one sentence that names it; an unknown member is refused, because a rule that
 * is misspelt would silently not apply.
 */
import { UserError } from '../../kernel/index.ts';
import { parseAmount } from '../domain/money.ts';
import type { KycLevel } from '../domain/player.ts';
import {
  DEFAULT_POLICY,
  NO_THRESHOLD,
  type AmountByCurrency,
  type PayoutRules,
  type Policy,
  type RiskRules,
  type Threshold,
} from '../domain/policy.ts';

/** Amounts are decimal texts by currency: `{"EUR": "500.00"}`. */
export interface PolicyDocument {
  limitRaiseWaitMs?: number;
  risk?: {
    attempts?: Partial<Threshold>;
    declines?: Partial<Threshold>;
    tokens?: Partial<Threshold>;
    countryMismatch?: 'allow' | 'step_up' | 'deny';
    binCountries?: Record<string, string>;
    newPlayer?: { withinMs: number; from: Record<string, string> };
  };
  payouts?: {
    wageringFactor?: number;
    dailyLimit?: Record<string, string>;
    kycLevels?: { currency: string; from: string; level: number }[];
    reviewFrom?: Record<string, string>;
    closedLoop?: 'off' | 'prefer' | 'require';
  };
}

type Members = Record<string, unknown>;

/** @throws UserError that names the member, under `name` */
export function readPolicy(document: unknown, name = 'policy'): Policy {
  if (document === undefined || document === null) return DEFAULT_POLICY;
  const top = members(name, document, ['limitRaiseWaitMs', 'risk', 'payouts']);
  return {
    limitRaiseWaitMs: number(`${name}.limitRaiseWaitMs`, top['limitRaiseWaitMs'], DEFAULT_POLICY.limitRaiseWaitMs),
    risk: top['risk'] === undefined || top['risk'] === null ? null : readRisk(`${name}.risk`, top['risk']),
    payouts: readPayouts(`${name}.payouts`, top['payouts'] ?? {}),
  };
}

function readRisk(name: string, value: unknown): RiskRules {
  const rules = members(name, value, [
    'attempts',
    'declines',
    'tokens',
    'countryMismatch',
    'binCountries',
    'newPlayer',
  ]);
  return {
    attempts: threshold(`${name}.attempts`, rules['attempts']),
    declines: threshold(`${name}.declines`, rules['declines']),
    tokens: threshold(`${name}.tokens`, rules['tokens']),
    countryMismatch: oneOf(`${name}.countryMismatch`, rules['countryMismatch'], ['allow', 'step_up', 'deny']),
    binCountries: binCountries(`${name}.binCountries`, rules['binCountries']),
    newPlayer: newPlayer(`${name}.newPlayer`, rules['newPlayer']),
  };
}

function readPayouts(name: string, value: unknown): PayoutRules {
  const rules = members(name, value, ['wageringFactor', 'dailyLimit', 'kycLevels', 'reviewFrom', 'closedLoop']);
  const factor = rules['wageringFactor'];
  return {
    wageringFactor: factor === undefined || factor === null ? null : number(`${name}.wageringFactor`, factor, 1),
    dailyLimitMinor: amounts(`${name}.dailyLimit`, rules['dailyLimit']),
    kycLevels: kycLevels(`${name}.kycLevels`, rules['kycLevels']),
    reviewFromMinor: amounts(`${name}.reviewFrom`, rules['reviewFrom']),
    closedLoop: oneOf(`${name}.closedLoop`, rules['closedLoop'], ['off', 'prefer', 'require']),
  };
}

function members(name: string, value: unknown, known: readonly string[]): Members {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new UserError(`${name} must be a JSON object.`, `Its members are ${known.join(', ')}.`);
  const unknown = Object.keys(value).find((key) => !known.includes(key));
  if (unknown !== undefined)
    throw new UserError(`${name}.${unknown} is not a member of a policy.`, `Use ${known.join(', ')}.`);
  return value as Members;
}

function number(name: string, value: unknown, fallback: number): number {
  if (value === undefined) return fallback;
  if (typeof value !== 'number' || !Number.isFinite(value) || value < 0)
    throw new UserError(`${name} must be a number of at least zero.`, `Correct ${name}.`);
  return value;
}

function count(name: string, value: unknown): number | null {
  if (value === undefined || value === null) return null;
  if (typeof value !== 'number' || !Number.isInteger(value) || value < 1)
    throw new UserError(`${name} must be a whole number of at least one.`, `Correct ${name}, or leave it out.`);
  return value;
}

function threshold(name: string, value: unknown): Threshold {
  if (value === undefined) return NO_THRESHOLD;
  const given = members(name, value, ['stepUp', 'deny']);
  return { stepUp: count(`${name}.stepUp`, given['stepUp']), deny: count(`${name}.deny`, given['deny']) };
}

/** The first word is the default. */
function oneOf<Word extends string>(name: string, value: unknown, words: readonly [Word, ...Word[]]): Word {
  if (value === undefined) return words[0];
  const word = words.find((one) => one === value);
  if (word === undefined) throw new UserError(`${name} must be one of ${words.join(', ')}.`, `Correct ${name}.`);
  return word;
}

function amountMinor(name: string, currency: string, value: unknown): number {
  const parsed = parseAmount(typeof value === 'string' ? value : '', currency);
  if (!parsed.ok)
    throw new UserError(`${name} is not an amount in ${currency}: ${parsed.reason}.`, 'Write it as "500.00".');
  return parsed.amountMinor;
}

function amounts(name: string, value: unknown): AmountByCurrency {
  if (value === undefined) return {};
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new UserError(`${name} must be an object of amounts by currency.`, 'For instance {"EUR": "500.00"}.');
  return Object.fromEntries(
    Object.entries(value).map(([currency, amount]) => [currency, amountMinor(`${name}.${currency}`, currency, amount)]),
  );
}

function kycLevels(name: string, value: unknown): PayoutRules['kycLevels'] {
  if (value === undefined) return [];
  if (!Array.isArray(value))
    throw new UserError(`${name} must be a list.`, 'For instance [{"currency": "EUR", "from": "0.00", "level": 1}].');
  return value.map((entry: unknown, index) => {
    const where = `${name}[${index}]`;
    const { currency, from, level } = members(where, entry, ['currency', 'from', 'level']);
    if (typeof currency !== 'string') throw new UserError(`${where}.currency is missing.`, 'Name a currency.');
    if (level !== 1 && level !== 2 && level !== 3)
      throw new UserError(`${where}.level must be 1, 2 or 3.`, 'Correct the level.');
    return { currency, fromMinor: amountMinor(`${where}.from`, currency, from), level: level satisfies KycLevel };
  });
}

function binCountries(name: string, value: unknown): RiskRules['binCountries'] {
  if (value === undefined) return {};
  const entries = typeof value === 'object' && value !== null ? Object.entries(value) : [];
  const wrong = entries.find(([bin, country]) => !/^[0-9]{1,8}$/.test(bin) || !/^[A-Z]{2}$/.test(String(country)));
  if (wrong !== undefined)
    throw new UserError(`${name}.${wrong[0]} must be a country of ISO 3166.`, 'For instance {"411111": "DE"}.');
  return Object.fromEntries(entries) as RiskRules['binCountries'];
}

function newPlayer(name: string, value: unknown): RiskRules['newPlayer'] {
  if (value === undefined || value === null) return null;
  const { withinMs, from } = members(name, value, ['withinMs', 'from']);
  return { withinMs: number(`${name}.withinMs`, withinMs, 0), fromMinor: amounts(`${name}.from`, from) };
}
