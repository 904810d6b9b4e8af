/**
 * Plays the cardholder: acts on a challenge and says where the browser goes next. The page and
 * the control API both end here, so that a person and a scenario do exactly the same thing.
 */
import { PspProblem } from '../core/problem.ts';
import type { CardholderAction, Challenge } from '../core/records.ts';
import type { Psp } from '../engine/psp.ts';

export interface CardholderStep {
  challenge: Challenge;
  /** The merchant's return URL with the PSP's query; null when the cardholder walked away or there is no such URL. */
  returnTo: string | null;
}

/** Throws `PspProblem` (`not-found`, or `invalid-state` when the challenge is closed). */
export function playCardholder(psp: Psp, challengeId: string, action: CardholderAction): CardholderStep {
  const before = psp.bank.challenge(challengeId);
  const waiting = psp.bank.payment(before.paymentPspReference);
  const cause = psp.ports.history.append({
    proc: `psp:${psp.name}`,
    type: 'recv',
    f: 'cardholder',
    key: waiting.reference ?? waiting.pspReference,
    value: { psp: psp.name, challenge_id: challengeId, action, open: before.state === 'open' && !before.completed },
  });
  psp.during(cause, () => psp.bank.actOnChallenge(challengeId, action));
  return {
    challenge: psp.bank.challenge(challengeId),
    returnTo: action === 'abandon' ? null : returnUrl(psp, challengeId),
  };
}

/** Without looking at all of them: a load test has many. */
export function hasChallenge(psp: Psp, challengeId: string): boolean {
  try {
    psp.bank.challenge(challengeId);
    return true;
  } catch (error) {
    if (error instanceof PspProblem) return false;
    throw error;
  }
}

/** Where a closed challenge sends the browser. */
export function returnUrl(psp: Psp, challengeId: string): string | null {
  const challenge = psp.bank.challenge(challengeId);
  const payment = psp.bank.payment(challenge.paymentPspReference);
  const elsewhere =
    challenge.state === 'canceled'
      ? psp.dialect.cancelUrl?.(payment)
      : payment.state === 'declined'
        ? psp.dialect.failureUrl?.(payment)
        : undefined;
  const target = elsewhere === undefined ? payment.returnUrl : elsewhere;
  if (target === null) return null;
  const url = new URL(target);
  for (const [name, value] of Object.entries(psp.dialect.returnQuery(challenge, payment, psp.context)))
    url.searchParams.set(name, value);
  return url.toString();
}
