/**
 * What a report is made of: the run's settings and outcome from the runner, the judgement, and
 * the history. All writers in this folder take this one shape.
 */
import type { HistoryEvent } from '../history/vocabulary.ts';
import type { JudgedRun } from '../invariants/judge.ts';

/** Which fault struck while which state of a payment was open, and what was wished for. */
export interface CoverageTable {
  states: readonly string[];
  faults: readonly string[];
  /** Cells that were exercised, with how often. */
  hits: readonly { state: string; fault: string; count: number }[];
  /** Cells that cannot be, each with its reason. */
  infeasible: readonly { state: string; fault: string; reason: string }[];
  /** What a run like this should see sometimes. */
  goals: readonly { text: string; reached: boolean }[];
}

export interface RunReport {
  scenario: string;
  title: string;
  /** The scenario's paragraph on why it matters. */
  description?: string;
  /** What of the story was left out and why, a sentence; absent when it was told whole. */
  without?: string;
  driver: 'virtual' | 'http';
  seed: string;
  /** SHA-256 of the canonical history. */
  fingerprint: string;
  version: string;
  /** Wall time of the run's start, ISO 8601; absent where a run must be repeatable to the byte. */
  startedAt?: string;
  wallMs: number;
  /** The exact command that repeats the run. */
  replay: string;
  /** Settings worth showing beside the verdict, in order: label and text. */
  settings?: readonly (readonly [label: string, text: string])[];
  /** Where the run knows it. */
  coverage?: CoverageTable;
  judged: JudgedRun;
  events: readonly HistoryEvent[];
}
