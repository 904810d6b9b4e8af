/**
 * The statements of our merchant accounts as the provider offers them. Which accounts there are is
 * configured, because money goes to no other.
 */
import type { FetchableSettlement } from '../../../ports/settlement.ts';
import type { JsonObject } from '../exchange.ts';
import { integerOf, objectOf, objectsOf, textOf } from '../fields.ts';
import type { BankClient } from './client.ts';

const PAGE_SIZE = 500;
/** Statements come daily: three pages are four years of one account. */
const MAX_PAGES = 3;

/** @throws Error when the provider does not answer with its whole list: a file that is left out would never be missed */
export async function fetchSettlements(
  client: BankClient,
  accountIds: readonly string[],
  sinceMs: number,
): Promise<FetchableSettlement[]> {
  const found: { atMs: number; settlement: FetchableSettlement }[] = [];
  for (const accountId of accountIds) {
    const path = `/v3/merchant-accounts/${encodeURIComponent(accountId)}/statements`;
    for (const statement of await listStatements(client, path)) {
      const number = integerOf(statement, 'number');
      const atMs = Date.parse(textOf(statement, 'to') ?? '');
      if (number === null || Number.isNaN(atMs))
        throw new Error('the provider listed a statement without number or end');
      const id = `${accountId}-${number}`;
      const read = (): Promise<Buffer> => client.download(`${path}/${number}`);
      if (atMs >= sinceMs) found.push({ atMs, settlement: { id, fileName: `camt053-${id}.xml`, read } });
    }
  }
  return found.sort((one, other) => one.atMs - other.atMs).map(({ settlement }) => settlement);
}

async function listStatements(client: BankClient, path: string): Promise<JsonObject[]> {
  const statements: JsonObject[] = [];
  let cursor: string | null = null;
  for (let page = 0; page < MAX_PAGES; page += 1) {
    const next: string = cursor === null ? '' : `&cursor=${encodeURIComponent(cursor)}`;
    const answer = await client.get(`${path}?limit=${PAGE_SIZE}${next}`);
    if (answer.kind !== 'ok') throw new Error(`the provider does not list its statements: ${answer.failure.reason}`);
    const items = objectsOf(answer.body, 'items');
    if (items === null) throw new Error('the provider answered its statements without a list');
    statements.push(...items);
    cursor = textOf(objectOf(answer.body, 'pagination'), 'next_cursor');
    if (cursor === null) return statements;
  }
  throw new Error(`the provider lists more than ${PAGE_SIZE * MAX_PAGES} statements of one account`);
}
