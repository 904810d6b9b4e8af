/**
 * Settlement files by API: GET /reports lists one report per payout, newest first, with its
 * files. Only the CSV files are taken; the JSON ones say the same again.
 */
import type { FetchableSettlement } from '../../../ports/settlement.ts';
import type { JsonObject } from '../exchange.ts';
import { objectsOf, textOf } from '../fields.ts';
import type { CheckoutClient } from './client.ts';

const PAGE_SIZE = 100;
/** Payouts come daily: a thousand are almost three years of one currency. */
const MOST_REPORTS = 1_000;

/** @throws Error when Checkout.com does not answer with its whole list: a file that is left out would never be missed */
export async function fetchSettlements(client: CheckoutClient, sinceMs: number): Promise<FetchableSettlement[]> {
  const found: FetchableSettlement[] = [];
  for (let skip = 0; skip < MOST_REPORTS; skip += PAGE_SIZE) {
    const answer = await client.get(`/reports?limit=${PAGE_SIZE}&skip=${skip}`);
    if (answer.kind !== 'ok') throw new Error(`checkout does not list its reports: ${answer.failure.reason}`);
    const page = objectsOf(answer.body, 'data');
    if (page === null) throw new Error('checkout answered its reports without a list');
    const recent = page.filter((report) => createdAt(report) >= sinceMs);
    found.push(...recent.flatMap((report) => filesOf(client, report).reverse()));
    if (page.length < PAGE_SIZE || recent.length < page.length) return found.reverse();
  }
  throw new Error(`checkout lists more than ${MOST_REPORTS} reports`);
}

function createdAt(report: JsonObject): number {
  const epochMs = Date.parse(textOf(report, 'created_on') ?? '');
  if (Number.isNaN(epochMs)) throw new Error('checkout lists a report without a date');
  return epochMs;
}

function filesOf(client: CheckoutClient, report: JsonObject): FetchableSettlement[] {
  const reportId = textOf(report, 'id');
  const files = objectsOf(report, 'files');
  if (reportId === null || files === null) throw new Error('checkout lists a report without id or files');
  return files.flatMap((file) => {
    const id = textOf(file, 'id');
    const fileName = textOf(file, 'filename');
    if (id === null || fileName === null) throw new Error('checkout lists a report with a file that has no name');
    if (!fileName.endsWith('.csv')) return [];
    const read = async (): Promise<Buffer> => {
      const bytes = await client.download(`/reports/${encodeURIComponent(reportId)}/files/${encodeURIComponent(id)}`);
      if (bytes === null) throw new Error(`checkout does not hand out ${fileName} now`);
      return bytes;
    };
    return [{ id, fileName, read }];
  });
}
