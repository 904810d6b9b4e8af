/**
 * A load profile: how many deposits start per second, for how long, and what must hold.
 * Pure arithmetic, no k6 import, so that mocha can test it too.
 */

export interface DepositProfile {
  /** New deposits per second (open model: they start whether or not earlier ones finished). */
  ratePerSecond: number;
  durationSeconds: number;
  /** How long an iteration may take at the 99th percentile, for planning virtual users. */
  expectedP99Ms: number;
  /** A deposit not credited after this many milliseconds counts as this many milliseconds. */
  budgetMs: number;
  /** Share of deposits (0 to 1) that go through a 3DS challenge. */
  threeDsShare: number;
  /** Threshold: 95th percentile of init → wallet credited as the client sees it. */
  p95ObservedMs: number;
  /** Names of the PSPs to spread the deposits over, in turn. */
  psps: string[];
}

export interface LoadProfile {
  name: string;
  purpose: string;
  deposit: DepositProfile;
}

/** Little's law with a margin of 30 %: enough virtual users that no iteration has to wait for one. */
export function plannedVirtualUsers(profile: DepositProfile): { preAllocatedVUs: number; maxVUs: number } {
  const busy = profile.ratePerSecond * (profile.expectedP99Ms / 1000);
  const preAllocatedVUs = Math.max(1, Math.ceil(busy * 1.3));
  return { preAllocatedVUs, maxVUs: preAllocatedVUs * 3 };
}

/**
 * Which PSP and card iteration `i` uses. Depends on `i` alone, so two runs send the same
 * traffic: PSPs in turn, and within each PSP every n-th deposit is challenged such that the
 * share of challenges is exact over any long run.
 */
export function planIteration(profile: DepositProfile, i: number): { psp: string; card: 'card_ok' | 'card_3ds' } {
  const psp = profile.psps[i % profile.psps.length];
  if (psp === undefined) throw new Error('the profile names no PSP; list at least one under "psps"');
  const turn = Math.floor(i / profile.psps.length);
  const challenged = Math.floor((turn + 1) * profile.threeDsShare) > Math.floor(turn * profile.threeDsShare);
  return { psp, card: challenged ? 'card_3ds' : 'card_ok' };
}

/**
 * k6 thresholds of the deposit journey. A tagged threshold per PSP is needed for k6 to report
 * that PSP at all, and `count>0` because k6 lets a threshold on a metric without samples pass
 * (grafana/k6#4283).
 */
export function depositThresholds(profile: DepositProfile): Record<string, string[]> {
  const thresholds: Record<string, string[]> = {
    dropped_iterations: ['count==0'],
    deposit_started: ['count>0'],
    deposit_credited: ['rate>0.999'],
    deposit_e2e_observed_ms: [`p(95)<${profile.p95ObservedMs}`],
    deposit_e2e_server_ms: ['p(95)>=0'],
    deposit_init_ms: ['p(95)>=0'],
  };
  for (const psp of profile.psps) {
    thresholds[`deposit_e2e_observed_ms{psp:${psp}}`] = [`p(95)<${profile.p95ObservedMs}`];
    thresholds[`deposit_started{psp:${psp}}`] = ['count>0'];
  }
  return thresholds;
}
