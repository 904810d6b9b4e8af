/** The result of a load run for tests: one PSP and method, with the latencies that a test needs. */
import { histogramOf } from '../histogram.ts';
import type { LoadResult } from '../result.ts';

export function resultWith(segment: string, observed: number[], more: Partial<LoadResult> = {}): LoadResult {
  const none = histogramOf([]);
  return {
    schema: 1,
    verdict: 'pass',
    exitCode: 0,
    journey: 'deposit',
    profile: 'smoke',
    chaos: null,
    target: null,
    stopped: false,
    segment,
    machine: { fingerprint: 'f', cpu: 'c', cores: 2, memoryGb: 1, platform: 'p', node: 'v22', k6: 'k6 v2' },
    seconds: 20,
    measurement: {
      groups: [
        {
          ...{ kind: 'deposit', psp: 'acme', method: 'card', started: observed.length, done: observed.length },
          ...{ observed: histogramOf(observed), server: none, atPsp: none, own: none },
          ...{ simulator: none, withoutSimulator: none },
        },
      ],
      slices: [],
      sliceSeconds: 1,
      errors: {},
    },
    missedThresholds: [],
    knee: null,
    comparison: null,
    faults: [],
    invariants: [{ id: 'I1', title: 'Once', verdict: 'pass', checked: 1, violations: 0, reason: '' }],
    credited: { deposits: observed.length, wrongly: 0 },
    outDir: 'o',
    ...more,
  };
}
