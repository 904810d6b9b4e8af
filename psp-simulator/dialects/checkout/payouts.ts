/**
 * Payouts: POST /payments with a `destination` (a bank account, a card, a token or a stored
 * instrument). The answer is 202 `Pending`; what became of the money is told by payment_paid,
 * payment_declined or payment_returned. Markers in reference, names or metadata choose the end.
 */
import { isoTime } from '../../../kernel/index.ts';
import type { PayoutRecord } from '../../core/records.ts';
import type { Call, PspAnswer, PspContext } from '../dialect.ts';
import { asDetails, payoutDetails } from './details.ts';
import { jsonAnswer, refusal } from './errors.ts';
import {
  metadataAt,
  objectAt,
  optionalReference,
  requiredAmount,
  requiredCurrency,
  textAt,
  type JsonObject,
} from './fields.ts';
import { actionIdOf, idFrom, newId } from './ids.ts';
import { payoutMarkedIn, testCard } from './magic.ts';
import { checkoutAmount } from './money.ts';
import { APPROVED_CODE, responseCode } from './response-codes.ts';
import { findInstrument, readCard, tokenCard, type KnownCard } from './vault.ts';
import { cardFacts, cleaned } from './wire.ts';

/** What a bank says when no card chose a code. */
const REFUSED_BY_BANK = '20005';

export function createPayout(call: Call): PspAnswer {
  const { body, psp } = call;
  const currency = requiredCurrency(body);
  const amountMinor = requiredAmount(body, currency);
  const reference = optionalReference(body);
  const metadata = metadataAt(body);
  const destination = destinationIn(objectAt(body, 'destination') ?? {}, psp);
  const marked = payoutMarkedIn([reference ?? '', ...Object.values(metadata).map(String), ...destination.names]);
  const card = destination.card === null ? undefined : testCard(destination.card.name);
  const declineCode = card?.declineCode ?? (marked === 'failed' || card?.payout === 'failed' ? REFUSED_BY_BANK : null);
  const outcome = declineCode === null ? (card?.payout ?? marked) : 'failed';
  destination.consume();
  const record = psp.bank.createPayout({
    pspReference: newId(psp, 'pay'),
    reference,
    amountMinor,
    currency,
    outcome,
    failureReason: declineCode === null ? null : responseCode(declineCode).summary,
    details: asDetails({
      sourceId: textAt(objectAt(body, 'source'), 'id') ?? currencyAccountOf(psp, currency),
      destination: destination.shown,
      metadata,
      declineCode,
    }),
  });
  return jsonAnswer(202, {
    id: record.pspReference,
    status: 'Pending',
    ...cleaned({ reference }),
    instruction: { value_date: isoTime(record.createdAtMs) },
    _links: payoutLinks(record, psp),
  });
}

/** The payout as GET /payments/{id} shows it. */
export function payoutJson(record: PayoutRecord, psp: PspContext): Record<string, unknown> {
  const details = payoutDetails(record);
  const { code, summary } = payoutResponse(record);
  const ended = record.state !== 'pending';
  return cleaned({
    id: record.pspReference,
    requested_on: isoTime(record.createdAtMs),
    processed_on: ended ? isoTime(record.updatedAtMs) : null,
    source: { type: 'currency_account', id: details.sourceId },
    destination: details.destination,
    amount: checkoutAmount(record.amountMinor, record.currency),
    currency: record.currency,
    payment_type: 'Regular',
    reference: record.reference,
    approved: ended ? record.state === 'paid' || record.state === 'returned' : null,
    status: STATUS[record.state],
    response_code: ended ? code : null,
    response_summary: ended ? summary : null,
    metadata: details.metadata,
    _links: payoutLinks(record, psp),
  });
}

const STATUS: Readonly<Record<PayoutRecord['state'], string>> = {
  pending: 'Pending',
  paid: 'Paid',
  failed: 'Declined',
  canceled: 'Canceled',
  returned: 'Returned',
};

export function payoutResponse(record: PayoutRecord): { code: string; summary: string } {
  if (record.state !== 'failed') return APPROVED_CODE;
  return responseCode(payoutDetails(record).declineCode ?? REFUSED_BY_BANK);
}

/** The one action of a payout, as GET /payments/{id}/actions lists it. */
export function payoutActions(record: PayoutRecord): Record<string, unknown>[] {
  const { code, summary } = payoutResponse(record);
  if (record.state === 'pending') return [];
  return [
    cleaned({
      id: actionIdOf(record.pspReference, 'payout'),
      type: 'Payout',
      processed_on: isoTime(record.updatedAtMs),
      amount: checkoutAmount(record.amountMinor, record.currency),
      approved: record.state === 'paid' || record.state === 'returned',
      response_code: code,
      response_summary: summary,
      reference: record.reference,
    }),
  ];
}

/** Id of the account in which the merchant holds a currency. */
export function currencyAccountOf(psp: PspContext, currency: string): string {
  return idFrom('ca', `${psp.name} ${currency}`);
}

interface Destination {
  shown: Record<string, unknown>;
  names: string[];
  card: KnownCard | null;
  consume(): void;
}

function destinationIn(destination: JsonObject, psp: PspContext): Destination {
  const type = textAt(destination, 'type');
  const holder = objectAt(destination, 'account_holder');
  const names = [destination, holder].flatMap((object) =>
    ['first_name', 'last_name', 'name', 'company_name'].map((name) => textAt(object, name) ?? ''),
  );
  const ofCard = (card: KnownCard, consume: () => void): Destination => ({
    shown: { type: 'card', id: card.view.id, ...cardFacts(card.view) },
    names: [...names, card.view.name ?? ''],
    card,
    consume,
  });
  switch (type) {
    case 'card':
      return ofCard(readCard(destination, psp), nothing);
    case 'token': {
      const { consume, ...card } = tokenCard(psp, textAt(destination, 'token') ?? '');
      return ofCard(card, consume);
    }
    case 'id': {
      const known = findInstrument(psp, textAt(destination, 'id') ?? '');
      if (known === undefined) throw refusal('destination_id_invalid', 'destination.id');
      return ofCard(known, nothing);
    }
    case 'bank_account': {
      const account = textAt(destination, 'account_number') ?? textAt(destination, 'iban');
      if (account === undefined) throw refusal('account_number_required', 'destination.account_number');
      const country = textAt(destination, 'country') ?? null;
      return {
        shown: cleaned({ type, account_number: `****${account.slice(-4)}`, country }),
        names,
        card: null,
        consume: nothing,
      };
    }
    case undefined:
      throw refusal('destination_type_required', 'destination.type');
    default:
      throw refusal(`destination_type_${type}_not_simulated`, 'destination.type');
  }
}

function payoutLinks(record: PayoutRecord, psp: PspContext): Record<string, { href: string }> {
  const self = `${psp.url}/payments/${record.pspReference}`;
  return { self: { href: self }, actions: { href: `${self}/actions` } };
}

function nothing(): void {}
