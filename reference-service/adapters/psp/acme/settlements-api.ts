/** Settlement files by acme's API: the closed settlements, oldest first, each with one CSV file. */
import type { FetchableSettlement } from '../../../ports/settlement.ts';
import { objectsOf, textOf } from '../fields.ts';
import type { AcmeClient } from './client.ts';

const PAGE_SIZE = 100;
/** One a day and currency: more than that is no list of settlements. */
const MOST_PAGES = 100;

/** @throws Error when acme does not answer with its list */
export async function fetchSettlements(client: AcmeClient, sinceMs: number): Promise<FetchableSettlement[]> {
  const found: FetchableSettlement[] = [];
  let after = '';
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const answer = await client.get(`/settlements?limit=${PAGE_SIZE}${after}`);
    if (answer.kind !== 'ok') throw new Error(`acme does not list its settlements: ${answer.failure.reason}`);
    const settlements = objectsOf(answer.body, 'data');
    if (settlements === null) throw new Error('acme answered its settlements without a list');
    for (const settlement of settlements) {
      const id = textOf(settlement, 'settlement_id');
      if (id === null) throw new Error('acme lists a settlement without an id');
      after = `&starting_after=${encodeURIComponent(id)}`;
      const closedAt = Date.parse(textOf(settlement, 'to') ?? '');
      if (Number.isNaN(closedAt)) throw new Error(`acme does not say when settlement ${id} was closed`);
      if (closedAt >= sinceMs) found.push(fileOf(client, id));
    }
    if (answer.body['has_more'] !== true) return found;
  }
  throw new Error(`acme lists more than ${PAGE_SIZE * MOST_PAGES} settlements`);
}

function fileOf(client: AcmeClient, id: string): FetchableSettlement {
  const fileName = `acme-settlement-${id}.csv`;
  return { id, fileName, read: () => client.download(`/settlements/${encodeURIComponent(id)}/file`) };
}
