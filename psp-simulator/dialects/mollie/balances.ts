/** `/v2/balances`: one per currency, the euro balance is the primary one; and the transactions in each. */
import type { SettlementLine } from '../../settlement/settlement.ts';
import type { Call, PspAnswer, PspContext } from '../dialect.ts';
import { lineTransaction, transferTransaction } from './balance-transactions.ts';
import { halAnswer, noSuch } from './errors.ts';
import { listAnswer } from './list.ts';
import type { ListItem } from './list.ts';
import { amountOf } from './money.ts';
import { documentation, halLink, mollieTime, placeOf } from './place.ts';
import type { Place } from './place.ts';
import { balanceId, currencyOfBalance, transactionId, transferId } from './settlement-ids.ts';

const PRIMARY = 'EUR';

export function listBalances(call: Call): PspAnswer {
  const { psp } = call;
  const used = [
    ...psp.unsettledLines().map((line) => line.settlementCurrency),
    ...psp.settlementBatches().map((batch) => batch.currency),
  ];
  const items = [...new Set([PRIMARY, ...used])].map((currency) => ({
    id: balanceId(psp, currency),
    render: (place: Place) => balanceObject(currency, place),
  }));
  return listAnswer(call, items.reverse(), { name: 'balances', page: 'list-balances' });
}

export function getPrimaryBalance(call: Call): PspAnswer {
  return halAnswer(200, balanceObject(PRIMARY, placeOf(call)));
}

export function getBalance(call: Call): PspAnswer {
  return halAnswer(200, balanceObject(currencyOf(call), placeOf(call)));
}

export function listBalanceTransactions(call: Call): PspAnswer {
  const currency = call.params['id'] === 'primary' ? PRIMARY : currencyOf(call);
  const items: ListItem[] = [];
  const add = (line: SettlementLine): void => {
    items.push({ id: transactionId(line), render: (place) => lineTransaction(line, place) });
  };
  for (const batch of call.psp.settlementBatches()) {
    if (batch.currency !== currency) continue;
    batch.lines.forEach(add);
    const transfer = transferTransaction(batch);
    if (transfer !== null) items.push({ id: transferId(batch), render: () => transfer });
  }
  call.psp
    .unsettledLines()
    .filter((line) => line.settlementCurrency === currency)
    .forEach(add);
  return listAnswer(call, items, { name: 'balance_transactions', page: 'list-balance-transactions' });
}

/** What can be paid out now, in minor units; may be negative. */
export function availableMinor(psp: PspContext, currency: string): number {
  const nowMs = psp.nowMs();
  return sumOf(
    psp.unsettledLines().filter((line) => line.settlementCurrency === currency && line.availableAtMs <= nowMs),
  );
}

function balanceObject(currency: string, place: Place): Record<string, unknown> {
  const { psp } = place;
  const available = availableMinor(psp, currency);
  const all = sumOf(psp.unsettledLines().filter((line) => line.settlementCurrency === currency));
  const id = balanceId(psp, currency);
  return {
    resource: 'balance',
    id,
    mode: 'live',
    createdAt: mollieTime(0),
    currency,
    description: currency === PRIMARY ? 'Primary balance' : `${currency} balance`,
    status: 'active',
    transferFrequency: 'daily',
    transferThreshold: amountOf(0, currency),
    transferReference: null,
    transferDestination: { type: 'bank-account', beneficiaryName: 'Merchant', bankAccount: 'NL02ABNA0123456789' },
    availableAmount: amountOf(available, currency),
    pendingAmount: amountOf(all - available, currency),
    _links: { self: halLink(place, `balances/${id}`), documentation: documentation('get-balance') },
  };
}

function currencyOf(call: Call): string {
  const id = call.params['id'] ?? '';
  const currency = currencyOfBalance(call.psp, id);
  if (currency === undefined) throw noSuch('balance', id);
  return currency;
}

function sumOf(lines: readonly SettlementLine[]): number {
  return lines.reduce((sum, line) => sum + line.netMinor, 0);
}
