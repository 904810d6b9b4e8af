/**
 * Charging a card, and the 3DS challenge that may stand before it. Pure steps over the books;
 * the bank decides when they apply.
 */
import type { Ids } from '../../kernel/index.ts';
import type { BankRules } from './bank.ts';
import type { Books } from './books.ts';
import { PspProblem } from './problem.ts';
import type {
  CardholderAction,
  CardOutcome,
  Challenge,
  DeclineReason,
  IssuerAnswer,
  PaymentRecord,
} from './records.ts';

export interface ChargeSetting {
  books: Books;
  rules: BankRules;
  ids: Ids;
  challengeLifeMs(): number;
}

/** Sends a payment to the issuer, or opens a challenge first. */
export function chargeCard(setting: ChargeSetting, payment: PaymentRecord, outcome: CardOutcome): PaymentRecord {
  if (outcome.threeDs !== 'challenge') {
    return askIssuer(setting, { ...payment, threeDs: outcome.threeDs }, outcome.issuer);
  }
  const createdAtMs = setting.books.now();
  const challenge: Challenge = {
    id: setting.ids.next('chal'),
    paymentPspReference: payment.pspReference,
    state: 'open',
    completed: false,
    createdAtMs,
    expiresAtMs: createdAtMs + setting.challengeLifeMs(),
    afterApproval: outcome.issuer,
  };
  setting.books.challenges.set(challenge.id, challenge);
  return setting.books.writePayment('payment-requires-action', {
    ...payment,
    state: 'requires_action',
    threeDs: 'challenge',
    challengeId: challenge.id,
    declineReason: null,
  });
}

/** The cardholder acts; the payment follows at once where the PSP works that way. */
export function actOnChallenge(setting: ChargeSetting, challengeId: string, action: CardholderAction): Challenge {
  const challenge = openChallenge(setting, challengeId);
  const state = ({ approve: 'approved', fail: 'failed', abandon: 'abandoned' } as const)[action];
  setting.books.challenges.set(challengeId, { ...challenge, state });
  if (action !== 'abandon' && setting.rules.challengeCompletes === 'at-once') completeChallenge(setting, challengeId);
  return mustFind(setting, challengeId);
}

/** The merchant hands the result in. A second time it changes nothing. */
export function submitChallenge(setting: ChargeSetting, challengeId: string): PaymentRecord {
  const challenge = mustFind(setting, challengeId);
  if (challenge.completed) return setting.books.get('payment', challenge.paymentPspReference);
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
  const payment = setting.books.get('payment', challenge.paymentPspReference);
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

function completeChallenge(setting: ChargeSetting, challengeId: string): PaymentRecord {
  const challenge = mustFind(setting, challengeId);
  setting.books.challenges.set(challengeId, { ...challenge, completed: true });
  const payment = setting.books.get('payment', challenge.paymentPspReference);
  if (challenge.state === 'failed') return decline(setting, payment, 'authentication_failed');
  return askIssuer(setting, payment, challenge.afterApproval);
}

function askIssuer(setting: ChargeSetting, payment: PaymentRecord, answer: IssuerAnswer): PaymentRecord {
  if (answer.kind === 'decline') return decline(setting, payment, answer.reason);
  const approved: PaymentRecord = { ...payment, declineReason: null };
  if (payment.captureMode === 'manual') {
    return setting.books.writePayment('payment-authorized', { ...approved, state: 'authorized' });
  }
  const capturedMinor = payment.amountMinor;
  return setting.books.writePayment(
    'payment-captured',
    { ...approved, state: 'captured', capturedMinor },
    capturedMinor,
  );
}

function decline(setting: ChargeSetting, payment: PaymentRecord, declineReason: DeclineReason): PaymentRecord {
  return setting.books.writePayment('payment-declined', { ...payment, state: 'declined', declineReason });
}

function openChallenge(setting: ChargeSetting, challengeId: string): Challenge {
  const challenge = mustFind(setting, challengeId);
  if (challenge.completed || challenge.state !== 'open') {
    throw new PspProblem('invalid-state', `The challenge '${challengeId}' is closed (${challenge.state})`);
  }
  return challenge;
}

function mustFind(setting: ChargeSetting, challengeId: string): Challenge {
  const challenge = setting.books.challenges.get(challengeId);
  if (challenge === undefined) throw new PspProblem('not-found', `No such challenge: '${challengeId}'`);
  return challenge;
}
