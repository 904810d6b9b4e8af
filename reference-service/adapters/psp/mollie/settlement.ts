/**
 * Mollie's settlement data, as its API gives it: the balance transactions of a settlement
 * (`GET /v2/balances/{id}/transactions`), which are the movements one by one, and the settlement
 * object (`GET /v2/settlements/{id}`), whose periods are sums of the same movements. From the latter
 * only what was carried over is read, because that stands nowhere else. A file of movements does
 * not name its settlement; its file name does (`settlement_<reference>_balance_transactions.json`).
 *
 * Mollie states movements in the currency of the balance only, so a payment in another currency
 * has its gross amount in that of the settlement here.
 */
import type { SettlementFile, SettlementKind, SettlementParser, SettlementRecord } from '../../../ports/settlement.ts';
import type { JsonObject } from '../exchange.ts';
import { isObject } from '../exchange.ts';
import { objectOf, objectsOf, textOf } from '../fields.ts';
import { malformed, minorOf, timeOf } from '../settlement-fields.ts';
import type { Place } from '../settlement-fields.ts';
import { readElements } from './json-elements.ts';

/** Mollie's types of movements (docs.mollie.com, list-balance-transactions). A type that is missing here is `unknown`. */
const KINDS: Readonly<Record<string, SettlementKind>> = {
  payment: 'payment',
  capture: 'payment',
  refund: 'refund',
  'returned-refund': 'refund_failed',
  chargeback: 'chargeback',
  'failed-payment': 'chargeback',
  'unauthorized-direct-debit': 'chargeback',
  'chargeback-reversal': 'chargeback_reversed',
  'outgoing-custom-amount-transfer': 'payout',
  'returned-transfer': 'payout_returned',
  'balance-correction': 'fee',
  'invoice-compensation': 'fee',
  'application-fee': 'fee',
  'rolling-reserve-hold': 'reserve_held',
  'rolling-reserve-release': 'reserve_released',
  'outgoing-transfer': 'transfer',
  'canceled-outgoing-transfer': 'transfer',
};

export const parseMollieSettlement: SettlementParser = async function* (input, about) {
  for await (const parts of readElements(input, about)) {
    for (const part of parts) {
      if (part.kind === 'element') yield movement(part, about);
      else yield* carriedOver(part.value, about);
    }
  }
};

/** The settlement that a file belongs to. */
function batchOf({ fileName }: SettlementFile): string {
  return /^settlement_(.+?)(?:_balance_transactions)?\.json$/.exec(fileName)?.[1] ?? fileName;
}

interface Amount {
  minor: number;
  currency: string;
}

function amountOf(source: JsonObject, key: string, place: Place): Amount | null {
  const amount = objectOf(source, key);
  const currency = textOf(amount, 'currency');
  const value = textOf(amount, 'value');
  return currency === null || value === null ? null : { minor: minorOf(value, currency, place), currency };
}

function movement(
  { number, text, value }: { number: number; text: string; value: JsonObject },
  file: SettlementFile,
): SettlementRecord {
  const place = { file, line: number };
  const net = amountOf(value, 'resultAmount', place);
  const gross = amountOf(value, 'initialAmount', place);
  if (net === null || gross === null) throw malformed(place, 'a movement has resultAmount and initialAmount');
  const type = textOf(value, 'type') ?? '';
  const kind = KINDS[type] ?? 'unknown';
  const context = contextOf(value);
  const isPayout = kind === 'payout' || kind === 'payout_returned';
  return {
    kind,
    batch: batchOf(file),
    pspReference: textOf(context, isPayout ? 'transferId' : 'paymentId'),
    partReference: partOf(context),
    // What we wrote as the payment's description is our reference of it.
    reference: textOf(context, 'paymentDescription'),
    grossMinor: gross.minor,
    currency: gross.currency,
    netMinor: net.minor,
    feeMinor: gross.minor - net.minor,
    settlementCurrency: net.currency,
    occurredAt: timeOf(textOf(value, 'createdAt') ?? '', place),
    line: number,
    ...(kind === 'unknown' ? { raw: text } : {}),
  };
}

/** `context` has one key, named as the type; what it holds differs by type. */
function contextOf(value: JsonObject): JsonObject | null {
  const [only] = Object.values(objectOf(value, 'context') ?? {});
  return isObject(only) ? only : null;
}

function partOf(context: JsonObject | null): string | null {
  const keys = ['refundId', 'chargebackId', 'captureId', 'settlementId'];
  return keys.map((key) => textOf(context, key)).find((id) => id !== null) ?? null;
}

/** The lines of a settlement's periods that have no method: a debt that was brought along, or is handed on. */
function* carriedOver(document: JsonObject, file: SettlementFile): Generator<SettlementRecord> {
  if (textOf(document, 'resource') !== 'settlement') return;
  const createdAt = textOf(document, 'settledAt') ?? textOf(document, 'createdAt') ?? '';
  let line = 0;
  for (const months of Object.values(objectOf(document, 'periods') ?? {})) {
    for (const period of Object.values(isObject(months) ? months : {})) {
      for (const revenue of objectsOf(isObject(period) ? period : null, 'revenue') ?? []) {
        line += 1;
        const description = textOf(revenue, 'description') ?? '';
        if (!/^balance carried/i.test(description)) continue;
        const place = { file, line };
        const amount = amountOf(revenue, 'amountGross', place);
        if (amount === null) throw malformed(place, 'a line of a period has an amount');
        yield {
          kind: /to the next/i.test(description) ? 'carried_on' : 'carried_over',
          batch: textOf(document, 'reference') ?? batchOf(file),
          pspReference: null,
          partReference: null,
          reference: null,
          grossMinor: amount.minor,
          currency: amount.currency,
          netMinor: amount.minor,
          feeMinor: 0,
          settlementCurrency: amount.currency,
          occurredAt: timeOf(createdAt, place),
          line,
        };
      }
    }
  }
}
