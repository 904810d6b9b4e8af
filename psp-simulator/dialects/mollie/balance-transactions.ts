/**
 * Settlement line → balance transaction: every single movement of a balance, which is what a
 * merchant matches one by one against his own ledger. A closed batch ends with the transfer of
 * what was in it.
 */
import type { SettlementBatch, SettlementLine, SettlementLineType } from '../../settlement/settlement.ts';
import { paymentDetails } from './details.ts';
import { amountOf } from './money.ts';
import { mollieTime } from './place.ts';
import type { Place } from './place.ts';
import { settlementId, transactionId, transferId } from './settlement-ids.ts';

const TYPES: Readonly<Record<SettlementLineType, string>> = {
  payment: 'payment',
  refund: 'refund',
  'refund-failed': 'returned-refund',
  chargeback: 'chargeback',
  'chargeback-reversed': 'chargeback-reversal',
  payout: 'outgoing-custom-amount-transfer',
  'payout-returned': 'returned-transfer',
  fee: 'balance-correction',
  'reserve-held': 'rolling-reserve-hold',
  'reserve-released': 'rolling-reserve-release',
};

export function lineTransaction(line: SettlementLine, place: Place): Record<string, unknown> {
  const { commission, interchange, scheme, markup } = line.fees;
  const fees = commission + interchange + scheme + markup;
  const currency = line.settlementCurrency;
  const payment = line.pspReference === null ? undefined : place.psp.bank.findPayment(line.pspReference);
  const type = line.type === 'payment' && payment?.captureMode === 'manual' ? 'capture' : TYPES[line.type];
  return {
    resource: 'balance_transaction',
    id: transactionId(line),
    type,
    resultAmount: amountOf(line.netMinor, currency),
    initialAmount: amountOf(line.convertedMinor, currency),
    ...(fees === 0
      ? {}
      : { deductions: amountOf(-fees, currency), deductionDetails: { fees: amountOf(-fees, currency) } }),
    createdAt: mollieTime(line.atMs),
    context: contextOf(line, type, payment === undefined ? null : paymentDetails(payment).description),
  };
}

/** Null for a batch of which nothing is transferred. */
export function transferTransaction(batch: SettlementBatch): Record<string, unknown> | null {
  if (batch.transferMinor === 0) return null;
  const amount = amountOf(-batch.transferMinor, batch.currency);
  return {
    resource: 'balance_transaction',
    id: transferId(batch),
    type: 'outgoing-transfer',
    resultAmount: amount,
    initialAmount: amount,
    createdAt: mollieTime(batch.toMs),
    context: { outgoingTransfer: { settlementId: settlementId(batch), transferId: batch.id } },
  };
}

/** `context` has one key, named as the type in camel case. */
function contextOf(line: SettlementLine, type: string, description: string | null): Record<string, unknown> | null {
  const { pspReference, modificationReference } = line;
  const payment = { paymentId: pspReference ?? undefined, paymentDescription: description ?? undefined };
  switch (line.type) {
    case 'payment':
      return type === 'capture'
        ? { capture: { ...payment, captureId: modificationReference ?? undefined } }
        : { payment };
    case 'refund':
      return { refund: { ...payment, refundId: modificationReference ?? undefined } };
    case 'refund-failed':
      return { returnedRefund: { ...payment, refundId: modificationReference ?? undefined } };
    case 'chargeback':
      return { chargeback: { ...payment, chargebackId: modificationReference ?? undefined } };
    case 'chargeback-reversed':
      return { chargebackReversal: { ...payment, chargebackId: modificationReference ?? undefined } };
    case 'payout':
      return { outgoingTransfer: { transferId: pspReference ?? undefined } };
    case 'payout-returned':
      return { returnedTransfer: { transferId: pspReference ?? undefined } };
    case 'fee':
    case 'reserve-held':
    case 'reserve-released':
      return null;
  }
}
