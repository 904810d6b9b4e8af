/**
 * Mandates: a payer's leave to charge his account again without him. Here they are authorized
 * as soon as their flow is started; the payer has no page for it.
 */
import { isoTime } from '../../../kernel/index.ts';
import { PspProblem } from '../../core/problem.ts';
import type { SavedMethod } from '../../core/records.ts';
import type { Call, PspAnswer } from '../dialect.ts';
import { accountId } from './account-ids.ts';
import { amountAt, choiceAt, metadataAt, refuse, requiredText, requiredUri } from './fields.ts';
import type { Fields } from './fields.ts';
import { providerOutcome } from './magic.ts';
import { currencyAt } from './money.ts';
import { pageOf } from './paging.ts';
import { userOf } from './user.ts';
import { json } from './wire.ts';

type MandateStatus = 'authorization_required' | 'authorized' | 'revoked';

interface MandateDetails {
  readonly status: MandateStatus;
  readonly type: string;
  readonly currency: string;
  readonly merchantAccountId: string;
  readonly providerId: string;
  readonly maximumIndividualAmount: number;
  readonly metadata: Readonly<Record<string, string>>;
}

export function createMandate(call: Call): PspAnswer {
  const { psp, body } = call;
  const currency = currencyAt(body);
  const type = choiceAt(body, 'mandate.type', ['sweeping', 'commercial'] as const);
  choiceAt(body, 'mandate.provider_selection.type', ['preselected'] as const);
  const providerField = 'mandate.provider_selection.provider_id';
  const providerId = requiredText(body, providerField);
  const outcome = providerOutcome(providerId, providerField);
  const accountField = 'mandate.beneficiary.merchant_account_id';
  const merchantAccountId = requiredText(body, accountField);
  if (merchantAccountId !== accountId(psp, currency))
    refuse(accountField, `Value must be the merchant account for ${currency}.`);
  const details: MandateDetails = {
    status: 'authorization_required',
    type,
    currency,
    merchantAccountId,
    providerId,
    maximumIndividualAmount: amountAt(body, 'constraints.maximum_individual_amount'),
    metadata: metadataAt(body),
  };
  const mandate = psp.bank.saveMethod({
    token: psp.ids.uuid(),
    customer: userOf(call),
    type: 'mandate',
    brand: null,
    last4: null,
    expiryMonth: null,
    expiryYear: null,
    outcome,
    details: { ...details },
  });
  return json(201, {
    id: mandate.token,
    user: { id: mandate.customer },
    resource_token: psp.ids.next('resource-token'),
    status: details.status,
  });
}

export function startMandateFlow(call: Call): PspAnswer {
  requiredUri(call.body, 'redirect.return_uri');
  change(call, 'authorization_required', 'authorized');
  return json(200, { status: 'authorizing', authorization_flow: { actions: { next: { type: 'wait' } } } });
}

export function revokeMandate(call: Call): PspAnswer {
  change(call, 'authorized', 'revoked');
  return { status: 204, headers: {}, body: '' };
}

export function getMandate(call: Call): PspAnswer {
  return json(200, mandateJson(found(call, call.params['id'] ?? '')));
}

export function listMandates(call: Call): PspAnswer {
  const page = pageOf(call, call.psp.bank.methods(), (mandate) => mandate.token);
  return json(200, { ...page, items: page.items.map(mandateJson) });
}

/** The mandate, when this amount may be charged by it now. */
export function chargeable(call: Call, id: string, money: { amountMinor: number; currency: string }): SavedMethod {
  const mandate = found(call, id);
  const { status, currency, maximumIndividualAmount: most } = detailsOf(mandate);
  if (status !== 'authorized') throw new PspProblem('invalid-state', `The mandate is ${status}.`);
  if (money.currency !== currency) refuse('currency', `The mandate is in ${currency}.`);
  if (money.amountMinor > most) refuse('amount_in_minor', `The mandate allows at most ${most} at once.`);
  return mandate;
}

/** A payment's method when it is charged by this mandate. */
export function mandateMethod(mandate: SavedMethod, reference: string | undefined): Fields {
  return { type: 'mandate', mandate_id: mandate.token, ...(reference === undefined ? {} : { reference }) };
}

function change(call: Call, from: MandateStatus, to: MandateStatus): void {
  const mandate = found(call, call.params['id'] ?? '');
  const details = detailsOf(mandate);
  if (details.status !== from) throw new PspProblem('invalid-state', `The mandate is ${details.status}.`);
  const { createdAtMs: _createdAtMs, ...method } = mandate;
  call.psp.bank.saveMethod({ ...method, details: { ...details, status: to } });
}

function found(call: Call, id: string): SavedMethod {
  const mandate = call.psp.bank.findMethod(id);
  if (mandate === undefined) throw new PspProblem('not-found', `No mandate has the id ${id}.`);
  return mandate;
}

function detailsOf(mandate: SavedMethod): MandateDetails {
  return mandate.details as unknown as MandateDetails;
}

function mandateJson(mandate: SavedMethod): Record<string, unknown> {
  const details = detailsOf(mandate);
  return {
    id: mandate.token,
    status: details.status,
    currency: details.currency,
    user: { id: mandate.customer },
    mandate: { type: details.type, provider_selection: { type: 'preselected', provider_id: details.providerId } },
    beneficiary: { type: 'merchant_account', merchant_account_id: details.merchantAccountId },
    constraints: { maximum_individual_amount: details.maximumIndividualAmount },
    created_at: isoTime(mandate.createdAtMs),
    metadata: details.metadata,
  };
}
