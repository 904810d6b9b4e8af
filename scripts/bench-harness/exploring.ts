/** How many virtual hours one core explores in a minute, in seeds of the newest generator. */
import { generateScenario, runScenario } from '../../scenarios/index.ts';
import { metered } from './meter.ts';
import type { Measured } from './run.ts';

const WARM_UP = 3;
const MS_PER_HOUR = 3_600_000;
const MS_PER_MINUTE = 60_000;

export async function measureExploring(seeds: number): Promise<Measured[]> {
  let hours = 0;
  let cpuMinutes = 0;
  for (let number = 1; number <= WARM_UP + seeds; number += 1) {
    const seed = `bench-${number}`;
    const { result, cpuMs } = await metered(() =>
      runScenario({ scenario: generateScenario(seed), seed, driver: 'virtual' }),
    );
    if (number <= WARM_UP) continue;
    hours += result.judged.virtualMs / MS_PER_HOUR;
    cpuMinutes += cpuMs / MS_PER_MINUTE;
  }
  return [
    {
      what: `virtual hours explored in a core-minute, ${seeds} seeds`,
      value: Math.round(hours / cpuMinutes),
      unit: 'h',
      goal: 30_000,
      atLeast: true,
      details: { virtualHours: Math.round(hours), cpuMinutes, runsPerCoreMinute: Math.round(seeds / cpuMinutes) },
    },
  ];
}
