/**
 * Ways to bring about each neutral change, the most ordinary first. Several, because a PSP may tell
 * them apart that the books do not: a capture by itself or by command, a decline by the issuer
 * or by a failed 3DS challenge.
 */
import type { BookChangeType } from '../../core/book-change.ts';
import { APPROVED } from '../../core/records.ts';
import type { CardOutcome, DeclineReason, DisputeReason, PageKind } from '../../core/records.ts';
import type { Stage } from './stage.ts';

export type Way = (stage: Stage) => void;

const CHALLENGE: CardOutcome = { threeDs: 'challenge', issuer: { kind: 'approve' } };
const ATTEMPTED: CardOutcome = {
  threeDs: 'frictionless',
  frictionlessResult: 'attempted',
  issuer: { kind: 'approve' },
};
const PAGES: readonly PageKind[] = ['hosted', 'wallet', 'bank', 'voucher', 'p2p'];
const REFUSALS: readonly DeclineReason[] = ['do_not_honor', 'insufficient_funds', 'expired_card', 'suspected_fraud'];
const REASONS: readonly DisputeReason[] = ['fraudulent', 'product_not_received', 'duplicate', 'general'];
const OPEN_DISPUTE = ['open', 'under_review'] as const;

const page = (kind: PageKind): CardOutcome => ({ threeDs: 'none', issuer: { kind: 'approve' }, page: kind });
const declined = (reason: DeclineReason): CardOutcome => ({ threeDs: 'none', issuer: { kind: 'decline', reason } });

/** A payment that waits for its payer: the one that exists, or a new one. */
const waiting =
  (outcome: CardOutcome, then: (stage: Stage, payment: ReturnType<Stage['attempt']>) => void): Way =>
  (stage) => {
    const { subject } = stage;
    const waits = subject?.kind === 'payment' && subject.state === 'requires_action';
    then(stage, waits ? subject : stage.attempt('automatic', outcome));
  };

const refundSettled =
  (outcome: 'succeeded' | 'failed', part: 'whole' | 'half'): Way =>
  (stage) => {
    stage.subject = stage.bank.settleRefund(stage.pendingRefund(part).pspReference, outcome);
  };

const refundReturned: Way = (stage) => {
  stage.subject = stage.bank.failRefundLate(stage.refunded().pspReference);
};

const payout =
  (...outcomes: ('paid' | 'failed' | 'canceled' | 'returned')[]): Way =>
  (stage) => {
    const last = outcomes.at(-1);
    const { pspReference, state } = stage.payout(last === 'failed' || last === 'returned' ? last : 'paid');
    for (const outcome of outcomes) {
      if (outcome === 'paid' && state === 'paid' && last !== 'paid') continue;
      stage.subject = stage.bank.settlePayout(pspReference, outcome);
    }
  };

const dispute =
  (reason: DisputeReason, ...moves: ('evidence' | 'won' | 'lost' | 'reversed')[]): Way =>
  (stage) => {
    const reversing = moves.at(-1) === 'reversed';
    const { pspReference, state } = stage.dispute(reason, reversing ? [...OPEN_DISPUTE, 'lost'] : OPEN_DISPUTE);
    for (const move of moves) {
      if ((move === 'evidence' && state === 'under_review') || (move === 'lost' && state === 'lost')) continue;
      if (move === 'evidence') stage.subject = stage.bank.submitEvidence(pspReference);
      else if (move === 'reversed') stage.subject = stage.bank.reverseDispute(pspReference);
      else stage.subject = stage.bank.closeDispute(pspReference, move);
    }
  };

const disputes = (...moves: ('evidence' | 'won' | 'lost' | 'reversed')[]): Way[] =>
  REASONS.flatMap((reason) => [dispute(reason, ...moves), dispute(reason, 'evidence', ...moves)]);

