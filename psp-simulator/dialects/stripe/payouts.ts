/**
 * Payouts: create, retrieve, list, cancel. The receiving bank's word comes later, when the
 * engine settles the payout; `metadata[assay_outcome]=fail` makes it a no. Stripe has no search
 * for payouts: a merchant who lost the answer lists them and compares metadata.
 */
import type { PayoutRecord } from '../../core/records.ts';
import type { Call, PspAnswer } from '../dialect.ts';
import { asDetails, type PayoutDetails } from './details.ts';
import { jsonAnswer, noSuch, unexpectedState } from './errors.ts';
import {
  choice,
  fieldsOf,
  metadataIn,
  referenceIn,
  refuseUnknown,
  requiredAmount,
  requiredCurrency,
} from './fields.ts';
import { text } from './form.ts';
import { LIST_PARAMS, listAnswer } from './list.ts';
import { minorFromStripe } from './money.ts';
import { payoutObject } from './wire.ts';

const CREATE_PARAMS = new Set([
  'amount',
  'currency',
  'description',
  'destination',
  'expand',
  'metadata',
  'method',
  'payout_method',
  'source_type',
  'statement_descriptor',
]);
const LIST_PAYOUT_PARAMS = new Set<string>([...LIST_PARAMS, 'status', 'destination', 'arrival_date']);

const URL_PATH = '/v1/payouts';

/** Test values of bank accounts that refuse a payout, and the code that Stripe then gives. */
const FAILING_DESTINATIONS: Readonly<Record<string, string>> = {
  ba_us_accountClosed: 'account_closed',
  ba_us_noAccount: 'no_account',
  ba_us_insufficientFunds: 'insufficient_funds',
  ba_us_debitNotAuthorized: 'debit_not_authorized',
  ba_us_invalidCurrency: 'invalid_currency',
};

export function createPayout(call: Call): PspAnswer {
  const fields = fieldsOf(call);
  refuseUnknown(fields, CREATE_PARAMS);
  const currency = requiredCurrency(fields);
  const amountMinor = minorFromStripe(requiredAmount(fields, 'amount'), currency);
  const metadata = metadataIn(fields);
  const destination = text(fields, 'destination') ?? null;
  const failureCode = failureOf(metadata, destination);
  const details: PayoutDetails = {
    metadata,
    description: text(fields, 'description') ?? null,
    destination: destination ?? `ba_assay${call.psp.name}`,
    method: choice(fields, ['method'], ['standard', 'instant'], 'standard'),
    sourceType: text(fields, 'source_type') ?? 'card',
    statementDescriptor: text(fields, 'statement_descriptor') ?? null,
  };
  const payout = call.psp.bank.createPayout({
    pspReference: call.psp.ids.next('po'),
    reference: referenceIn(metadata),
    amountMinor,
    currency,
    outcome: failureCode === null ? 'paid' : 'failed',
    failureReason: failureCode,
    details: asDetails(details),
  });
  return jsonAnswer(200, payoutObject(payout));
}

export function retrievePayout(call: Call): PspAnswer {
  const payout = payoutOf(call);
  if (!call.isVisible(payout, 0)) throw noSuch('payout', payout.pspReference, { param: 'payout', inPath: true });
  return jsonAnswer(200, payoutObject(payout));
}

export function listPayouts(call: Call): PspAnswer {
  const fields = fieldsOf(call);
  refuseUnknown(fields, LIST_PAYOUT_PARAMS);
  const status = text(fields, 'status');
  const payouts = call.psp.bank
    .payouts()
    .filter(
      (payout) => call.isVisible(payout, 0) && (status === undefined || payoutObject(payout)['status'] === status),
    );
  const items = payouts.map((payout) => ({
    id: payout.pspReference,
    createdAtMs: payout.createdAtMs,
    render: () => payoutObject(payout),
  }));
  return listAnswer(items, fields, { url: URL_PATH, what: 'payout' });
}

export function cancelPayout(call: Call): PspAnswer {
  const payout = payoutOf(call);
  if (payout.state !== 'pending')
    throw unexpectedState('Payouts can only be canceled while they are pending.', 'payout_not_cancelable');
  return jsonAnswer(200, payoutObject(call.psp.bank.settlePayout(payout.pspReference, 'canceled')));
}

function payoutOf(call: Call): PayoutRecord {
  const id = call.params['id'] ?? '';
  const payout = call.psp.bank.findPayout(id);
  if (payout === undefined) throw noSuch('payout', id, { param: 'payout', inPath: true });
  return payout;
}

function failureOf(metadata: Readonly<Record<string, string>>, destination: string | null): string | null {
  if (metadata['assay_outcome'] === 'fail') return 'account_closed';
  return destination === null ? null : (FAILING_DESTINATIONS[destination] ?? null);
}
