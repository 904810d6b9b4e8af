/**
 * Checks what a schema cannot: that names refer to something, that times are in order, that
 * amounts fit their currencies, and that an expectation can come true at all.
 */
import { checkPspNames, checkTraffic, type CheckContext, type Invalid } from './check-traffic.ts';
import { durationMs } from './duration.ts';
import { InvalidScenarioError, unknownWord } from './invalid-scenario.ts';
import type { FaultEntry, Scenario } from './scenario.ts';
import type { Path, SourceMap } from './source-map.ts';

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
  scenario.traffic.forEach((entry, index) => checkTraffic(entry, index, { scenario, pspNames, source, invalid }));
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

function checkFault(fault: FaultEntry, index: number, context: CheckContext): void {
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