const WAYS: Readonly<Record<BookChangeType, readonly Way[]>> = {
  'payment-created': [(stage) => stage.pay('automatic', null), (stage) => stage.pay('manual', null)],
  'payment-requires-action': [CHALLENGE, ...PAGES.map(page)].map(
    (outcome): Way =>
      (stage) =>
        stage.attempt('automatic', outcome),
  ),
  'payment-authorized': [
    (stage) => stage.authorized(),
    (stage) => stage.passed(stage.attempt('manual', CHALLENGE)),
    (stage) => stage.attempt('manual', ATTEMPTED),
    ...PAGES.map(
      (kind): Way =>
        (stage) =>
          stage.passed(stage.attempt('manual', page(kind))),
    ),
  ],
  'payment-captured': [
    (stage) => stage.captured(),
    (stage) => stage.captured('manual'),
    (stage) => stage.capturedPart(),
    (stage) => stage.passed(stage.attempt('automatic', CHALLENGE)),
    ...PAGES.map(
      (kind): Way =>
        (stage) =>
          stage.passed(stage.attempt('automatic', page(kind))),
    ),
  ],
  'payment-declined': [
    waiting(declined('do_not_honor'), (stage, payment) => {
      if (payment.state !== 'requires_action') return;
      stage.act(payment, 'fail');
      if (payment.challengeId !== null && !stage.bank.challenge(payment.challengeId).completed)
        stage.bank.submitChallenge(payment.challengeId);
    }),
    ...REFUSALS.flatMap((reason): Way[] => [
      (stage) => stage.attempt('automatic', declined(reason)),
      (stage) => stage.attempt('manual', declined(reason)),
    ]),
    ...[CHALLENGE, ...PAGES.map(page)].flatMap((outcome): Way[] => [
      waiting(outcome, (stage, payment) => {
        stage.act(payment, 'fail');
        if (!stage.bank.challenge(payment.challengeId ?? '').completed)
          stage.bank.submitChallenge(payment.challengeId ?? '');
      }),
      waiting(outcome, (stage, payment) => stage.bank.expireChallenge(payment.challengeId ?? '')),
    ]),
  ],
  'payment-canceled': [
    (stage) => {
      const known = stage.subject?.kind === 'payment' ? stage.subject : undefined;
      stage.bank.cancel((known ?? stage.authorized()).pspReference);
    },
    (stage) => stage.bank.cancel(stage.pay('automatic', null).pspReference),
    ...[CHALLENGE, ...PAGES.map(page)].flatMap((outcome): Way[] => [
      waiting(outcome, (stage, payment) => stage.bank.cancel(payment.pspReference)),
      waiting(outcome, (stage, payment) => stage.bank.expireChallenge(payment.challengeId ?? '')),
    ]),
    ...PAGES.map((kind) => waiting(page(kind), (stage, payment) => stage.act(payment, 'cancel'))),
  ],
  'payment-expired': [
    (stage) => {
      const known = stage.subject?.kind === 'payment' ? stage.subject : undefined;
      stage.bank.expire((known ?? stage.authorized()).pspReference);
    },
    (stage) => stage.bank.expire(stage.pay('automatic', null).pspReference),
    ...[CHALLENGE, ...PAGES.map(page)].flatMap((outcome): Way[] => [
      waiting(outcome, (stage, payment) => stage.bank.expireChallenge(payment.challengeId ?? '')),
      waiting(outcome, (stage, payment) => stage.bank.expire(payment.pspReference)),
    ]),
  ],
  'payment-approved': [CHALLENGE, ...PAGES.map(page)].map((outcome) =>
    waiting(outcome, (stage, payment) => stage.act(payment, 'approve')),
  ),
  'payment-released': [
    (stage) => {
      const known = stage.subject?.kind === 'payment' && stage.subject.captures.length > 0 ? stage.subject : undefined;
      stage.bank.cancel((known ?? stage.capturedPart()).pspReference);
    },
    (stage) => stage.bank.expire(stage.capturedPart().pspReference),
  ],
  'payment-refunded': [refundSettled('succeeded', 'whole'), refundSettled('succeeded', 'half')],
  'payment-refund-returned': [refundReturned],
  'refund-created': [(stage) => stage.pendingRefund(), (stage) => stage.pendingRefund('half')],
  'refund-succeeded': [refundSettled('succeeded', 'whole'), refundSettled('succeeded', 'half')],
  'refund-failed': [refundSettled('failed', 'whole'), refundReturned],
  'payout-created': [(stage) => stage.payout('paid'), (stage) => stage.payout('failed')],
  'payout-paid': [payout('paid')],
  'payout-failed': [payout('failed')],
  'payout-canceled': [payout('canceled')],
  'payout-returned': [payout('paid', 'returned')],
  'dispute-opened': disputes(),
  'dispute-evidence': REASONS.map((reason) => dispute(reason, 'evidence')),
  'dispute-won': disputes('won'),
  'dispute-lost': [...disputes('lost'), (stage) => stage.acceptedDispute()],
  'dispute-reversed': disputes('lost', 'reversed'),
};

/** Only the first can go on from a payment that exists; the others vary a new one. */
export function waysTo(change: BookChangeType): readonly Way[] {
  return WAYS[change];
}

/** Money that a settlement can be about. */
export const takeMoney: Way = (stage) => stage.pay('automatic', APPROVED);
