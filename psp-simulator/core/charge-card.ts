/**
 * Charging a card or another method, and the page that the payer may have to act on first: a
 * 3DS challenge, a hosted page, a wallet's or a bank's approval. Pure steps over the books; the
 * bank decides when they apply.
 */
import type { Ids } from '../../kernel/index.ts';
import { authentication, endsPayment } from './authenticate.ts';
import type { BankRules } from './bank.ts';
import type { Books } from './books.ts';
import { PspProblem } from './problem.ts';
import type {
  Authentication,
  CardholderAction,
  CardOutcome,
  Challenge,
  ChallengeState,
  DeclineReason,
  PaymentRecord,
} from './records.ts';

export interface ChargeSetting {
  books: Books;
  rules: BankRules;
  ids: Ids;
  challengeLifeMs(): number;
  captureId(payment: PaymentRecord): string;
}

const STATE_AFTER: Readonly<Record<CardholderAction, ChallengeState>> = {
  approve: 'approved',
  attempt: 'approved',
  unavailable: 'approved',
  fail: 'failed',
  cancel: 'canceled',
  abandon: 'abandoned',
};

/** Sends a payment to the issuer, or opens a page first. */
export function chargeCard(setting: ChargeSetting, payment: PaymentRecord, outcome: CardOutcome): PaymentRecord {
  const fate = outcome.fate === undefined ? payment.fate : { ...payment.fate, ...outcome.fate };
  const charged: PaymentRecord = { ...payment, fate, declineReason: null };
  const page = outcome.page ?? (outcome.threeDs === 'challenge' ? 'three-ds' : undefined);
  if (page !== undefined) return openPage(setting, charged, { outcome, page });
  if (outcome.threeDs === 'none') {
    const known = outcome.exemption === undefined ? null : authentication(outcome, 'none', 'exempted');
    return askIssuer(setting, { ...charged, threeDs: 'none', authentication: known }, outcome);
  }
  const result = outcome.frictionlessResult ?? 'authenticated';
  const checked: PaymentRecord = {
    ...charged,
    threeDs: 'frictionless',
    authentication: authentication(outcome, 'frictionless', result),
  };
  return endsPayment(result)
    ? decline(setting, checked, 'authentication_failed')
    : askIssuer(setting, checked, outcome);
}

/** The payer acts; the payment follows at once where the PSP works that way. */
export function actOnChallenge(setting: ChargeSetting, challengeId: string, action: CardholderAction): Challenge {
  const challenge = actionable(setting, challengeId);
  const threeDs = challenge.page === 'three-ds';
  const fits = action === 'cancel' ? !threeDs : threeDs || (action !== 'attempt' && action !== 'unavailable');
  if (!fits) throw new PspProblem('validation', `A ${challenge.page} page has no action '${action}'`);
  const approvedAs =
    action === 'attempt' ? 'attempted' : action === 'unavailable' ? 'unavailable' : challenge.approvedAs;
  setting.books.challenges.set(challengeId, { ...challenge, state: STATE_AFTER[action], approvedAs });
  if (action === 'abandon') return mustFind(setting, challengeId);
  if (setting.rules.challengeCompletes === 'at-once') completeChallenge(setting, challengeId);
  else if (setting.rules.tellsApproval === true && STATE_AFTER[action] === 'approved')
    setting.books.writePayment('payment-approved', paymentOf(setting, challenge));
  return mustFind(setting, challengeId);
}

/** The merchant hands the result in. A second time it changes nothing. */
export function submitChallenge(setting: ChargeSetting, challengeId: string): PaymentRecord {
  const challenge = mustFind(setting, challengeId);
  if (challenge.completed) return paymentOf(setting, challenge);
  if (challenge.state !== 'approved' && challenge.state !== 'failed') {
    throw new PspProblem('invalid-state', `The challenge '${challengeId}' has no result yet`);
  }
  return completeChallenge(setting, challengeId);
}

/** Time ran out. What was approved but never handed in runs out too. */
export function expireChallenge(setting: ChargeSetting, challengeId: string): void {
  const challenge = mustFind(setting, challengeId);
  if (challenge.completed) return;
  closeChallenge(setting, challengeId);
  const result = challenge.state === 'abandoned' ? 'abandoned' : 'timed_out';
  const payment = authenticated(paymentOf(setting, challenge), challenge, result);
  const to = setting.rules.challengeExpiresTo;
  if (to === 'declined') decline(setting, payment, 'challenge_expired');
  else setting.books.writePayment(`payment-${to}`, { ...payment, state: to });
}

