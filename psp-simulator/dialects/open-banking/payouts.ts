/** Payouts to a beneficiary: accepted, sent later, and sometimes sent back. */
import { isoTime } from '../../../kernel/index.ts';
import { PspProblem } from '../../core/problem.ts';
import type { PayoutRecord } from '../../core/records.ts';
import type { Call, PspAnswer } from '../dialect.ts';
import { accountId } from './account-ids.ts';
import { amountAt, choiceAt, metadataAt, refuse, requiredText } from './fields.ts';
import type { Fields } from './fields.ts';
import { isIban } from './iban.ts';
import { payoutOutcome } from './magic.ts';
import { currencyAt, schemeOf } from './money.ts';
import { MOST_REFERENCE } from './payments.ts';
import { json } from './wire.ts';

export function createPayout(call: Call): PspAnswer {
  const { psp, body } = call;
  const amountMinor = amountAt(body, 'amount_in_minor');
  const currency = currencyAt(body);
  if (requiredText(body, 'merchant_account_id') !== accountId(psp, currency))
    refuse('merchant_account_id', `Value must be the merchant account for ${currency}.`);
  const type = choiceAt(body, 'beneficiary.type', ['external_account', 'payment_source'] as const);
  const statement = requiredText(body, 'beneficiary.reference', MOST_REFERENCE);
  const metadata = metadataAt(body);
  const account = type === 'external_account' ? externalAccount(body) : paymentSource(body);
  const payout = psp.bank.createPayout({
    pspReference: psp.ids.uuid(),
    reference: metadata['reference'] ?? statement,
    amountMinor,
    currency,
    outcome: account === null ? 'paid' : payoutOutcome(account),
    failureReason: 'scheme_error',
    details: { metadata, beneficiary: { type, reference: statement, ...lastOf(account) } },
  });
  return json(202, { id: payout.pspReference });
}

export function getPayout(call: Call): PspAnswer {
  const id = call.params['id'] ?? '';
  const payout = call.psp.bank.findPayout(id);
  if (payout === undefined || !call.isVisible(payout, call.psp.profile.visibilityLagMs))
    throw new PspProblem('not-found', `No payout has the id ${id}.`);
  const { state, currency } = payout;
  const updatedAt = isoTime(payout.updatedAtMs);
  return json(200, {
    id: payout.pspReference,
    merchant_account_id: accountId(call.psp, currency),
    amount_in_minor: payout.amountMinor,
    currency,
    beneficiary: payout.details['beneficiary'],
    metadata: payout.details['metadata'],
    scheme_id: schemeOf(currency),
    status: payoutStatus(state),
    created_at: isoTime(payout.createdAtMs),
    ...(state === 'paid' ? { executed_at: updatedAt } : {}),
    ...(payoutStatus(state) === 'failed' ? { failed_at: updatedAt, failure_reason: payoutFailure(payout) } : {}),
  });
}

export function payoutStatus(state: PayoutRecord['state']): string {
  if (state === 'pending') return 'pending';
  return state === 'paid' ? 'executed' : 'failed';
}

export function payoutFailure({ state, failureReason }: PayoutRecord): string {
  return state === 'failed' ? (failureReason ?? 'scheme_error') : state;
}

/** The number by which the outcome is found; checked as the PSP checks it. */
function externalAccount(body: Fields): string {
  requiredText(body, 'beneficiary.account_holder_name');
  const path = 'beneficiary.account_identifier';
  const type = choiceAt(body, `${path}.type`, ['iban', 'sort_code_account_number'] as const);
  if (type === 'iban') {
    const iban = requiredText(body, `${path}.iban`);
    return isIban(iban) ? iban : refuse(`${path}.iban`, 'Value must be an IBAN with right check digits.');
  }
  if (!/^\d{6}$/.test(requiredText(body, `${path}.sort_code`)))
    refuse(`${path}.sort_code`, 'Value must have six digits.');
  const number = requiredText(body, `${path}.account_number`);
  return /^\d{8}$/.test(number) ? number : refuse(`${path}.account_number`, 'Value must have eight digits.');
}

/** Back to the account that a payment came from. */
function paymentSource(body: Fields): null {
  requiredText(body, 'beneficiary.payment_source_id');
  requiredText(body, 'beneficiary.user_id');
  return null;
}

function lastOf(account: string | null): { account_ending?: string } {
  return account === null ? {} : { account_ending: account.slice(-4) };
}
