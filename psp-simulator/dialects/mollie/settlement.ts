/**
 * Mollie's settlement data. Mollie gives it as API documents: the settlement with its periods,
 * and the balance transactions behind it. The files are those two documents of one batch. A new
 * settlement is announced as the balance transaction of its transfer, to who subscribed to that.
 */
import type { SettlementBatch, SettlementFile } from '../../settlement/settlement.ts';
import type { DialectSettlement, PspContext } from '../dialect.ts';
import type { WebhookContext, WebhookDraft } from '../webhook.ts';
import { lineTransaction, transferTransaction } from './balance-transactions.ts';
import { ownPlace } from './place.ts';
import { balanceId, settlementId, settlementReference, transferId } from './settlement-ids.ts';
import { settlementObject } from './settlement-report.ts';
import { MOLLIE_TERMS } from './settlement-terms.ts';
import { nextGenBody, wants } from './webhook-drafts.ts';

const TRANSFER_EVENT = 'balance-transaction.created';

export const mollieSettlement: DialectSettlement = {
  terms: MOLLIE_TERMS,
  files,
  webhooksFor,
};

function files(batch: SettlementBatch, psp: PspContext): SettlementFile[] {
  const name = `settlement_${settlementReference(batch, psp)}`;
  const place = ownPlace(psp);
  const transfer = transferTransaction(batch);
  const transactions = [
    ...batch.lines.map((line) => lineTransaction(line, place)),
    ...(transfer === null ? [] : [transfer]),
  ];
  return [
    document(`${name}.json`, settlementObject(batch, place)),
    document(`${name}_balance_transactions.json`, {
      count: transactions.length,
      _embedded: { balance_transactions: transactions },
    }),
  ];
}

function document(name: string, value: unknown): SettlementFile {
  return { name, contentType: 'application/hal+json', body: JSON.stringify(value, null, 2) };
}

function webhooksFor(batch: SettlementBatch, { psp, newId, atMs }: WebhookContext): WebhookDraft[] {
  if (!wants(psp, TRANSFER_EVENT)) return [];
  const eventId = newId('event');
  const entityId = transferId(batch);
  const path = `balances/${balanceId(psp, batch.currency)}/transactions`;
  return [
    {
      eventId,
      type: TRANSFER_EVENT,
      body: nextGenBody({ eventId, type: TRANSFER_EVENT, entityId, entity: null, path, psp, atMs }),
      claim: {
        kind: 'settlement',
        state: 'paidout',
        reference: null,
        pspReference: settlementId(batch),
        amountMinor: batch.transferMinor,
        currency: batch.currency,
      },
    },
  ];
}
