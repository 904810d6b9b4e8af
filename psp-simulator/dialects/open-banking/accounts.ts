/**
 * Merchant accounts: one per currency, where payments settle and from where refunds and payouts
 * leave. Transactions come from the books, balances and statements from the settlement.
 */
import { isoTime } from '../../../kernel/index.ts';
import { PspProblem } from '../../core/problem.ts';
import type { SettlementBatch } from '../../settlement/settlement.ts';
import type { Call, PspAnswer, PspContext } from '../dialect.ts';
import { accountIban, accountId } from './account-ids.ts';
import { detailsOf } from './details.ts';
import { refuse } from './fields.ts';
import { uuidOf } from './keys.ts';
import { CURRENCIES } from './money.ts';
import { pageOf } from './paging.ts';
import { payoutStatus } from './payouts.ts';
import { refundStatus } from './refunds.ts';
import { statementFile } from './settlement.ts';
import { json, paymentSource } from './wire.ts';

export function listAccounts(call: Call): PspAnswer {
  return json(200, { items: CURRENCIES.map((currency) => accountJson(call.psp, currency)) });
}

export function getAccount(call: Call): PspAnswer {
  return json(200, accountJson(call.psp, currencyOf(call)));
}

/** What moved on the account, oldest first; `from` and `to` are times in ISO 8601. */
export function listTransactions(call: Call): PspAnswer {
  const currency = currencyOf(call);
  const fromMs = timeOf(call, 'from') ?? 0;
  const toMs = timeOf(call, 'to') ?? Number.MAX_SAFE_INTEGER;
  const within = transactionsOf(call, currency).filter(({ atMs }) => fromMs <= atMs && atMs <= toMs);
  const page = pageOf(call, within, ({ view }) => String(view['id']));
  return json(200, { ...page, items: page.items.map(({ view }) => view) });
}

export function listStatements(call: Call): PspAnswer {
  const page = pageOf(call, statementsOf(call), (batch) => String(batch.number));
  return json(200, { ...page, items: page.items.map(statementJson) });
}

export function getStatement(call: Call): PspAnswer {
  const wanted = call.params['number'] ?? '';
  const batch = statementsOf(call).find(({ number }) => String(number) === wanted);
  if (batch === undefined) throw new PspProblem('not-found', `The account has no statement ${wanted}.`);
  const { name, contentType, body } = statementFile(batch, call.psp);
  const disposition = `attachment; filename="${name}"`;
  return { status: 200, headers: { 'content-type': contentType, 'content-disposition': disposition }, body };
}

function currencyOf({ psp, params }: Call): string {
  const currency = CURRENCIES.find((known) => accountId(psp, known) === params['id']);
  if (currency === undefined) throw new PspProblem('not-found', `No merchant account has the id ${params['id']}.`);
  return currency;
}

function accountJson(psp: PspContext, currency: string): Record<string, unknown> {
  const carried = psp
    .settlementBatches()
    .filter((batch) => batch.currency === currency)
    .at(-1);
  const before = carried === undefined ? 0 : carried.netMinor + carried.carriedMinor - carried.transferMinor;
  const balance = psp
    .unsettledLines()
    .filter((line) => line.settlementCurrency === currency)
    .reduce((sum, line) => sum + line.netMinor, before);
  return {
    id: accountId(psp, currency),
    currency,
    account_identifiers: [{ type: 'iban', iban: accountIban(psp, currency) }],
    available_balance_in_minor: Math.max(0, balance),
    current_balance_in_minor: balance,
    account_holder_name: 'ASSAY MERCHANT',
  };
}

interface Transaction {
  readonly atMs: number;
  readonly view: Record<string, unknown>;
}

function transactionsOf(call: Call, currency: string): Transaction[] {
  const { bank, profile } = call.psp;
  const mine = <R extends Parameters<Call['isVisible']>[0]>(records: R[]): R[] =>
    records.filter((record) => record.currency === currency && call.isVisible(record, profile.visibilityLagMs));
  const payments = mine(bank.payments())
    .filter((payment) => payment.captures.length > 0 && detailsOf(payment).beneficiary === 'merchant_account')
    .map((payment) => {
      const atMs = payment.captures[0]?.atMs ?? payment.createdAtMs;
      const what = { type: 'merchant_account_payment', status: 'settled', settled_at: isoTime(atMs) };
      const source = { payment_source: paymentSource(payment), payment_id: payment.pspReference };
      return { atMs, view: { ...common(payment.pspReference, payment), ...what, ...source } };
    });
  const refunds = mine(bank.refunds()).map((refund) => {
    const what = { type: 'refund', status: refundStatus(refund.state), created_at: isoTime(refund.createdAtMs) };
    const ids = { refund_id: refund.pspReference, payment_id: refund.paymentPspReference };
    return { atMs: refund.createdAtMs, view: { ...common(refund.pspReference, refund), ...what, ...ids } };
  });
  const payouts = mine(bank.payouts()).map((payout) => {
    const what = { type: 'payout', status: payoutStatus(payout.state), created_at: isoTime(payout.createdAtMs) };
    const view = { ...common(payout.pspReference, payout), ...what, payout_id: payout.pspReference };
    return { atMs: payout.createdAtMs, view };
  });
  return [...payments, ...refunds, ...payouts].sort((a, b) => a.atMs - b.atMs);
}

function common(id: string, money: { amountMinor: number; currency: string }): Record<string, unknown> {
  return { id: uuidOf(`transaction ${id}`), amount_in_minor: money.amountMinor, currency: money.currency };
}

function statementsOf(call: Call): SettlementBatch[] {
  const currency = currencyOf(call);
  return call.psp.settlementBatches().filter((batch) => batch.currency === currency);
}

function statementJson(batch: SettlementBatch): Record<string, unknown> {
  return {
    number: batch.number,
    from: isoTime(batch.fromMs),
    to: isoTime(batch.toMs),
    currency: batch.currency,
    opening_balance_in_minor: batch.carriedMinor,
    closing_balance_in_minor: batch.carriedMinor + batch.netMinor - batch.transferMinor,
  };
}

function timeOf(call: Call, name: string): number | undefined {
  const text = call.request.query.get(name);
  if (text === null) return undefined;
  const atMs = Date.parse(text);
  return Number.isNaN(atMs) ? refuse(name, 'Value must be a time in ISO 8601.') : atMs;
}
