/** What is wrong with settlement terms that somebody wrote, in one sentence. */
const MINOR = ['disputeFeeMinor'] as const;
const DELAYS = ['delayMs', 'reserveMs'] as const;
const FEES = ['payment', 'refund', 'payout'] as const;
const FEE_FIELDS = [
  'commissionBasisPoints',
  'interchangeBasisPoints',
  'schemeBasisPoints',
  'markupBasisPoints',
  'fixedMinor',
] as const;
const OTHERS = [
  'currency',
  'exchangeRates',
  'cutoffHour',
  'disputeFeeReturned',
  'reserveBasisPoints',
  'announce',
] as const;
const KNOWN: readonly string[] = [...MINOR, ...DELAYS, ...FEES, ...OTHERS];

/** All of an amount: nothing can cost or hold back more. */
const WHOLE_BASIS_POINTS = 10_000;

type Fields = Readonly<Record<string, unknown>>;

/** Undefined when the terms are absent, null or right. */
export function settlementProblem(terms: unknown): string | undefined {
  if (terms === undefined || terms === null) return undefined;
  if (!isObject(terms)) return 'profile.settlement must be an object or null';
  const unknown = Object.keys(terms).filter((name) => !KNOWN.includes(name));
  if (unknown.length > 0) return `profile.settlement.${unknown.join(', ')} is unknown: there are ${KNOWN.join(', ')}`;
  return numbersProblem(terms) ?? moneyProblem(terms) ?? feesProblem(terms);
}

function numbersProblem(terms: Fields): string | undefined {
  for (const name of [...MINOR, ...DELAYS]) {
    if (terms[name] !== undefined && !isWhole(terms[name], Number.MAX_SAFE_INTEGER))
      return `profile.settlement.${name} must be a whole number from 0 on`;
  }
  const { cutoffHour, reserveBasisPoints } = terms;
  if (cutoffHour !== undefined && !isWhole(cutoffHour, 23))
    return 'profile.settlement.cutoffHour must be a whole hour from 0 to 23 (UTC)';
  if (reserveBasisPoints !== undefined && !isWhole(reserveBasisPoints, WHOLE_BASIS_POINTS))
    return `profile.settlement.reserveBasisPoints must be a whole number from 0 to ${WHOLE_BASIS_POINTS}`;
  for (const name of ['disputeFeeReturned', 'announce'] as const) {
    if (terms[name] !== undefined && typeof terms[name] !== 'boolean')
      return `profile.settlement.${name} must be true or false`;
  }
  return undefined;
}

function moneyProblem({ currency, exchangeRates }: Fields): string | undefined {
  if (currency !== undefined && currency !== null && !(typeof currency === 'string' && /^[A-Z]{3}$/.test(currency)))
    return 'profile.settlement.currency must be three capital letters, or null to settle each currency in itself';
  if (exchangeRates === undefined) return undefined;
  const isRate = ([code, rate]: [string, unknown]): boolean =>
    /^[A-Z]{3}$/.test(code) &&
    typeof rate === 'string' &&
    /^[0-9]{1,9}(\.[0-9]{1,12})?$/.test(rate) &&
    Number(rate) > 0;
  if (isObject(exchangeRates) && Object.entries(exchangeRates).every(isRate)) return undefined;
  return 'profile.settlement.exchangeRates must map currencies to decimal texts, as in {"GBP": "1.17"}';
}

function feesProblem(terms: Fields): string | undefined {
  for (const name of FEES) {
    const fees = terms[name];
    if (fees === undefined) continue;
    if (!isObject(fees)) return `profile.settlement.${name} must be an object`;
    const known = (field: string): boolean => FEE_FIELDS.some((candidate) => candidate === field);
    const unknown = Object.keys(fees).filter((field) => !known(field));
    if (unknown.length > 0)
      return `profile.settlement.${name}.${unknown.join(', ')} is unknown: there are ${FEE_FIELDS.join(', ')}`;
    for (const field of FEE_FIELDS) {
      const most = field === 'fixedMinor' ? Number.MAX_SAFE_INTEGER : WHOLE_BASIS_POINTS;
      if (!isWhole(fees[field], most))
        return `profile.settlement.${name}.${field} must be a whole number from 0 to ${most}`;
    }
  }
  return undefined;
}

function isWhole(value: unknown, most: number): boolean {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= most;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
