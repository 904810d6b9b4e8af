/**
 * Checks what a schema cannot: that names refer to something, that times are in order, that
 * amounts fit their currencies, and that an expectation can come true at all.
 */
import { minorUnits } from './amount.ts';
import { ABILITIES } from './dialects.ts';
import { durationMs } from './duration.ts';
import { InvalidScenarioError, unknownWord } from './invalid-scenario.ts';
import type { DepositTraffic, FaultEntry, Scenario, Timing, Traffic } from './scenario.ts';
import type { Path, SourceMap } from './source-map.ts';
import { countOf } from './traffic-kinds.ts';

/** Throws an InvalidScenarioError for the first thing that makes no sense. */
export function checkMeaning(scenario: Scenario, source: SourceMap): void {
  const pspNames = scenario.psps.map((psp) => psp.name);
  const invalid = (path: Path, problem: string, advice: string): never => {
    throw new InvalidScenarioError(source.placeOf(path), problem, advice);
  };

  pspNames.forEach((name, index) => {
    if (pspNames.indexOf(name) !== index)
      invalid(['psps', index, 'name'], `two PSPs are called \`${name}\``, 'Give each PSP a name of its own.');
  });
  scenario.traffic.forEach((entry, index) => {
    checkTiming(entry, countOf(entry), ['traffic', index], invalid);
    checkPspNames(entry.psp, pspNames, ['traffic', index, 'psp'], source);
    if (!('refunds' in entry)) checkAmounts(entry, ['traffic', index], invalid);
    if ('deposits' in entry) checkTwoSteps(entry, scenario, ['traffic', index], invalid);
  });
  scenario.faults?.forEach((fault, index) => checkFault(fault, index, { scenario, pspNames, source, invalid }));
  checkSettlements(scenario, invalid);
  const faultKinds = (scenario.faults ?? []).map((fault) => fault.fault);
  scenario.expect?.faults_hit?.forEach((kind, index) => {
    if (!faultKinds.includes(kind))
      unknownWord(source.placeOf(['expect', 'faults_hit', index]), 'a fault of this scenario', kind, [
        ...new Set(faultKinds),
      ]);
  });
  if (scenario.target !== undefined && (scenario.drivers ?? ['virtual', 'http']).includes('virtual')) {
    invalid(['target'], 'a process can only be killed by the http driver', 'Add `drivers: [http]`.');
  }
  scenario.target?.kill.forEach((kill, index) => {
    if (durationMs(kill.at) + durationMs(kill.restart_after) > durationMs(scenario.heal_at)) {
      invalid(
        ['target', 'kill', index],
        'the target must be running again before `heal_at`',
        'Kill earlier, or heal later.',
      );
    }
  });
}

/** An hour is far below the day in which PSPs settle, and keeps a run short. */
const LEAST_IMPORT_EVERY_MS = 3_600_000;

function checkSettlements({ settlements, faults = [] }: Scenario, invalid: Invalid): void {
  const planted = faults.findIndex(({ fault }) => fault.startsWith('settlement-'));
  if (settlements === undefined && planted >= 0)
    invalid(
      ['faults', planted],
      'a fault of settlement files never shows where nobody imports them',
      'Add `settlements: { every: 1d }`.',
    );
  if (settlements !== undefined && durationMs(settlements.every) < LEAST_IMPORT_EVERY_MS)
    invalid(['settlements', 'every'], 'settlements are imported once an hour at most', 'Write for example `1d`.');
}

type Invalid = (path: Path, problem: string, advice: string) => never;

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

function checkPspNames(
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

function checkAmounts(entry: Exclude<Traffic, { refunds: number }>, path: Path, invalid: Invalid): void {
  for (const currency of [entry.currency].flat()) {
    const minor = (text: string, field: Path): number => {
      try {
        return minorUnits(text, currency);
      } catch (error) {
        return invalid(
          [...path, ...field],
          (error as RangeError).message,
          'Write the amount with the decimals of its currency.',
        );
      }
    };
    const { amount } = entry;
    const [least, most] = typeof amount === 'string' ? [amount, amount] : [amount.min, amount.max];
    if (minor(least, ['amount']) < 1) invalid([...path, 'amount'], 'an amount must be more than zero', 'Raise it.');
    if (minor(least, ['amount']) > minor(most, ['amount']))
      invalid([...path, 'amount'], '`min` is more than `max`', 'Swap them.');
    if ('payouts' in entry && minor(entry.fund, ['fund']) < 1)
      invalid([...path, 'fund'], 'an amount must be more than zero', 'Raise it.');
  }
}

interface FaultContext {
  scenario: Scenario;
  pspNames: readonly string[];
  source: SourceMap;
  invalid: Invalid;
}

function checkFault(fault: FaultEntry, index: number, context: FaultContext): void {
  const { scenario, pspNames, source, invalid } = context;
  const path: Path = ['faults', index];
  checkPspNames(fault.psp, pspNames, [...path, 'psp'], source);
  const fromMs = fault.from === undefined ? 0 : durationMs(fault.from);
  const toMs = fault.to === undefined ? Infinity : durationMs(fault.to);
  if (fromMs >= toMs)
    invalid(
      [...path, 'to'],
      `the fault ends (${fault.to}) before it begins (${fault.from ?? '0s'})`,
      'Set `to` later than `from`.',
    );
  if (fromMs >= durationMs(scenario.heal_at))
    invalid(
      [...path, 'from'],
      `the fault begins (${fault.from}) after everything healed (${scenario.heal_at})`,
      'Begin earlier, or heal later.',
    );
}
