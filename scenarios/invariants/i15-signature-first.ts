/**
 * I15: a webhook whose signature is missing, wrong, malformed, too old or does not cover its
 * body is refused and changes nothing. A 2xx answer to one is a violation even when no money
 * moved: the PSP takes it for "stored", and so will the next reader of the inbox.
 */
import { firstCapture, money } from '../history/index.ts';
import type { Delivery, RunModel } from '../history/index.ts';
import { Findings } from './invariant.ts';
import type { Invariant } from './invariant.ts';
import { SIGNATURE_WORDS, acknowledged, at, creditsOf, named, paymentBooks } from './support.ts';

export const signatureFirst: Invariant = {
  id: 'I15',
  title: 'Signature first',
  says: 'An event that is unsigned, wrongly signed or stale is refused and changes nothing.',
  judge(run) {
    const findings = new Findings();
    for (const delivery of run.deliveries) {
      if (delivery.signature === 'valid') continue;
      // Without an answer nothing was said about the event; what it changed shows in the ledger (I2).
      if (delivery.ackStatus === null) continue;
      findings.saw();
      if (acknowledged(delivery)) findings.violation(accepted(run, delivery));
    }
    return findings.judgement();
  },
};

function accepted(run: RunModel, delivery: Delivery): ReturnType<typeof base> {
  const found = base(run, delivery);
  const payment = run.payments.get(run.ownerOf(delivery.reference) ?? '');
  if (payment === undefined) return found;
  const credit = creditsOf(payment).find((entry) => entry.writtenBy >= delivery.sent.t);
  const captured = paymentBooks(payment).some((entry) => firstCapture(entry) !== undefined);
  if (credit === undefined || captured) return { ...found, payment: payment.id };
  return {
    ...found,
    payment: payment.id,
    contradiction: `${found.contradiction.slice(0, -1)}, and ${money(credit.amountMinor, credit.currency)} was credited that no PSP had captured.`,
    witnesses: [...found.witnesses, credit.firstSeen.index],
  };
}

function base(
  run: RunModel,
  delivery: Delivery,
): { contradiction: string; payment?: string; witnesses: number[]; facts: [string, string] } {
  const payment = run.payments.get(run.ownerOf(delivery.reference) ?? '');
  const about =
    payment === undefined ? `reference ${delivery.reference ?? 'unknown'}` : named(payment).replace(/^P/, 'p');
  const claim = `${delivery.state} ${money(delivery.amountMinor, delivery.currency)}`;
  return {
    contradiction: `An event for ${about} claiming ${claim} with ${SIGNATURE_WORDS[delivery.signature]} was accepted with HTTP ${delivery.ackStatus ?? 0} ${at(delivery.ended?.t ?? delivery.sent.t)}.`,
    witnesses: [delivery.sent.index, ...(delivery.ended === undefined ? [] : [delivery.ended.index])],
    facts: [SIGNATURE_WORDS[delivery.signature], `answered ${delivery.ackStatus ?? 0}`],
  };
}
