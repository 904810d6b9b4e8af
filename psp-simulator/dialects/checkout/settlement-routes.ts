/** Reading settlement: /financial-actions with its pages, /reports with their files, /balances. */
import { isoTime } from '../../../kernel/index.ts';
import type { SettlementBatch, SettlementFile, SettlementLine } from '../../settlement/settlement.ts';
import type { Call, PspAnswer, PspContext } from '../dialect.ts';
import { jsonAnswer, notFound, refusal } from './errors.ts';
import { financialAction } from './financial-actions.ts';
import { idFrom } from './ids.ts';
import { checkoutAmount } from './money.ts';
import { pageOf } from './paging.ts';
import { currencyAccountOf } from './payouts.ts';
import { checkoutSettlement } from './settlement.ts';

const PAGE = { usual: 100, most: 100 };

/** Oldest first. A full page has a `next` link, whose token says how many came before. */
export function listFinancialActions(call: Call): PspAnswer {
  const { psp, request } = call;
  const { query } = request;
  const filters = ['payment_id', 'action_id', 'reference'].filter((name) => (query.get(name) ?? '') !== '');
  const lines: SettlementLine[] = [...psp.settlementBatches().flatMap((batch) => batch.lines), ...psp.unsettledLines()];
  const actions = lines
    .sort((left, right) => left.atMs - right.atMs)
    .map((line) => financialAction(line, psp))
    .filter((action) => filters.every((name) => action[name] === query.get(name)));
  const start = tokenStart(query.get('pagination_token'));
  const { limit } = pageOf([], query, PAGE);
  const data = actions.slice(start, start + limit);
  const more = start + data.length < actions.length;
  const self = linkTo(psp, query, {});
  const next = linkTo(psp, query, { limit: String(limit), pagination_token: tokenOf(start + data.length) });
  return jsonAnswer(200, {
    count: data.length,
    limit,
    data,
    _links: { self: { href: self }, ...(more ? { next: { href: next } } : {}) },
  });
}

export function listReports(call: Call): PspAnswer {
  const { psp, request } = call;
  const reports = [...psp.settlementBatches()].reverse();
  const { page, limit } = pageOf(reports, request.query, { usual: 50, most: 100 });
  return jsonAnswer(200, {
    count: page.length,
    limit,
    data: page.map((batch) => reportJson(batch, psp)),
    _links: { self: { href: `${psp.url}/reports` } },
  });
}

export function getReport(call: Call): PspAnswer {
  return jsonAnswer(200, reportJson(batchIn(call), call.psp));
}

export function getReportFile(call: Call): PspAnswer {
  const batch = batchIn(call);
  const file = checkoutSettlement
    .files(batch, call.psp)
    .find((candidate) => fileIdOf(candidate) === call.params['file']);
  if (file === undefined) throw notFound('file');
  return { status: 200, headers: { 'content-type': file.contentType }, body: file.body };
}

/** What the merchant holds in each currency, in minor units. */
export function getBalances(call: Call): PspAnswer {
  const { psp, request, params } = call;
  if (params['id'] !== psp.credentials['entityId']) throw notFound('entity');
  const wanted = /^currency:([A-Z]{3})$/.exec(request.query.get('query') ?? '')?.[1];
  const withAccount = request.query.get('withCurrencyAccountId') === 'true';
  const lines = psp.unsettledLines();
  const currencies = new Set(lines.map((line) => line.settlementCurrency));
  if (wanted !== undefined) currencies.add(wanted);
  const nowMs = psp.nowMs();
  const sum = (currency: string, matches: (line: SettlementLine) => boolean): number =>
    checkoutAmount(
      lines
        .filter((line) => line.settlementCurrency === currency && matches(line))
        .reduce((total, line) => total + line.netMinor, 0),
      currency,
    );
  const data = [...currencies]
    .filter((currency) => wanted === undefined || currency === wanted)
    .sort()
    .map((currency) => ({
      descriptor: `${psp.name} ${currency}`,
      holding_currency: currency,
      ...(withAccount ? { currency_account_id: currencyAccountOf(psp, currency) } : {}),
      balances: {
        pending: sum(currency, (line) => line.availableAtMs > nowMs && line.type !== 'reserve-released'),
        available: sum(currency, (line) => line.availableAtMs <= nowMs),
        // Transferred the moment a batch is closed.
        payable: 0,
        collateral: sum(currency, (line) => line.availableAtMs > nowMs && line.type === 'reserve-released'),
      },
    }));
  return jsonAnswer(200, { data });
}

function reportJson(batch: SettlementBatch, psp: PspContext): Record<string, unknown> {
  const id = reportIdOf(batch);
  const self = `${psp.url}/reports/${id}`;
  return {
    id,
    created_on: isoTime(batch.toMs),
    type: 'FinancialActionsByPayoutId',
    description: `Payout ${batch.number} in ${batch.currency}`,
    account: { client_id: psp.credentials['clientId'], entity_id: psp.credentials['entityId'] },
    from: isoTime(batch.fromMs),
    to: isoTime(batch.toMs),
    files: checkoutSettlement.files(batch, psp).map((file) => ({
      id: fileIdOf(file),
      filename: file.name,
      format: file.name.endsWith('.csv') ? 'CSV' : 'JSON',
      _links: { self: { href: `${self}/files/${fileIdOf(file)}` } },
    })),
    _links: { self: { href: self } },
  };
}

function batchIn(call: Call): SettlementBatch {
  const batch = call.psp.settlementBatches().find((candidate) => reportIdOf(candidate) === call.params['id']);
  if (batch === undefined) throw notFound('report');
  return batch;
}

function reportIdOf(batch: SettlementBatch): string {
  return idFrom('rpt', batch.id);
}

function fileIdOf(file: SettlementFile): string {
  return idFrom('file', file.name);
}

function tokenOf(start: number): string {
  return Buffer.from(`after:${start}`).toString('base64url');
}

function tokenStart(token: string | null): number {
  if (token === null || token === '') return 0;
  const start = /^after:(\d{1,9})$/.exec(Buffer.from(token, 'base64url').toString('utf8'))?.[1];
  if (start === undefined) throw refusal('pagination_token_invalid', 'pagination_token');
  return Number(start);
}

function linkTo(psp: PspContext, query: URLSearchParams, more: Record<string, string>): string {
  const all = new URLSearchParams(query);
  for (const [name, value] of Object.entries(more)) all.set(name, value);
  const text = all.toString();
  return `${psp.url}/financial-actions${text === '' ? '' : `?${text}`}`;
}
