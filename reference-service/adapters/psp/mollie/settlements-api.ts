/**
 * Settlements by Mollie's API, as the two documents that `settlement.ts` reads: the settlement
 * object, and its movements. Mollie's list of movements does not say of a payment which settlement
 * it came with; the settlement's own lists of payments and captures do. Everything else is
 * settled at once, with the first settlement that is closed after it.
 *
 *   settlement ─► its payments and captures ┐
 *   balance ────► its movements ────────────┴─► those of this settlement
 *
 * Read with an access token: an API key may not see balances and settlements.
 */
import type { PspAdapterPorts, PspConfig } from '../../../ports/psp-adapter.ts';
import type { FetchableSettlement } from '../../../ports/settlement.ts';
import { isObject, parseObject, type JsonObject } from '../exchange.ts';
import { objectOf, objectsOf, textOf } from '../fields.ts';

const PAGE_SIZE = 250;
/** A million movements of one balance. */
const MOST_PAGES = 4_000;
/** No payment waits longer for its settlement. */
const LONGEST_WAIT_MS = 60 * 86_400_000;

type Get = (pathOrUrl: string) => Promise<JsonObject>;

interface Listed {
  id: string;
  reference: string;
  balanceId: string;
  createdAt: number;
  /** When the settlement of this balance before it was closed. */
  sinceMs: number;
}

/** @throws Error when Mollie does not answer with its whole list: a file that is left out would never be missed */
export async function fetchSettlements(
  { baseUrl, credentials }: PspConfig,
  ports: PspAdapterPorts,
  sinceMs: number,
): Promise<FetchableSettlement[]> {
  const get: Get = async (path) => {
    const { status, body } = await ports.network.request({
      method: 'GET',
      url: `${baseUrl}/v2/${path}`,
      headers: { accept: 'application/hal+json', authorization: `Bearer ${credentials['accessToken'] ?? ''}` },
      timeoutMs: ports.timeoutMs,
    });
    const answer = status === 200 ? parseObject(body.toString('utf8')) : null;
    if (answer === null) throw new Error(`mollie answered ${status} for ${path.split('?')[0] ?? ''}`);
    return answer;
  };
  const listed = await listSettlements(get, sinceMs);
  return listed.filter(({ createdAt }) => createdAt >= sinceMs).flatMap((one) => filesOf(get, one));
}

/** Oldest first. Of each balance one more than was asked for, because a settlement begins where the one before it ends. */
async function listSettlements(get: Get, sinceMs: number): Promise<Listed[]> {
  const found: Omit<Listed, 'sinceMs'>[] = [];
  for await (const settlement of itemsOf(get, 'settlements', 'settlements')) {
    const [id, reference, balanceId] = ['id', 'reference', 'balanceId'].map((key) => textOf(settlement, key));
    if (id == null || balanceId == null) throw new Error('mollie lists a settlement without its ids');
    const createdAt = timeOf(settlement);
    found.push({ id, reference: reference ?? id, balanceId, createdAt });
    if (createdAt < sinceMs - LONGEST_WAIT_MS) break;
  }
  const closed = new Map<string, number>();
  return found.reverse().map((one) => {
    const before = closed.get(one.balanceId) ?? -Infinity;
    closed.set(one.balanceId, one.createdAt);
    return { ...one, sinceMs: before };
  });
}

function filesOf(get: Get, settlement: Listed): FetchableSettlement[] {
  const { id, reference } = settlement;
  const file = (name: string, read: () => Promise<JsonObject>): FetchableSettlement => ({
    id: `${id}${name}`,
    fileName: `settlement_${reference}${name}.json`,
    read: async () => Buffer.from(JSON.stringify(await read())),
  });
  return [
    file('', () => get(`settlements/${encodeURIComponent(id)}`)),
    file('_balance_transactions', async () => {
      const movements = await movementsOf(get, settlement);
      return { count: movements.length, _embedded: { balance_transactions: movements } };
    }),
  ];
}

async function movementsOf(get: Get, { id, balanceId, createdAt, sinceMs }: Listed): Promise<JsonObject[]> {
  const settled = new Set<string>();
  for (const part of ['payments', 'captures'])
    for await (const item of itemsOf(get, `settlements/${encodeURIComponent(id)}/${part}`, part))
      settled.add(textOf(item, 'id') ?? '');
  const movements: JsonObject[] = [];
  const path = `balances/${encodeURIComponent(balanceId)}/transactions`;
  for await (const movement of itemsOf(get, path, 'balance_transactions')) {
    const at = timeOf(movement);
    if (at < Math.min(sinceMs, createdAt - LONGEST_WAIT_MS)) break;
    if (isPartOf(movement, { id, settled, isInTime: at > sinceMs && at <= createdAt })) movements.push(movement);
  }
  return movements.reverse();
}

function isPartOf(
  movement: JsonObject,
  { id, settled, isInTime }: { id: string; settled: ReadonlySet<string>; isInTime: boolean },
): boolean {
  const [context] = Object.values(objectOf(movement, 'context') ?? {}).filter(isObject);
  switch (textOf(movement, 'type')) {
    case 'payment':
      return settled.has(textOf(context ?? null, 'paymentId') ?? '');
    case 'capture':
      return settled.has(textOf(context ?? null, 'captureId') ?? '');
    case 'outgoing-transfer':
    case 'canceled-outgoing-transfer':
      return textOf(context ?? null, 'settlementId') === id;
    default:
      return isInTime;
  }
}

/** All pages of a list, newest first. */
async function* itemsOf(get: Get, path: string, name: string): AsyncGenerator<JsonObject> {
  let from = '';
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const answer = await get(`${path}?limit=${PAGE_SIZE}${from}`);
    const items = objectsOf(objectOf(answer, '_embedded'), name);
    if (items === null) throw new Error(`mollie answered ${path} without its list`);
    yield* items;
    const next = textOf(objectOf(objectOf(answer, '_links'), 'next'), 'href');
    if (next === null) return;
    // Of the link only the place in the list is taken: where requests with our token go is configured.
    from = `&from=${encodeURIComponent(new URL(next).searchParams.get('from') ?? '')}`;
  }
  throw new Error(`mollie's list ${path} has no end`);
}

function timeOf(item: JsonObject): number {
  const at = Date.parse(textOf(item, 'createdAt') ?? '');
  if (Number.isNaN(at)) throw new Error('mollie lists something without its time');
  return at;
}
