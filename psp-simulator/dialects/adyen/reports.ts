/** Downloading a report: the file that REPORT_AVAILABLE names, as often as the merchant likes. */
import type { Call, PspAnswer } from '../dialect.ts';
import { notFound } from './errors.ts';
import { reportNamed } from './settlement.ts';

export function downloadReport({ psp, params }: Call): PspAnswer {
  const report =
    params['account'] === psp.credentials['merchantAccount'] ? reportNamed(params['file'] ?? '', psp) : undefined;
  if (report === undefined) throw notFound('There is no such report.');
  return { status: 200, headers: { 'content-type': report.contentType }, body: report.body };
}
