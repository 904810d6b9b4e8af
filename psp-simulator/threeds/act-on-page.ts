/**
 * What comes of it when a payer acts on a page: the action itself, unless a planned fault makes
 * the person (or the issuer's server) do something else, be slow, be too late, or come back to
 * the shop twice. The page and the control API both end here.
 */
import { NetworkError } from '../../kernel/index.ts';
import type { CardholderAction } from '../core/records.ts';
import type { Psp } from '../engine/psp.ts';
import type { CardholderEffect } from '../faults/effects.ts';
import { factsOfRecord } from '../faults/read-facts.ts';
import { playCardholder, returnUrl } from './play-cardholder.ts';
import type { CardholderStep } from './play-cardholder.ts';

/** A browser waits longer than this; who is gone by then was never going to see the shop. */
const SECOND_RETURN_TIMEOUT_MS = 30_000;

/** Rejects with `PspProblem` (`not-found`, or `invalid-state` when the page is closed). */
export async function actOnPage(psp: Psp, challengeId: string, wanted: CardholderAction): Promise<CardholderStep> {
  const effects = psp.plan.wants('cardholder') ? strike(psp, challengeId, wanted) : [];
  const waitMs = effects.reduce((sum, effect) => sum + (effect.waitMs ?? 0), 0);
  if (waitMs > 0) await psp.ports.wireClock.sleep(waitMs, { label: `psp:${psp.name}:page:${challengeId}` });
  if (effects.some((effect) => effect.expireFirst === true)) return tooLate(psp, challengeId);
  const action = effects.find((effect) => effect.action !== undefined)?.action ?? wanted;
  const step = playCardholder(psp, challengeId, action);
  if (step.returnTo !== null && effects.some((effect) => effect.returnTwice === true)) comeBackToo(psp, step.returnTo);
  return step;
}

function strike(psp: Psp, challengeId: string, action: CardholderAction): CardholderEffect[] {
  const challenge = psp.bank.challenge(challengeId);
  const payment = psp.bank.payment(challenge.paymentPspReference);
  const entity = payment.reference ?? payment.pspReference;
  return psp.plan.cardholder(
    {
      psp: psp.name,
      reference: payment.reference,
      entity,
      name: 'page',
      attempt: psp.countAttempt(entity, 'page'),
      evidence: { challenge_id: challengeId, action },
      cause: undefined,
      facts: () => factsOfRecord(payment),
    },
    { action, threeDs: challenge.page === 'three-ds' },
  );
}

/** The page runs out under the payer's hands; the browser goes back to the shop all the same. */
function tooLate(psp: Psp, challengeId: string): CardholderStep {
  psp.during(undefined, () => psp.bank.expireChallenge(challengeId));
  return { challenge: psp.bank.challenge(challengeId), returnTo: returnUrl(psp, challengeId) };
}

/** A second visit at the same instant, by the courier's way out: where webhooks may not go, this may not either. */
function comeBackToo(psp: Psp, url: string): void {
  const visit = async (): Promise<void> => {
    try {
      await psp.courier.setting.network.request({ method: 'GET', url, timeoutMs: SECOND_RETURN_TIMEOUT_MS });
    } catch (error) {
      // Nobody looks at the second tab: what the shop answered, or that it did not, changes nothing.
      if (!(error instanceof NetworkError)) throw error;
    }
  };
  void psp.ports.activity.run(`psp:${psp.name}:second return`, visit);
}
