/**
 * The end of `assay run`: one line per scenario with its verdict, what was seen, and the
 * invariants that did not pass; below it what of the story was left out. Fits 80 columns; colours only where asked.
 */
import { durationText } from '../history/index.ts';
import { terminalPaint } from './paint.ts';
import type { Paint } from './paint.ts';
import type { RunReport } from './report.ts';

export interface TableOptions {
  color?: boolean;
}

/** One table over several runs, with a line of totals below. */
export function verdictTable(reports: readonly RunReport[], options: TableOptions = {}): string {
  const paint = terminalPaint(options.color ?? false);
  const rows = reports.map((report) => rowOf(report));
  const widths = HEAD.map((head, n) => Math.max(head.length, ...rows.map((row) => row.cells[n]?.length ?? 0)));
  const line = (cells: readonly string[], verdictPaint: (text: string) => string): string =>
    cells
      .map((cell, n) =>
        (n === 1 ? verdictPaint : same)(NUMERIC.has(n) ? cell.padStart(widths[n] ?? 0) : cell.padEnd(widths[n] ?? 0)),
      )
      .join('  ')
      .trimEnd();
  const counts = { pass: 0, fail: 0, unknown: 0 };
  for (const report of reports) counts[report.judged.verdict] += 1;
  return [
    paint.dim(line(HEAD, same)),
    ...rows.flatMap(({ cells, verdict, without }) => [
      line(cells, verdictColor(paint, verdict)),
      ...(without === undefined ? [] : [paint.dim(`  ${without}`)]),
    ]),
    '',
    `${counts.pass} passed, ${counts.fail} violated, ${counts.unknown} inconclusive`,
  ].join('\n');
}

const HEAD = ['scenario', 'verdict', 'driver', 'payments', 'covered', 'wall', 'not passed'] as const;
const NUMERIC: ReadonlySet<number> = new Set([3, 4, 5]);
const WORDS = { pass: 'PASS', fail: 'VIOLATED', unknown: 'UNKNOWN' } as const;

const same = (text: string): string => text;

interface Row {
  verdict: RunReport['judged']['verdict'];
  cells: string[];
  without: string | undefined;
}

function rowOf(report: RunReport): Row {
  const { judged } = report;
  const bad = judged.invariants
    .filter((invariant) => invariant.verdict === 'fail' || invariant.verdict === 'unknown')
    .map((invariant) => invariant.id);
  const unmet = judged.expectations.filter((expectation) => !expectation.met).length;
  const notes = [...bad, ...(unmet > 0 ? [`${unmet} expectation${unmet === 1 ? '' : 's'}`] : [])];
  return {
    verdict: judged.verdict,
    without: report.without,
    cells: [
      report.scenario,
      WORDS[judged.verdict],
      report.driver,
      String(judged.counts.payments + judged.counts.payouts),
      durationText(judged.virtualMs),
      durationText(report.wallMs),
      notes.join(' ') || '-',
    ],
  };
}

function verdictColor(paint: Paint, verdict: RunReport['judged']['verdict']): (text: string) => string {
  return verdict === 'pass' ? paint.good : verdict === 'fail' ? paint.bad : paint.doubt;
}
