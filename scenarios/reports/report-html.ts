/** report.html: the run on one self-contained page. */
import type { RunModel } from '../history/index.ts';
import { failureTexts, openQuestions } from './failure-block.ts';
import { escapeXml } from './junit-xml.ts';
import type { RunReport } from './report.ts';

export function reportHtml(report: RunReport, run: RunModel): string {
  const blocks = failureTexts(report, run).map((block) => `<pre>${escapeXml(block.text)}</pre>`);
  const open = openQuestions(report).map((line) => `<p>${escapeXml(line)}</p>`);
  return `<!doctype html><html lang="en"><meta charset="utf-8"><title>${escapeXml(report.scenario)}</title><h1>${report.judged.verdict}</h1>${[...blocks, ...open].join('')}</html>\n`;
}