/** Marks a challenge as done with, because its payment ended another way. */
export function closeChallenge(setting: ChargeSetting, challengeId: string): void {
  const challenge = mustFind(setting, challengeId);
  if (challenge.completed) return;
  const state = challenge.state === 'open' ? 'expired' : challenge.state;
  setting.books.challenges.set(challengeId, { ...challenge, state, completed: true });
}

function openPage(
  setting: ChargeSetting,
  payment: PaymentRecord,
  { outcome, page }: { outcome: CardOutcome; page: Challenge['page'] },
): PaymentRecord {
  const createdAtMs = setting.books.now();
  const challenge: Challenge = {
    id: setting.ids.next('chal'),
    paymentPspReference: payment.pspReference,
    state: 'open',
    completed: false,
    createdAtMs,
    expiresAtMs: createdAtMs + setting.challengeLifeMs(),
    page,
    outcome,
    approvedAs: 'authenticated',
  };
  setting.books.openChallenge(challenge, payment.challengeId);
  return setting.books.writePayment('payment-requires-action', {
    ...payment,
    state: 'requires_action',
    threeDs: page === 'three-ds' ? 'challenge' : 'none',
    challengeId: challenge.id,
  });
}

function completeChallenge(setting: ChargeSetting, challengeId: string): PaymentRecord {
  const challenge = mustFind(setting, challengeId);
  setting.books.challenges.set(challengeId, { ...challenge, completed: true });
  const payment = paymentOf(setting, challenge);
  if (challenge.state === 'canceled')
    return setting.books.writePayment('payment-canceled', { ...payment, state: 'canceled' });
  if (challenge.state === 'failed') {
    const reason = challenge.page === 'three-ds' ? 'authentication_failed' : refusalOnPage(challenge.outcome);
    return decline(setting, authenticated(payment, challenge, 'failed'), reason);
  }
  return askIssuer(setting, authenticated(payment, challenge, challenge.approvedAs), challenge.outcome);
}

/** Only a 3DS page authenticates anybody. */
function authenticated(payment: PaymentRecord, challenge: Challenge, result: Authentication['result']): PaymentRecord {
  if (challenge.page !== 'three-ds') return payment;
  return { ...payment, authentication: authentication(challenge.outcome, 'challenge', result) };
}

/** The payer chose "this fails" on a page of the PSP's. */
function refusalOnPage({ issuer }: CardOutcome): DeclineReason {
  return issuer.kind === 'decline' ? issuer.reason : 'do_not_honor';
}

function askIssuer(setting: ChargeSetting, payment: PaymentRecord, { issuer }: CardOutcome): PaymentRecord {
  if (issuer.kind === 'decline') return decline(setting, payment, issuer.reason);
  const { amountMinor } = payment;
  if (payment.captureMode === 'manual') {
    return setting.books.writePayment('payment-authorized', {
      ...payment,
      state: 'authorized',
      capturableMinor: amountMinor,
    });
  }
  const capture = { id: setting.captureId(payment), amountMinor, atMs: setting.books.now(), final: true };
  return setting.books.writePayment(
    'payment-captured',
    { ...payment, state: 'captured', capturedMinor: amountMinor, captures: [capture] },
    amountMinor,
  );
}

function decline(setting: ChargeSetting, payment: PaymentRecord, declineReason: DeclineReason): PaymentRecord {
  return setting.books.writePayment('payment-declined', { ...payment, state: 'declined', declineReason });
}

/** Open, or left by the payer through the button that leads back to the shop. */
function actionable(setting: ChargeSetting, challengeId: string): Challenge {
  const challenge = mustFind(setting, challengeId);
  if (challenge.completed || (challenge.state !== 'open' && challenge.state !== 'canceled')) {
    throw new PspProblem('invalid-state', `The challenge '${challengeId}' is closed (${challenge.state})`);
  }
  return challenge;
}

function paymentOf(setting: ChargeSetting, challenge: Challenge): PaymentRecord {
  return setting.books.get('payment', challenge.paymentPspReference);
}

function mustFind(setting: ChargeSetting, challengeId: string): Challenge {
  const challenge = setting.books.challenges.get(challengeId);
  if (challenge === undefined) throw new PspProblem('not-found', `No such challenge: '${challengeId}'`);
  return challenge;
}
