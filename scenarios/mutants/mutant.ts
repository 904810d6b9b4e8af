/**
 * What a mutant is: the reference service with one decision taken wrongly, as real teams took
 * it. Mutants measure the harness, not the service: generated runs that know nothing about them
 * must expose each of them.
 */
import type { ServiceMutation } from '../drivers/index.ts';

export interface Mutant {
  /** Lower-case words joined by hyphens, at least two. */
  name: string;
  /** What the service does now, as a short statement. */
  title: string;
  /** One sentence: what a real team did wrong. */
  breaks: string;
  /** A public incident or issue of this kind, where there is one. */
  precedent?: string;
  /** A fresh mutation for one run; mutants may remember things during a run, never longer. */
  mutation(): ServiceMutation;
}
