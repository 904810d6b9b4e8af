/** Settings of the conformance suites: the seed of what is generated, and how much of it. */

export interface ConformanceConfig {
  /** The same seed makes the same calls. */
  seed: number;
  /** Valid calls per operation. */
  runs: number;
}

/** `OPENAPI_SEED` and `OPENAPI_RUNS`; by default the same calls every time, few enough for every test run. */
export function conformanceConfig(): ConformanceConfig {
  return { seed: numberOf('OPENAPI_SEED', 1), runs: numberOf('OPENAPI_RUNS', 10) };
}

function numberOf(name: string, otherwise: number): number {
  const text = process.env[name];
  const number = Number(text ?? otherwise);
  if (!Number.isSafeInteger(number) || number < 1) throw new Error(`${name} is a whole number from 1, not ${text}`);
  return number;
}
