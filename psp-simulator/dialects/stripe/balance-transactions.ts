/**
 * Balance transactions: every line of the merchant's account as Stripe shows it, and the
 * transfers to the merchant's bank. `?payout=` lists what one automatic payout consists of.
 */
import type { SettlementLine, SettlementLineType } from '../../settlement/settlement.ts';
import type { Call, PspAnswer, PspContext } from '../dialect.ts';
import { automaticPayouts, findAutomaticPayout, linesOfPayout, type AutomaticPayout } from './automatic-payouts.ts';
import { balanceTransactionIdOf, chargeIdOfCapture, intentDetails, seconds, tailOf } from './details.ts';
import { invalid, jsonAnswer, noSuch } from './errors.ts';
import { fieldsOf, refuseUnknown } from './fields.ts';
import { text } from './form.ts';
import { LIST_PARAMS, listAnswer } from './list.ts';
import { stripeFromMinor } from './money.ts';

const PLAIN_PARAMS = new Set(['expand']);
const LIST_TRANSACTION_PARAMS = new Set<string>([...LIST_PARAMS, 'currency', 'payout', 'source', 'type']);

/** Neutral line → Stripe's `type` and `reporting_category`, and a letter that keeps the ids of one record's transactions apart. */
const KINDS: Readonly<Record<SettlementLineType, { type: string; category: string; suffix: string }>> = {
  payment: { type: 'charge', category: 'charge', suffix: '' },
  refund: { type: 'refund', category: 'refund', suffix: '' },
  'refund-failed': { type: 'refund_failure', category: 'refund_failure', suffix: 'f' },
  chargeback: { type: 'adjustment', category: 'dispute', suffix: '' },
  'chargeback-reversed': { type: 'adjustment', category: 'dispute_reversal', suffix: 'r' },
  payout: { type: 'payout', category: 'payout', suffix: '' },
  'payout-returned': { type: 'payout_failure', category: 'payout_reversal', suffix: 'f' },
  fee: { type: 'stripe_fee', category: 'fee', suffix: 'e' },
  'reserve-held': { type: 'reserve_hold', category: 'risk_reserved_funds', suffix: 'h' },
  'reserve-released': { type: 'reserve_release', category: 'risk_reserved_funds', suffix: 'i' },
};

export interface Transaction {
  id: string;
  createdAtMs: number;
  /** The line that it shows; null for a transfer to the merchant's bank. */
  line: SettlementLine | null;
  type: string;
  category: string;
  source: string | null;
  description: string | null;
  /** In `currency`: before fees, the fees, after fees. */
  grossMinor: number;
  feeMinor: number;
  netMinor: number;
  currency: string;
  availableAtMs: number;
}

export function transactionOfLine(line: SettlementLine, psp: PspContext): Transaction {
  const { type, category, suffix } = KINDS[line.type];
  const { commission, interchange, scheme, markup } = line.fees;
  const payment = line.pspReference === null ? undefined : psp.bank.findPayment(line.pspReference);
  return {
    id: `${transactionIdOf(line)}${suffix}`,
    createdAtMs: line.atMs,
    line,
    type,
    category,
    source: sourceOf(line),
    description: payment === undefined ? null : intentDetails(payment).description,
    grossMinor: line.convertedMinor,
    feeMinor: commission + interchange + scheme + markup,
    netMinor: line.netMinor,
    currency: line.settlementCurrency,
    availableAtMs: line.availableAtMs,
  };
}

export function transactionOfPayout(payout: AutomaticPayout): Transaction {
  const { transferMinor, currency } = payout.batch;
  return {
    id: `txn_${tailOf(payout.id)}`,
    createdAtMs: payout.createdAtMs,
    line: null,
    type: 'payout',
    category: 'payout',
    source: payout.id,
    description: 'STRIPE PAYOUT',
    grossMinor: -transferMinor,
    feeMinor: 0,
    netMinor: -transferMinor,
    currency,
    availableAtMs: payout.createdAtMs,
  };
}

