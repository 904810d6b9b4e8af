/** How payments look in answers, and what their state is called. */
import { isoTime } from '../../../kernel/index.ts';
import type { DeclineReason, PaymentRecord } from '../../core/records.ts';
import type { PspAnswer, PspContext } from '../dialect.ts';
import { detailsOf } from './details.ts';
import type { PaymentDetails } from './details.ts';
import { testIban } from './iban.ts';
import { uuidOf } from './keys.ts';
import { schemeOf } from './money.ts';
import { PROVIDERS } from './magic.ts';

export type PaymentStatus = 'authorization_required' | 'authorizing' | 'authorized' | 'executed' | 'settled' | 'failed';

const FAILURES: Readonly<Partial<Record<DeclineReason, string>>> = {
  insufficient_funds: 'insufficient_funds',
  velocity_exceeded: 'payment_limit_exceeded',
  suspected_fraud: 'blocked',
  issuer_unavailable: 'provider_error',
  // What the core says when the payer chose "fail" on the bank's page.
  do_not_honor: 'authorization_failed',
};

export function statusOf(payment: PaymentRecord): PaymentStatus {
  const { flow, beneficiary } = detailsOf(payment);
  switch (payment.state) {
    case 'created':
      return flow === null ? 'authorization_required' : 'authorizing';
    case 'requires_action':
      return 'authorizing';
    case 'authorized':
      return 'authorized';
    case 'captured':
    case 'refunded':
      return beneficiary === 'merchant_account' ? 'settled' : 'executed';
    case 'declined':
    case 'canceled':
    case 'expired':
      return 'failed';
  }
}

export interface Failure {
  readonly failure_stage: PaymentStatus;
  readonly failure_reason: string;
}

/** Why and where a payment failed; undefined when it did not. */
export function failureOf(payment: PaymentRecord): Failure | undefined {
  const { state, declineReason, challengeId } = payment;
  if (state !== 'declined' && state !== 'canceled' && state !== 'expired') return undefined;
  const reason = state === 'declined' ? (FAILURES[declineReason ?? 'generic'] ?? 'provider_rejected') : state;
  const afterApproval = state === 'declined' && reason !== 'authorization_failed';
  const waiting = challengeId === null ? 'authorization_required' : 'authorizing';
  return { failure_stage: afterApproval ? 'authorized' : waiting, failure_reason: reason };
}

export function paymentJson(payment: PaymentRecord, psp: PspContext): Record<string, unknown> {
  const details = detailsOf(payment);
  const failure = failureOf(payment);
  const takenAt = payment.captures.at(-1)?.atMs;
  const next = nextAction(payment, psp);
  return {
    id: payment.pspReference,
    amount_in_minor: payment.amountMinor,
    currency: payment.currency,
    user: { id: details.userId },
    payment_method: details.paymentMethod,
    created_at: isoTime(payment.createdAtMs),
    status: statusOf(payment),
    ...(next === null ? {} : { authorization_flow: { actions: { next } } }),
    ...(takenAt === undefined ? {} : taken(payment, takenAt)),
    ...(failure === undefined ? {} : { failed_at: isoTime(payment.updatedAtMs), ...failure }),
    metadata: details.metadata,
  };
}

/** What the merchant must do next for the payer, or null. */
export function nextAction(payment: PaymentRecord, psp: PspContext): Record<string, unknown> | null {
  if (payment.state === 'requires_action' && payment.challengeId !== null)
    return { type: 'redirect', uri: psp.challengeUrl(payment.challengeId) };
  const step = payment.state === 'created' ? detailsOf(payment).flow?.steps[0] : undefined;
  if (step === 'consent') return { type: 'consent' };
  return step === 'provider_selection' ? { type: 'provider_selection', providers: providers() } : null;
}

/** Method, provider and scheme, as events and answers name them. */
export function methodOf(details: PaymentDetails, currency: string): Record<string, unknown> {
  const { paymentMethod, providerId } = details;
  if (paymentMethod['type'] === 'mandate') return { type: 'mandate', mandate_id: paymentMethod['mandate_id'] };
  return { type: 'bank_transfer', provider_id: providerId, scheme_id: schemeOf(currency) };
}

/** The payer's account: always the same one for a payment, at a bank that does not exist. */
export function paymentSource(payment: PaymentRecord): Record<string, unknown> {
  return {
    id: uuidOf(`source of ${payment.pspReference}`),
    account_identifiers: [{ type: 'iban', iban: testIban(accountNumber(payment.pspReference)) }],
    account_holder_name: 'JOHN SANDBRIDGE',
  };
}

function taken(payment: PaymentRecord, atMs: number): Record<string, unknown> {
  const settled = statusOf(payment) === 'settled' ? { settled_at: isoTime(atMs) } : {};
  return { executed_at: isoTime(atMs), ...settled, payment_source: paymentSource(payment) };
}

function providers(): Record<string, string>[] {
  return Object.keys(PROVIDERS).map((id) => ({ id, display_name: id.replaceAll('-', ' '), country_code: 'GB' }));
}

function accountNumber(text: string): string {
  return String(Number.parseInt(uuidOf(text).slice(0, 8), 16) % 100_000_000).padStart(8, '0');
}

export function json(status: number, body: unknown): PspAnswer {
  return { status, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
}
