/**
 * Payouts to a bank account. The creation answers with an id and nothing else, and that id is the
 * only thing that can be asked for; a doubt about the creation is settled by repeating it.
 */
import type { CreatePayoutResult, PspPayoutAttempt, QueryPayoutResult } from '../../../ports/psp-adapter.ts';
import { aboutAnother, inDoubt, refused } from '../failures.ts';
import { textOf } from '../fields.ts';
import type { BankClient } from './client.ts';
import type { MerchantAccounts } from './payments.ts';
import { payoutReport, referenceOf } from './reports.ts';
import { beneficiaryOf } from './tokens.ts';

export async function createPayout(
  client: BankClient,
  attempt: PspPayoutAttempt,
  accounts: MerchantAccounts,
): Promise<CreatePayoutResult> {
  const account = accounts(attempt.currency);
  if (account === null) return refused('unsupported', `there is no merchant account in ${attempt.currency}`);
  const beneficiary = beneficiaryOf(attempt);
  if ('kind' in beneficiary) return beneficiary as Extract<CreatePayoutResult, { kind: 'refused' }>;
  const answer = await client.post(
    '/v3/payouts',
    {
      merchant_account_id: account,
      amount_in_minor: attempt.amountMinor,
      currency: attempt.currency,
      beneficiary,
      metadata: { reference: attempt.attemptId, payout_id: attempt.payoutId, player_id: attempt.playerId },
    },
    attempt.idempotencyKey,
  );
  if (answer.kind !== 'ok') return answer.failure;
  const pspReference = textOf(answer.body, 'id');
  return pspReference === null
    ? inDoubt('the provider answered a payout without an id')
    : { kind: 'pending', pspReference };
}

export async function queryPayout(client: BankClient, attempt: PspPayoutAttempt): Promise<QueryPayoutResult> {
  if (attempt.pspReference === null) return inDoubt('the provider can be asked by its own id only');
  const answer = await client.get(`/v3/payouts/${encodeURIComponent(attempt.pspReference)}`);
  if (answer.kind !== 'ok')
    return answer.kind === 'error' && answer.status === 404 ? { kind: 'not_found' } : answer.failure;
  const report = payoutReport(answer.body);
  if (report === null) return inDoubt('the provider answered without an id or a status');
  return referenceOf(answer.body) === attempt.attemptId
    ? report
    : aboutAnother('the provider answered about another reference');
}
