/**
 * What went wrong, as text: per failed invariant the contradiction in one sentence, a timeline
 * of at most twelve lines, and the command that repeats the run. Terminal, JUnit and HTML
 * print this same text; only the terminal adds colour.
 */
import { buildRunModel } from '../history/index.ts';
import type { RunModel } from '../history/index.ts';
import type { JudgedInvariant, Violation } from '../invariants/index.ts';
import { TIMELINE_LINES, minimalTimeline } from './minimal-timeline.ts';
import { plainPaint } from './paint.ts';
import type { Paint } from './paint.ts';
import type { RunReport } from './report.ts';

/** Violations told in full per invariant; the rest is counted and stays in verdict.json. */
export const TOLD_PER_INVARIANT = 3;

export interface FailureText {
  invariant: JudgedInvariant;
  /** The block without colours, lines joined by newlines. */
  text: string;
}

/** One block per failed invariant, in the order of the catalogue. */
export function failureTexts(
  report: RunReport,
  run: RunModel = buildRunModel(report.events),
  paint: Paint = plainPaint,
): FailureText[] {
  return report.judged.invariants
    .filter((invariant) => invariant.verdict === 'fail')
    .map((invariant) => ({ invariant, text: blockOf(report, run, invariant, paint) }));
}

function blockOf(report: RunReport, run: RunModel, invariant: JudgedInvariant, paint: Paint): string {
  const count = invariant.violations.length;
  const told = invariant.violations.slice(0, TOLD_PER_INVARIANT);
  const lines = [
    `${paint.bad('VIOLATED')}  ${paint.strong(`${invariant.id} ${invariant.title}`)}  ${paint.dim(`${count} violation${count === 1 ? '' : 's'}`)}`,
    ...told.flatMap((violation) => [
      '',
      `  ${paint.strong(violation.contradiction)}`,
      `  Cannot both be true: ${violation.facts[0]} | ${violation.facts[1]}`,
      '',
      ...timelineText(run, violation, paint),
    ]),
    ...(count > told.length ? ['', `  ${count - told.length} more in verdict.json.`] : []),
    '',
    `  Reproduce with: ${report.replay}`,
  ];
  return lines.join('\n');
}

/** The timeline of one violation: a time column, a who column, the text; witnesses are marked. */
export function timelineText(run: RunModel, violation: Violation, paint: Paint = plainPaint): string[] {
  const lines = minimalTimeline(run, violation).slice(0, TIMELINE_LINES);
  const timeWidth = Math.max(0, ...lines.map((line) => line.time.length));
  const whoWidth = Math.max(0, ...lines.map((line) => line.who.length));
  return lines.map((line) => {
    const mark = line.witness ? paint.bad('>') : ' ';
    const text = line.witness ? paint.strong(line.text) : line.text;
    return `  ${mark} ${paint.dim(line.time.padStart(timeWidth))}  ${line.who.padEnd(whoWidth)}  ${text}`;
  });
}

/** Why a run that violates nothing is still not a pass: unknown invariants and unmet expectations. */
export function openQuestions(report: RunReport): string[] {
  const unknown = report.judged.invariants
    .filter((invariant) => invariant.verdict === 'unknown')
    .map((invariant) => `${invariant.id} ${invariant.title}: ${invariant.reason ?? 'unknown'}.`);
  const unmet = report.judged.expectations
    .filter((expectation) => !expectation.met)
    .map((expectation) => `Not seen: ${expectation.text}.`);
  return [...unknown, ...unmet];
}
