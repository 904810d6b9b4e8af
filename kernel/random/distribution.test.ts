/** Goal: quantiles are what the parameters promise. Method: known values, and properties of the inverse function. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { checkDistribution, sampleMs, type Distribution } from './distribution.ts';
import { inverseNormal } from './inverse-normal.ts';
import { createKeyedRandom } from './keyed-random.ts';

const ms = fc.double({ min: 0.1, max: 1e5, noNaN: true });
const unit = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });

const anyDistribution: fc.Arbitrary<Distribution> = fc.oneof(
  ms.map((value): Distribution => ({ kind: 'fixed', ms: value })),
  fc.tuple(ms, ms).map(([a, b]): Distribution => ({ kind: 'uniform', minMs: Math.min(a, b), maxMs: Math.max(a, b) })),
  fc.tuple(ms, ms).map(([a, b]): Distribution => ({ kind: 'lognormal', p50Ms: Math.min(a, b), p95Ms: Math.max(a, b) })),
  ms.map((value): Distribution => ({ kind: 'exponential', meanMs: value })),
  fc
    .tuple(ms, fc.double({ min: 0.5, max: 10, noNaN: true }))
    .map(([minMs, alpha]): Distribution => ({ kind: 'pareto', minMs, alpha })),
);

function close(actual: number, expected: number, relative = 1e-9): void {
  assert.ok(Math.abs(actual - expected) <= Math.abs(expected) * relative + 1e-12, `${actual} is not ${expected}`);
}

describe('inverse normal', () => {
  it('agrees with tabled quantiles in the centre and in both tails', () => {
    const table: [number, number][] = [
      [0.5, 0],
      [0.95, 1.6448536269514722],
      [0.975, 1.959963984540054],
      [0.999, 3.090232306167813],
      [0.001, -3.090232306167813],
      [1e-9, -5.997807015007687],
      [1e-15, -7.941345326170997],
    ];
    for (const [p, z] of table) close(inverseNormal(p), z);
  });

  it('is odd around one half', () => {
    fc.assert(
      fc.property(fc.double({ min: 1e-3, max: 0.5, noNaN: true }), (p) =>
        close(inverseNormal(1 - p), -inverseNormal(p), 1e-10),
      ),
    );
  });
});

describe('distributions', () => {
  it('hit the quantiles of their parameters', () => {
    fc.assert(
      fc.property(ms, ms, (a, b) => {
        const [low, high] = [Math.min(a, b), Math.max(a, b)];
        close(sampleMs({ kind: 'lognormal', p50Ms: low, p95Ms: high }, 0.5), low);
        close(sampleMs({ kind: 'lognormal', p50Ms: low, p95Ms: high }, 0.95), high);
        close(sampleMs({ kind: 'uniform', minMs: low, maxMs: high }, 0.25), low + (high - low) / 4);
        close(sampleMs({ kind: 'exponential', meanMs: low }, 1 - Math.exp(-1)), low);
        close(sampleMs({ kind: 'pareto', minMs: low, alpha: 2 }, 0.75), low * 2);
        assert.equal(sampleMs({ kind: 'fixed', ms: low }, 0.3), low);
      }),
    );
  });

  it('give finite delays that are never negative and never shrink as the draw grows', () => {
    fc.assert(
      fc.property(anyDistribution, unit, unit, (distribution, a, b) => {
        const low = sampleMs(distribution, Math.min(a, b));
        const high = sampleMs(distribution, Math.max(a, b));
        assert.ok(Number.isFinite(high) && low >= 0 && low <= high);
        assert.ok(Number.isFinite(sampleMs(distribution, 0)));
      }),
    );
  });

  it('refuse a kind that nobody knows, in one sentence', () => {
    for (const kind of ['normal', '', undefined])
      assert.throws(
        () => checkDistribution({ kind, ms: 1 } as unknown as Distribution),
        /^RangeError: there is no distribution of the kind .*: there are fixed, uniform, lognormal, exponential, pareto$/,
      );
  });

  it('say which parameter is wrong', () => {
    assert.throws(() => checkDistribution({ kind: 'uniform', minMs: 5, maxMs: 1 }), /minMs ≤ maxMs/);
    assert.throws(() => sampleMs({ kind: 'lognormal', p50Ms: 100, p95Ms: 50 }, 0.5), /p50Ms ≤ p95Ms/);
    assert.throws(() => sampleMs({ kind: 'fixed', ms: Number.NaN }, 0.5), /ms must be/);
    assert.throws(() => sampleMs({ kind: 'pareto', minMs: 1, alpha: 0 }, 0.5), /alpha/);
    assert.throws(() => sampleMs({ kind: 'exponential', meanMs: -1 }, 0.5), /meanMs/);
  });
});

describe('distributions, measured over 100,000 keyed draws', () => {
  const DRAWS = 100_000;
  let units: Float64Array;
  before(() => {
    const random = createKeyedRandom('measured');
    // Keyed as faults are: by payment, operation and attempt.
    units = Float64Array.from({ length: DRAWS }, (_, index) =>
      random.unit('fault-draw', 'f1', 'latency', `order-${index}`, 'create-payment', 1),
    );
  });
  const Z_99_OF_Z_95 = inverseNormal(0.99) / inverseNormal(0.95);

  /** Declared p50, p95, p99. */
  const declared: readonly (readonly [Distribution, readonly [number, number, number]])[] = [
    [{ kind: 'fixed', ms: 250 }, [250, 250, 250]],
    [{ kind: 'uniform', minMs: 100, maxMs: 900 }, [500, 860, 892]],
    // p99 follows from p50 and p95: the logarithm is normal.
    [{ kind: 'lognormal', p50Ms: 200, p95Ms: 1_000 }, [200, 1_000, 200 * 5 ** Z_99_OF_Z_95]],
    [{ kind: 'lognormal', p50Ms: 40, p95Ms: 60 }, [40, 60, 40 * 1.5 ** Z_99_OF_Z_95]],
    [{ kind: 'exponential', meanMs: 300 }, [300 * Math.log(2), 300 * Math.log(20), 300 * Math.log(100)]],
    [{ kind: 'pareto', minMs: 100, alpha: 1.5 }, [100 * 2 ** (2 / 3), 100 * 20 ** (2 / 3), 100 * 100 ** (2 / 3)]],
    [{ kind: 'pareto', minMs: 20, alpha: 3 }, [20 * 2 ** (1 / 3), 20 * 20 ** (1 / 3), 20 * 100 ** (1 / 3)]],
  ];

  for (const [distribution, quantiles] of declared) {
    it(`${JSON.stringify(distribution)} has its p50, p95 and p99 within 2 %`, () => {
      const delays = units.map((unit) => sampleMs(distribution, unit)).sort();
      const measured = [0.5, 0.95, 0.99].map((share) => delays[Math.ceil(share * DRAWS) - 1] ?? Number.NaN);
      measured.forEach((value, index) => close(value, quantiles[index] ?? Number.NaN, 0.02));
    });
  }
});
