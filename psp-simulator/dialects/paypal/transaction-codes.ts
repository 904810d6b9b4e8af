/**
 * Settlement line → what PayPal's reports call a transaction: its event code (T-code), its id,
 * and the transaction it refers to. The settlement report and the transaction search share it.
 */
import type { SettlementLine, SettlementLineType } from '../../settlement/settlement.ts';
import type { PspContext } from '../dialect.ts';
import { orderDetails } from './details.ts';
import { codeFrom } from './ids.ts';
import { transactionIdOf } from './payout-wire.ts';

const EVENT_CODES: Readonly<Record<SettlementLineType, string>> = {
  payment: 'T0006',
  refund: 'T1107',
  'refund-failed': 'T1100',
  chargeback: 'T1201',
  'chargeback-reversed': 'T1202',
  payout: 'T0001',
  'payout-returned': 'T1114',
  fee: 'T0106',
  'reserve-held': 'T1503',
  'reserve-released': 'T1105',
};

/** A conversion between two currencies of the account. */
export const CONVERSION_CODE = 'T0200';
/** Money that leaves PayPal for the merchant's bank. */
export const WITHDRAWAL_CODE = 'T0400';

export interface Transaction {
  id: string;
  eventCode: string;
  /** What it refers to: the order (ODR) of a payment, the capture (TXN) of everything after it. */
  referenceId: string | null;
  referenceType: 'ODR' | 'TXN' | null;
  invoiceId: string | null;
  customId: string | null;
}

export function transactionOf(line: SettlementLine, psp: PspContext): Transaction {
  const { bank } = psp;
  const payment = line.pspReference === null ? undefined : bank.findPayment(line.pspReference);
  const details = payment === undefined ? null : orderDetails(payment);
  const base = {
    eventCode: EVENT_CODES[line.type],
    invoiceId: details?.invoiceId ?? null,
    customId: details === null ? line.reference : details.customId,
  };
  if (line.type === 'payment') {
    const id = line.modificationReference ?? codeFrom(line.id, 17);
    return { ...base, id, referenceId: line.pspReference, referenceType: 'ODR' };
  }
  if (line.type === 'payout' || line.type === 'payout-returned') {
    const item = line.pspReference === null ? undefined : bank.findPayout(line.pspReference);
    const sent = item === undefined ? codeFrom(`payout ${line.pspReference ?? line.id}`, 17) : transactionIdOf(item);
    return line.type === 'payout'
      ? { ...base, id: sent, referenceId: null, referenceType: null }
      : { ...base, id: codeFrom(line.id, 17), referenceId: sent, referenceType: 'TXN' };
  }
  const id = line.type === 'refund' ? (line.modificationReference ?? codeFrom(line.id, 17)) : codeFrom(line.id, 17);
  return { ...base, id, referenceId: captureIdOf(line, psp), referenceType: 'TXN' };
}

function captureIdOf(line: SettlementLine, { bank }: PspContext): string | null {
  const id = line.modificationReference;
  if (id === null) return null;
  const about = bank.findRefund(id) ?? bank.findDispute(id);
  return about === undefined ? id : String(about.details['captureId'] ?? id);
}
