/**
 * What a mutant is: the reference service with one decision taken wrongly, as real teams took
 * it. Mutants measure the harness, not the service: generated runs that know nothing about them
 * must expose each of them.
 */
import type { ServiceMutation } from '../drivers/index.ts';

/**
 * The canary: the mutated part calls it whenever it acts otherwise than the shipped part would.
 * A violation in a run in which it never did has another cause.
 */
export type Acted = () => void;

export interface Mutant {
  /** Lower-case words joined by hyphens, at least two. */
  name: string;
  /** What the service does now, as a short statement. */
  title: string;
  /** One sentence: what a real team did wrong. */
  breaks: string;
  /** A public incident, issue or document of this kind, where there is one. */
  precedent?: string;
  /** The invariant that says what is broken; others may notice it first. */
  against: string;
  /** Scenarios of the library that put the broken part to the test, for when generated runs did not. */
  alsoIn?: readonly string[];
  /** A fresh mutation for one run; mutants may remember things during a run, never longer. */
  mutation(acted: Acted): ServiceMutation;
}
