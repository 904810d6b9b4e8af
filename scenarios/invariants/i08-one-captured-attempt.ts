/**
 * I8: one deposit costs the player once. After the run has settled at most one attempt holds
 * captured money, over all PSPs, net of refunds. And while one PSP had taken the money,
 * nobody may have gone to another without asking the first one.
 */
import { money, netCaptured } from '../history/index.ts';
import type { BookEntry, Exchange, PaymentRecord, RunModel } from '../history/index.ts';
import { Findings } from './invariant.ts';
import type { Invariant } from './invariant.ts';
import { at, deposits, firstTaken, heldByPsps, list, named, paymentBooks } from './support.ts';

const QUERIES: ReadonlySet<string> = new Set(['get-payment', 'list-payments']);

export const oneCapturedAttempt: Invariant = {
  id: 'I8',
  title: 'One captured attempt',
  says: 'A deposit ends with at most one capture over all PSPs, and no failover starts while the outcome is unknown.',
  judge(run) {
    const findings = new Findings();
    for (const payment of deposits(run)) {
      if (payment.final === undefined) {
        findings.couldNotSee(`payment ${payment.id} was not probed after the run had settled`);
        continue;
      }
      findings.saw();
      if (!judgeHeld(payment, findings)) judgeFailover(run, payment, findings);
    }
    return findings.judgement();
  },
};

function judgeHeld(payment: PaymentRecord, findings: Findings): boolean {
  const all = heldByPsps(payment);
  // What was given back and came back again is for a person; one has to be told.
  const kept = payment.cases.some(({ open }) => open) ? all.filter((entry) => !cameBack(entry)) : all;
  if (kept.length < 2) return false;
  const who = list(
    kept.map((entry) => `${money(netCaptured(entry.last), entry.currency)} by ${entry.psp} ${at(firstTaken(entry).t)}`),
  );
  findings.violation({
    contradiction: `${named(payment)} was captured ${kept.length} times and never given back: ${who}.`,
    payment: payment.id,
    witnesses: kept.map((entry) => firstTaken(entry).index),
    facts: ['one deposit', `${kept.length} captures kept`],
  });
  return true;
}

/** Its money had gone back to the card, and the card's bank did not take it. */
function cameBack({ changes }: BookEntry): boolean {
  const taken = changes.findIndex((change) => netCaptured(change) > 0);
  return taken >= 0 && changes.slice(taken).some((change) => netCaptured(change) === 0);
}

/** Looks for a request to a second PSP that left while the first one had the money and was not asked. */
function judgeFailover(run: RunModel, payment: PaymentRecord, findings: Findings): void {
  const creates = payment.exchanges.filter((exchange) => exchange.operation === 'create-payment');
  for (const second of creates) {
    const first = creates.find(
      (exchange) => exchange.received.index < second.received.index && exchange.psp !== second.psp,
    );
    if (first === undefined) continue;
    const taken = paymentBooks(payment).find(
      (entry) => entry.psp === first.psp && hadMoney(entry, second.received.index),
    );
    if (taken === undefined || wasAsked(run, taken, first, second)) continue;
    findings.violation({
      contradiction: `${named(payment)} was sent to ${second.psp} ${at(second.received.t)} although ${first.psp} had captured it ${at(firstTaken(taken).t)} and had not been asked.`,
      payment: payment.id,
      witnesses: [first.received.index, firstTaken(taken).index, second.received.index],
      facts: [`${first.psp} had the money`, `sent to ${second.psp} too`],
    });
    return;
  }
}

function hadMoney(entry: BookEntry, beforeIndex: number): boolean {
  const state = entry.changes.findLast((change) => change.index < beforeIndex);
  return state !== undefined && netCaptured(state) > 0;
}

/** An answered status query between the two requests: the target asked, and what the PSP said is the PSP's fault. */
function wasAsked(run: RunModel, taken: BookEntry, first: Exchange, second: Exchange): boolean {
  const about = [taken.reference, taken.pspReference, null].flatMap((name) => run.exchangesOf(name));
  return about.some((exchange) => {
    const between =
      exchange.received.index > first.received.index && (exchange.ended?.index ?? Infinity) < second.received.index;
    return between && exchange.psp === taken.psp && QUERIES.has(exchange.operation) && exchange.outcome === 'answered';
  });
}
