/**
 * Checks the traffic of a scenario for what a schema cannot say: names that refer to nothing,
 * times that do not fit the number, amounts that their currency does not know, and wishes that
 * nobody could fulfil.
 */
import { minorUnits } from './amount.ts';
import { ABILITIES } from './dialects.ts';
import { unknownWord } from './invalid-scenario.ts';
import type { DepositTraffic, LimitTraffic, RefundTraffic, Scenario, Timing, Traffic } from './scenario.ts';
import type { Path, SourceMap } from './source-map.ts';
import { countOf, kindOf } from './traffic-kinds.ts';

/** Throws the InvalidScenarioError for a place. */
export type Invalid = (path: Path, problem: string, advice: string) => never;

export interface CheckContext {
  scenario: Scenario;
  pspNames: readonly string[];
  source: SourceMap;
  invalid: Invalid;
}

const AMOUNT_FIELDS = ['amount', 'fund', 'bet', 'win', 'day', 'week', 'month'] as const;

/** Throws an InvalidScenarioError for the first thing that makes no sense. */
export function checkTraffic(entry: Traffic, index: number, context: CheckContext): void {
  const { scenario, pspNames, source, invalid } = context;
  const path: Path = ['traffic', index];
  checkTiming(entry, countOf(entry), path, invalid);
  checkNumbers(scenario, index, path, invalid);
  if ('psp' in entry) checkPspNames(entry.psp, pspNames, [...path, 'psp'], source);
  checkAmounts(entry, path, invalid);
  if ('deposits' in entry) checkTwoSteps(entry, scenario, path, invalid);
  if ('refunds' in entry) checkRefunds(entry, path, invalid);
  if ('limits' in entry) checkLimits(entry, path, invalid);
}

function checkTwoSteps(entry: DepositTraffic, scenario: Scenario, path: Path, invalid: Invalid): void {
  if (entry.capture !== 'manual') {
    if (entry.afterwards === undefined) return;
    invalid([...path, 'afterwards'], 'what captures by itself leaves nothing to do', 'Add `capture: manual`.');
  }
  const asked = entry.psp === undefined ? [] : [entry.psp].flat();
  const able = scenario.psps
    .filter(({ name }) => asked.length === 0 || asked.includes(name))
    .some(({ dialect }) => {
      const { twoStepMethods } = ABILITIES[dialect];
      return entry.method === undefined ? twoStepMethods.length > 0 : twoStepMethods.includes(entry.method);
    });
  if (!able)
    invalid(
      [...path, 'capture'],
      'none of its PSPs can authorize first and capture later',
      'Name another PSP or method, or capture automatically.',
    );
}

/** A name must stand for one operation, and what is picked out must be there. */
function checkNumbers({ traffic }: Scenario, index: number, path: Path, invalid: Invalid): void {
  const entry = traffic[index] as Traffic;
  const beyond = entry.only?.find((number) => number > countOf(entry));
  if (beyond !== undefined)
    invalid(
      [...path, 'only'],
      `there is no operation ${beyond} of ${countOf(entry)}`,
      'Count from 1 within the entry.',
    );
  const { first } = entry;
  if (first === undefined) return;
  const { prefix } = kindOf(entry);
  let next = 1;
  for (const earlier of traffic.slice(0, index).filter((other) => kindOf(other).prefix === prefix))
    next = (earlier.first ?? next) + countOf(earlier);
  if (first < next)
    invalid([...path, 'first'], `there is a ${prefix}-${first} already`, `Begin with ${next}, or leave it out.`);
}

function checkTiming(entry: Timing, count: number, path: Path, invalid: Invalid): void {
  const ways = [entry.every, entry.at, entry.burst === true ? true : undefined].filter(
    (way) => way !== undefined,
  ).length;
  if (ways > 1) invalid(path, 'only one of `every`, `at` and `burst` can say when', 'Remove the others.');
  if (ways === 0 && count > 1)
    invalid(path, `${count} operations need a time: \`every\`, \`at\` or \`burst\``, 'Write for example `every: 30s`.');
  if (entry.at !== undefined && entry.at.length !== count) {
    invalid(
      [...path, 'at'],
      `\`at\` has ${entry.at.length} times for ${count} operations`,
      'List one time for each operation.',
    );
  }
}

export function checkPspNames(
  psp: string | string[] | undefined,
  known: readonly string[],
  path: Path,
  source: SourceMap,
): void {
  const asked = psp === undefined ? [] : [psp].flat();
  asked.forEach((name, index) => {
    if (!known.includes(name))
      unknownWord(source.placeOf(Array.isArray(psp) ? [...path, index] : path), 'a PSP of this scenario', name, known);
  });
}

/** Which fields of an entry are amounts; those of refunds are words. */
function amountsOf(entry: Traffic): [field: string, amount: DepositTraffic['amount']][] {
  if ('refunds' in entry) return [];
  return AMOUNT_FIELDS.flatMap((field) => {
    const amount = (entry as unknown as Record<string, DepositTraffic['amount'] | undefined>)[field];
    return amount === undefined ? [] : [[field, amount] as [string, DepositTraffic['amount']]];
  });
}

function checkAmounts(entry: Traffic, path: Path, invalid: Invalid): void {
  for (const currency of 'currency' in entry ? [entry.currency].flat() : []) {
    for (const [field, amount] of amountsOf(entry)) {
      const place = [...path, field];
      const minor = (text: string): number => {
        try {
          return minorUnits(text, currency);
        } catch (error) {
          return invalid(place, (error as RangeError).message, 'Write the amount with the decimals of its currency.');
        }
      };
      const [least, most] = typeof amount === 'string' ? [amount, amount] : [amount.min, amount.max];
      if (minor(least) < 1) invalid(place, 'an amount must be more than zero', 'Raise it.');
      if (minor(least) > minor(most)) invalid(place, '`min` is more than `max`', 'Swap them.');
    }
  }
}

/** What only the platform can do: it alone is refused in words, and alone sends several at once. */
function checkRefunds(entry: RefundTraffic, path: Path, invalid: Invalid): void {
  if (entry.by === 'platform') return;
  if (entry.times !== undefined || entry.client !== undefined || entry.amount !== undefined)
    invalid(path, 'a person in a dashboard gives all of one deposit back', 'Add `by: platform`.');
}

function checkLimits(entry: LimitTraffic, path: Path, invalid: Invalid): void {
  if (entry.day === undefined && entry.week === undefined && entry.month === undefined)
    invalid(path, 'the limit is of no period', 'Give `day`, `week` or `month`, with an amount.');
}
