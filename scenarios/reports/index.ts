/** Door of the reports: verdict.json, junit.xml, report.html, and the text for a terminal. */
import type { RunReport } from './report.ts';

export type { RunReport } from './report.ts';

/** Writes verdict.json, junit.xml and report.html into an existing run directory; returns their paths. */
export declare function writeReports(runDir: string, report: RunReport): { verdict: string; junit: string; html: string };

/** The failure block for a terminal (empty text when nothing failed or is unknown). */
export declare function failureBlock(report: RunReport, options?: { color?: boolean }): string;

/** One table over several runs, for the end of `assay run`. */
export declare function verdictTable(reports: readonly RunReport[], options?: { color?: boolean; width?: number }): string;
