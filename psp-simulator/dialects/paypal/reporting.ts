/**
 * Transaction search and balances: everything that moved money, settled or not, oldest first.
 * It follows the books with the profile's `visibilityLagMs`; PayPal says up to three hours.
 */
import type { SettlementLine } from '../../settlement/settlement.ts';
import type { Call, PspAnswer, PspContext } from '../dialect.ts';
import { jsonAnswer, invalidRequest } from './errors.ts';
import { countIn, isoSeconds, timeIn } from './fields.ts';
import { paypalMoney } from './money.ts';
import { transactionOf, type Transaction } from './transaction-codes.ts';

const DAY_MS = 86_400_000;
/** PayPal searches a month at a time. */
const LONGEST_RANGE_MS = 31 * DAY_MS;
const DEFAULT_PAGE_SIZE = 100;
const MOST_PER_PAGE = 500;

export function searchTransactions(call: Call): PspAnswer {
  const { psp } = call;
  const { startMs, endMs } = rangeOf(call);
  const size = countIn(call, 'page_size', { least: 1, most: MOST_PER_PAGE, fallback: DEFAULT_PAGE_SIZE });
  const page = countIn(call, 'page', { least: 1, most: 2_147_483_647, fallback: 1 });
  const found = linesOf(psp)
    .filter((line) => line.atMs >= startMs && line.atMs <= endMs && isSearchable(line, call))
    .map((line) => ({ line, transaction: transactionOf(line, psp) }))
    .filter(filterOf(call));
  const pages = Math.max(1, Math.ceil(found.length / size));
  return jsonAnswer(200, {
    transaction_details: found.slice((page - 1) * size, page * size).map((entry) => detail(entry, psp)),
    account_number: psp.credentials['merchantId'],
    start_date: offsetTime(startMs),
    end_date: offsetTime(endMs),
    last_refreshed_datetime: offsetTime(psp.nowMs() - psp.profile.visibilityLagMs),
    page,
    total_items: found.length,
    total_pages: pages,
    links: pageLinks(call, page, pages),
  });
}

/** What the merchant's balance is before the next transfer to the bank. */
export function showBalances(call: Call): PspAnswer {
  const { psp, request } = call;
  const wanted = request.query.get('currency_code');
  const sums = new Map<string, number>();
  for (const line of psp.unsettledLines())
    sums.set(line.settlementCurrency, (sums.get(line.settlementCurrency) ?? 0) + line.netMinor);
  const balances = [...sums]
    .filter(([currency]) => wanted === null || wanted === '' || wanted === 'ALL' || wanted === currency)
    .sort(([a], [b]) => a.localeCompare(b))
    .map(([currency, minor], index) => ({
      currency,
      primary: index === 0,
      total_balance: paypalMoney(minor, currency),
      available_balance: paypalMoney(minor, currency),
      withheld_balance: paypalMoney(0, currency),
    }));
  const now = offsetTime(psp.nowMs());
  return jsonAnswer(200, {
    balances,
    account_id: psp.credentials['merchantId'],
    as_of_time: now,
    last_refresh_time: now,
  });
}

interface Found {
  line: SettlementLine;
  transaction: Transaction;
}

function linesOf(psp: PspContext): SettlementLine[] {
  return [...psp.settlementBatches().flatMap((batch) => batch.lines), ...psp.unsettledLines()].sort(
    (a, b) => a.atMs - b.atMs,
  );
}

/** Lines follow by the time of the transaction; a fault may hide its payment for longer. */
function isSearchable(line: SettlementLine, call: Call): boolean {
  const { psp } = call;
  const lagMs = psp.profile.visibilityLagMs;
  if (psp.nowMs() - line.atMs < lagMs) return false;
  const id = line.pspReference ?? '';
  const record = psp.bank.findPayment(id) ?? psp.bank.findPayout(id);
  return record === undefined || call.isVisible(record, lagMs);
}

function filterOf({ request: { query } }: Call): (found: Found) => boolean {
  const equals = (name: string, actual: string): boolean => {
    const wanted = query.get(name);
    return wanted === null || wanted === '' || wanted === actual;
  };
  return ({ line, transaction }) =>
    equals('transaction_id', transaction.id) &&
    equals('transaction_type', transaction.eventCode) &&
    equals('transaction_currency', line.currency) &&
    equals('transaction_status', 'S');
}

function detail({ line, transaction }: Found, psp: PspContext): Record<string, unknown> {
  const { commission, interchange, scheme, markup } = line.fees;
  const feeMinor = commission + interchange + scheme + markup;
  const at = offsetTime(line.atMs);
  return {
    transaction_info: {
      paypal_account_id: psp.credentials['merchantId'],
      transaction_id: transaction.id,
      ...(transaction.referenceId === null
        ? {}
        : { paypal_reference_id: transaction.referenceId, paypal_reference_id_type: transaction.referenceType }),
      transaction_event_code: transaction.eventCode,
      transaction_initiation_date: at,
      transaction_updated_date: at,
      transaction_amount: paypalMoney(line.grossMinor, line.currency),
      ...(feeMinor === 0 ? {} : { fee_amount: paypalMoney(-feeMinor, line.settlementCurrency) }),
      transaction_status: 'S',
      ...(transaction.invoiceId === null ? {} : { invoice_id: transaction.invoiceId }),
      ...(transaction.customId === null ? {} : { custom_field: transaction.customId }),
      protection_eligibility: '02',
    },
  };
}

function rangeOf(call: Call): { startMs: number; endMs: number } {
  const startMs = timeIn(call, 'start_date');
  const endMs = timeIn(call, 'end_date');
  if (startMs === undefined || endMs === undefined)
    throw invalidRequest({
      field: startMs === undefined ? 'start_date' : 'end_date',
      location: 'query',
      issue: 'MISSING_REQUIRED_PARAMETER',
      description: 'Missing required parameters: start_date and end_date.',
    });
  if (endMs < startMs || endMs - startMs > LONGEST_RANGE_MS)
    throw invalidRequest({
      field: 'end_date',
      location: 'query',
      issue: 'INVALID_DATE_RANGE',
      description: 'Date range is greater than 31 days, or it ends before it starts.',
    });
  return { startMs, endMs };
}

function pageLinks({ psp, request }: Call, page: number, pages: number): unknown[] {
  const url = (number: number): string => {
    const query = new URLSearchParams(request.query);
    query.set('page', String(number));
    return `${psp.url}/v1/reporting/transactions?${query.toString()}`;
  };
  const link = (number: number, rel: string): unknown => ({ href: url(number), rel, method: 'GET' });
  return [
    link(page, 'self'),
    ...(page > 1 ? [link(1, 'first'), link(page - 1, 'prev')] : []),
    ...(page < pages ? [link(page + 1, 'next'), link(pages, 'last')] : []),
  ];
}

/** `2026-11-23T09:44:40+0000`, as the reporting API writes it. */
function offsetTime(epochMs: number): string {
  return isoSeconds(epochMs).replace('Z', '+0000');
}
