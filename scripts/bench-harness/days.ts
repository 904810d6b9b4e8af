/** Three days with 200 payments and about 1,600 deliveries, on a real SQL database, again and again. */
import { runScenario, type Scenario } from '../../scenarios/index.ts';
import { metered, percentile } from './meter.ts';
import type { Measured } from './run.ts';

/** The first runs warm the database and the compiler. */
const WARM_UP = 3;

/** Every event of a payment comes eight times, over the three days. */
export const THREE_DAYS: Scenario = {
  name: 'three-days',
  title: 'Three days of deposits with webhooks that come again and again',
  description: 'Measures the harness: 200 deposits in 72 hours, each event delivered eight times.',
  psps: [
    { name: 'stripe', dialect: 'stripe' },
    { name: 'acme', dialect: 'acme' },
  ],
  traffic: [
    {
      deposits: 200,
      every: '20m',
      amount: { min: '5.00', max: '250.00' },
      currency: 'EUR',
      psp: ['stripe', 'acme'],
      players: 8,
    },
  ],
  faults: [{ fault: 'webhook-duplicate', with: { copies: 7, mode: 'serial', gap: '3m' } }],
  heal_at: '70h',
  settle_within: '24h',
  watch_until: '72h',
};

export async function measureDays(runs: number): Promise<Measured[]> {
  const walls: number[] = [];
  const cpus: number[] = [];
  let deliveries = 0;
  for (let seed = 1; seed <= WARM_UP + runs; seed += 1) {
    const { result, wallMs, cpuMs } = await metered(() =>
      runScenario({ scenario: THREE_DAYS, seed, driver: 'virtual' }),
    );
    if (result.verdict !== 'pass') throw new Error(`seed ${seed} of the three days is ${result.verdict}`);
    deliveries = result.judged.counts.deliveries;
    if (seed <= WARM_UP) continue;
    walls.push(wallMs);
    cpus.push(cpuMs);
  }
  return [
    {
      what: `72 hours, 200 payments, ${deliveries} deliveries: p95 of ${runs} runs`,
      value: Math.round(percentile(walls, 0.95)),
      unit: 'ms',
      goal: 1_000,
      details: { medianMs: Math.round(percentile(walls, 0.5)), cpuMedianMs: Math.round(percentile(cpus, 0.5)) },
    },
  ];
}
