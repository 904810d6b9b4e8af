/** Names that Mollie gives to settlements, balances and balance transactions; they follow from what they stand for. */
import type { PaymentRecord } from '../../core/records.ts';
import type { SettlementBatch, SettlementLine } from '../../settlement/settlement.ts';
import type { PspContext } from '../dialect.ts';
import { CURRENCIES } from './money.ts';
import { derivedId } from './place.ts';

export function settlementId(batch: SettlementBatch): string {
  return derivedId('stl', batch.id);
}

/** `1234567.2604.03`: client number, year and month, and the settlement's number. */
export function settlementReference(batch: SettlementBatch, psp: PspContext): string {
  const client = BigInt(`0x${Buffer.from(`${psp.name}-${batch.currency}`).toString('hex')}`) % 9_000_000n;
  const month = new Date(batch.toMs).toISOString().slice(2, 7).replace('-', '');
  return `${client + 1_000_000n}.${month}.${String(batch.number).padStart(2, '0')}`;
}

export function findBatch(psp: PspContext, id: string): SettlementBatch | undefined {
  return psp.settlementBatches().find((batch) => settlementId(batch) === id);
}

/** The settlement that a payment's money came with, or undefined. */
export function settlementOf(psp: PspContext, payment: PaymentRecord): string | undefined {
  const sinceMs = payment.captures[0]?.atMs;
  if (sinceMs === undefined) return undefined;
  const found = psp
    .settlementBatches()
    .find((batch) => batch.toMs >= sinceMs && paymentsIn(batch).has(payment.pspReference));
  return found === undefined ? undefined : settlementId(found);
}

/** Batches never change, and a status query must not read through a hundred thousand lines each time. */
const payments = new WeakMap<SettlementBatch, ReadonlySet<string | null>>();

function paymentsIn(batch: SettlementBatch): ReadonlySet<string | null> {
  const known = payments.get(batch);
  if (known !== undefined) return known;
  const found = new Set(batch.lines.filter(({ type }) => type === 'payment').map(({ pspReference }) => pspReference));
  payments.set(batch, found);
  return found;
}

export function balanceId(psp: PspContext, currency: string): string {
  return derivedId('bal', psp.name, currency);
}

export function currencyOfBalance(psp: PspContext, id: string): string | undefined {
  return [...CURRENCIES].find((currency) => balanceId(psp, currency) === id);
}

export function transactionId(line: SettlementLine): string {
  return derivedId('baltr', line.id);
}

export function transferId(batch: SettlementBatch): string {
  return derivedId('baltr', batch.id, 'transfer');
}