export function transactionObject(transaction: Transaction, psp: PspContext): Record<string, unknown> {
  const { currency, line } = transaction;
  const shown = (minor: number): number => stripeFromMinor(minor, currency);
  const fee = shown(transaction.feeMinor);
  const converted = line !== null && line.currency !== currency;
  return {
    id: transaction.id,
    object: 'balance_transaction',
    amount: shown(transaction.grossMinor),
    available_on: seconds(transaction.availableAtMs),
    balance_type: 'payments',
    created: seconds(transaction.createdAtMs),
    currency: currency.toLowerCase(),
    description: transaction.description,
    exchange_rate: converted ? Number(line.exchangeRate) : null,
    fee,
    fee_details:
      fee === 0
        ? []
        : [
            {
              amount: fee,
              application: null,
              currency: currency.toLowerCase(),
              description: 'Stripe processing fees',
              type: 'stripe_fee',
            },
          ],
    net: shown(transaction.netMinor),
    reporting_category: transaction.category,
    source: transaction.source,
    status: transaction.availableAtMs <= psp.nowMs() ? 'available' : 'pending',
    type: transaction.type,
  };
}

/** Everything on the account, oldest first. */
export function allTransactions(psp: PspContext): Transaction[] {
  const lines = [...psp.settlementBatches().flatMap(({ lines }) => lines), ...psp.unsettledLines()];
  return [...lines.map((line) => transactionOfLine(line, psp)), ...automaticPayouts(psp).map(transactionOfPayout)].sort(
    (a, b) => a.createdAtMs - b.createdAtMs,
  );
}

/** The transactions of one refund, dispute, charge or payout, as objects. */
export function transactionsOf(psp: PspContext, source: string): Record<string, unknown>[] {
  const lines = [...psp.settlementBatches().flatMap(({ lines }) => lines), ...psp.unsettledLines()];
  return lines
    .filter((line) => sourceOf(line) === source)
    .map((line) => transactionObject(transactionOfLine(line, psp), psp));
}

export function retrieveTransaction(call: Call): PspAnswer {
  refuseUnknown(fieldsOf(call), PLAIN_PARAMS);
  const id = call.params['id'] ?? '';
  const found = allTransactions(call.psp).find((transaction) => transaction.id === id);
  if (found === undefined) throw noSuch('balance transaction', id, { param: 'id', inPath: true });
  return jsonAnswer(200, transactionObject(found, call.psp));
}

export function listTransactions(call: Call): PspAnswer {
  const fields = fieldsOf(call);
  refuseUnknown(fields, LIST_TRANSACTION_PARAMS);
  const payout = text(fields, 'payout');
  const [type, source, currency] = ['type', 'source', 'currency'].map((name) => text(fields, name));
  const candidates = payout === undefined ? allTransactions(call.psp) : transactionsIn(call, payout);
  const items = candidates
    .filter(
      (transaction) =>
        (type === undefined || transaction.type === type) &&
        (source === undefined || transaction.source === source) &&
        (currency === undefined || transaction.currency === currency.toUpperCase()),
    )
    .map((transaction) => ({
      id: transaction.id,
      createdAtMs: transaction.createdAtMs,
      render: () => transactionObject(transaction, call.psp),
    }));
  return listAnswer(items, fields, { url: '/v1/balance_transactions', what: 'balance transaction' });
}

function transactionsIn(call: Call, id: string): Transaction[] {
  const payout = findAutomaticPayout(call.psp, id);
  if (payout !== undefined) {
    const lines = linesOfPayout(call.psp, payout).map((line) => transactionOfLine(line, call.psp));
    return [...lines, transactionOfPayout(payout)];
  }
  if (call.psp.bank.findPayout(id) === undefined) throw noSuch('payout', id, { param: 'payout' });
  throw invalid('Balance transaction history can only be filtered on automatic transfers, not manual.', {
    param: 'payout',
  });
}

/** Derived from the record that the line is about, so that a charge or refund can name its transaction before it is settled. */
function transactionIdOf(line: SettlementLine): string {
  const { pspReference, modificationReference } = line;
  if (line.type !== 'payment') {
    const about = modificationReference ?? pspReference;
    return about === null
      ? `txn_${tailOf(line.id)}`
      : balanceTransactionIdOf({ pspReference: about.replace(/_c\d+$/, '') });
  }
  const number = /_c(\d+)$/.exec(modificationReference ?? '')?.[1];
  const first = balanceTransactionIdOf({ pspReference: pspReference ?? line.id });
  return number === undefined ? first : `${first}c${number}`;
}

function sourceOf({ type, pspReference, modificationReference }: SettlementLine): string | null {
  if (type === 'fee' || type === 'reserve-held' || type === 'reserve-released') return null;
  if (type === 'payment') return modificationReference === null ? null : chargeIdOfCapture(modificationReference);
  return modificationReference ?? pspReference;
}
