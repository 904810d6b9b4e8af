/**
 * How many explained decisions one core makes: five PSPs, twenty rules, the segments of the
 * simulated world with an hour of observations behind them, another payment each time.
 *
 * Two numbers: the decision with all that its explanation is made of, and the same written as
 * the JSON that is stored. The text for people is made from that JSON when somebody asks.
 */
import { routing } from '../../reference-service/index.ts';
import { PSPS, SEGMENTS } from './world.ts';

export interface SpeedResult {
  psps: number;
  rules: number;
  segments: number;
  /** Decisions of each timed round. */
  decisions: number;
  /** Median of the rounds, per second of one core. */
  decisionsPerSecond: number;
  /** The same with the stored JSON. */
  storedPerSecond: number;
  /** Length of the stored JSON, on average. */
  storedBytes: number;
  rounds: { decisionsPerSecond: number; storedPerSecond: number }[];
}

const ROUNDS = 5;
const DECISIONS = 200_000;

/** Requests that take turns: more than any cache of the processor holds in its first levels. */
const REQUESTS = 4_096;

export const BENCH_RULES: readonly routing.RuleConfig[] = [
  { name: 'local-cards', when: { method: 'card', country: 'BR', amount: { max: 500 } }, prefer: ['gamma', 'delta'] },
  { name: 'high-amounts', when: { currency: 'EUR', amount: { min: 5_000 } }, exclude: ['epsilon'] },
  { name: 'risky', when: { risk: 'elevated' }, only: ['alpha', 'beta', 'gamma'] },
  { name: 'two-banks', when: { method: 'bank', bank: ['bank-a', 'bank-b'] }, prefer: ['beta'] },
  { name: 'test-side', when: { method: 'ewallet', device: 'mobile' }, split: { alpha: 80, delta: 20 } },
  ...Array.from({ length: 15 }, (_, index): routing.RuleConfig => ({
    name: `issuers-${index}`,
    when: { method: 'card', bin: [`4${String(10 + index)}`, `5${String(20 + index)}`], country: ['DE', 'ES'] },
    prefer: [PSPS[index % PSPS.length] as string],
  })),
];

export function measureSpeed(): SpeedResult {
  const snapshot = busySnapshot();
  const draw = routing.keyedDraw('bench');
  const requests = Array.from({ length: REQUESTS }, (_, index) => requestOf(index));
  const rounds: SpeedResult['rounds'] = [];
  let storedBytes = 0;
  // One more round than is counted: the first teaches the compiler.
  for (let round = 0; round <= ROUNDS; round += 1) {
    const decided = perSecond(() => {
      let named = 0;
      for (let index = 0; index < DECISIONS; index += 1) {
        const request = requests[index % REQUESTS] as routing.RouteRequest;
        request.subjectId = `pay_${round}_${index}`;
        const decision = routing.decide(snapshot, request, draw, index);
        named += decision.ranked.length + decision.rejected.length;
      }
      if (named !== DECISIONS * PSPS.length) throw new Error('a decision forgot a PSP');
    });
    const stored = perSecond(() => {
      let bytes = 0;
      for (let index = 0; index < DECISIONS; index += 1) {
        const request = requests[index % REQUESTS] as routing.RouteRequest;
        request.subjectId = `pay_${round}_${index}`;
        bytes += JSON.stringify(routing.toStored(routing.decide(snapshot, request, draw, index))).length;
      }
      storedBytes = Math.round(bytes / DECISIONS);
    });
    if (round > 0) rounds.push({ decisionsPerSecond: decided, storedPerSecond: stored });
  }
  return {
    psps: PSPS.length,
    rules: BENCH_RULES.length,
    segments: SEGMENTS.length,
    decisions: DECISIONS,
    decisionsPerSecond: median(rounds.map((round) => round.decisionsPerSecond)),
    storedPerSecond: median(rounds.map((round) => round.storedPerSecond)),
    storedBytes,
    rounds,
  };
}

/** CPU time of this process, not the clock on the wall: other processes do not count. */
function perSecond(work: () => void): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return Math.round((DECISIONS / (user + system)) * 1_000_000);
}

function median(values: readonly number[]): number {
  return [...values].sort((one, other) => one - other)[Math.floor(values.length / 2)] ?? 0;
}

function busySnapshot(): routing.RouteSnapshot {
  const book = new routing.QualityBook(PSPS, 15 * routing.MINUTE_MS);
  const tally = new routing.ObservationTally();
  const nowMs = 60 * routing.MINUTE_MS;
  for (let minute = 0; minute < 60; minute += 1) {
    for (const { method, country, currency, base } of SEGMENTS) {
      PSPS.forEach((psp, index) => {
        const seen = { psp, operation: 'authorize', segment: `${method}|${country}|${currency}` } as const;
        for (let call = 0; call < 6; call += 1) {
          const approved = (7 * minute + 3 * call + index) % 100 < 100 * base;
          const at = minute * routing.MINUTE_MS;
          tally.add(
            { ...seen, kind: 'call', latencyMs: 300 + 100 * index + 40 * call, failed: false, slow: false },
            at,
          );
          tally.add({ ...seen, kind: approved ? 'approved' : 'declined' }, at);
        }
      });
    }
  }
  book.learn(tally.take(), nowMs);
  return {
    madeAtMs: nowMs,
    strategy: 'quality',
    psps: PSPS,
    outOfService: {},
    level: { level: 'normal', reason: 'nothing unusual', by: 'health' },
    rules: BENCH_RULES.map(routing.ruleOf),
    weights: routing.DEFAULT_WEIGHTS,
    exploration: routing.DEFAULT_EXPLORATION,
    fees: routing.feeTableOf(
      PSPS.map((psp, index) => ({ psp, basisPoints: 90 + 20 * index, fixedMinor: { EUR: 10, BRL: 40 } })),
    ),
    quality: book.view(nowMs),
  };
}

function requestOf(index: number): routing.RouteRequest {
  const segment = SEGMENTS[index % SEGMENTS.length] as (typeof SEGMENTS)[number];
  const { method, country, currency } = segment;
  return {
    operation: 'authorize',
    subjectId: '',
    playerId: `player-${index % 1_000}`,
    amountMinor: 1_000 + 997 * (index % 900),
    currency,
    method,
    country,
    device: index % 3 === 0 ? 'desktop' : 'mobile',
    bin: method === 'card' ? String(400_000 + ((index * 7_919) % 200_000)) : null,
    bank: method === 'bank' ? `bank-${'abcd'[index % 4]}` : null,
    risk: index % 20 === 0 ? 'elevated' : 'normal',
    preferred: null,
    sticky: null,
    able: PSPS,
    tried: {},
    admissions: index % 50 === 0 ? { delta: 'open' } : {},
  };
}
