/**
 * Payouts: create, retrieve, update, list, cancel. The receiving bank's word comes later, when
 * the engine settles the payout; test values make it a no, or money that comes back after
 * `paid`. Stripe has no search for payouts: a merchant who lost the answer lists them and
 * compares metadata. Beside those that the merchant makes there are the automatic ones, one per
 * settled batch.
 */
import type { PayoutRecord } from '../../core/records.ts';
import type { Call, PspAnswer } from '../dialect.ts';
import { automaticPayoutObject, automaticPayouts, findAutomaticPayout } from './automatic-payouts.ts';
import { asDetails, type PayoutDetails } from './details.ts';
import { jsonAnswer, noSuch, unexpectedState } from './errors.ts';
import {
  choice,
  fieldsOf,
  mergedMetadata,
  metadataIn,
  referenceIn,
  refuseUnknown,
  requiredAmount,
  requiredCurrency,
} from './fields.ts';
import { text } from './form.ts';
import { LIST_PARAMS, listAnswer } from './list.ts';
import { ownMagic } from './magic.ts';
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
const PLAIN_PARAMS = new Set(['expand']);
const UPDATE_PARAMS = new Set(['expand', 'metadata']);
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
  const failureCode = FAILING_DESTINATIONS[destination ?? ''] ?? null;
  const own = ownMagic(metadata, 'payout');
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
    outcome: own === 'return' ? 'returned' : own === 'fail' || failureCode !== null ? 'failed' : 'paid',
    failureReason: failureCode ?? (own === undefined ? null : 'account_closed'),
    details: asDetails(details),
  });
  return jsonAnswer(200, payoutObject(payout));
}

export function retrievePayout(call: Call): PspAnswer {
  refuseUnknown(fieldsOf(call), PLAIN_PARAMS);
  const id = call.params['id'] ?? '';
  const automatic = call.psp.bank.findPayout(id) === undefined ? findAutomaticPayout(call.psp, id) : undefined;
  if (automatic !== undefined) return jsonAnswer(200, automaticPayoutObject(automatic));
  const payout = payoutOf(call);
  if (!call.isVisible(payout, 0)) throw noSuch('payout', payout.pspReference, { param: 'payout', inPath: true });
  return jsonAnswer(200, payoutObject(payout));
}

export function updatePayout(call: Call): PspAnswer {
  const fields = fieldsOf(call);
  refuseUnknown(fields, UPDATE_PARAMS);
  const payout = payoutOf(call);
  const details = payout.details as unknown as PayoutDetails;
  call.psp.bank.setDetails(
    payout.pspReference,
    asDetails({ ...details, metadata: mergedMetadata(details.metadata, fields) }),
  );
  return jsonAnswer(200, payoutObject(call.psp.bank.payout(payout.pspReference)));
}

export function listPayouts(call: Call): PspAnswer {
  const fields = fieldsOf(call);
  refuseUnknown(fields, LIST_PAYOUT_PARAMS);
  const status = text(fields, 'status');
  const own = call.psp.bank
    .payouts()
    .filter((payout) => call.isVisible(payout, 0))
    .map((payout) => ({
      id: payout.pspReference,
      createdAtMs: payout.createdAtMs,
      render: () => payoutObject(payout),
    }));
  const automatic = automaticPayouts(call.psp).map((payout) => ({
    id: payout.id,
    createdAtMs: payout.createdAtMs,
    render: () => automaticPayoutObject(payout),
  }));
  const items = automatic.length === 0 ? own : [...own, ...automatic].sort((a, b) => a.createdAtMs - b.createdAtMs);
  const wanted = status === undefined ? items : items.filter((item) => item.render()['status'] === status);
  return listAnswer(wanted, fields, { url: URL_PATH, what: 'payout' });
}

export function cancelPayout(call: Call): PspAnswer {
  refuseUnknown(fieldsOf(call), PLAIN_PARAMS);
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
