/**
 * A check: one thing that a PSP must do, under an id that never changes, with a sentence why.
 * What it finds is pass, fail or unknown; what was not observed is never a pass.
 */

export const STAGES = ['preflight', 'static', 'calls', 'webhooks', 'vectors', 'semantics'] as const;
export type Stage = (typeof STAGES)[number];

export type Finding =
  | { verdict: 'pass'; note?: string }
  | { verdict: 'fail'; expected: string; got: string; curl?: string }
  | { verdict: 'unknown'; reason: string };

export interface Check<World> {
  /** `<stage>.<words-with-dashes>`; appears in reports, in `--only` and in `deviations`. */
  id: string;
  stage: Stage;
  title: string;
  /** What our service would do wrong without it. */
  why: string;
  run(world: World): Promise<Finding>;
}

export interface Result {
  id: string;
  stage: Stage;
  title: string;
  why: string;
  finding: Finding;
  ms: number;
  /** A deviation that the configuration tolerates, and until when. */
  tolerated?: { reason: string; until: string };
}

export const pass = (note?: string): Finding => (note === undefined ? { verdict: 'pass' } : { verdict: 'pass', note });
export const unknown = (reason: string): Finding => ({ verdict: 'unknown', reason });
export const fail = (expected: string, got: string, curl?: string): Finding => ({
  verdict: 'fail',
  expected,
  got,
  ...(curl === undefined ? {} : { curl }),
});

/** `A payment, by its id` → `a-payment-by-its-id`. */
export function slug(words: string): string {
  return words
    .toLowerCase()
    .replaceAll("'", '')
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '');
}
