/**
 * Probes: reads of the target's API that become observations in the history. A probe that
 * fails is an observation too (`probe-failed`): what could not be seen must not look like
 * nothing wrong.
 *
 * Probes of one entity follow each other, so that their order in the history is the order in
 * which they were true. While faults are on, a probe that shows what the last one showed is
 * left out; final probes are always written.
 */
import { canonicalJson, messageOf, NetworkError } from '../../kernel/index.ts';
import { minorUnits } from '../dsl/amount.ts';
import { ProbeRefused } from '../targets/service-client.ts';
import type { Stage, Subject } from './stage.ts';

export type ProbePhase = 'during' | 'final';

interface Probe<T> {
  f: 'payment' | 'payout' | 'refund' | 'wallets' | 'entries' | 'ledger' | 'cases';
  key?: string;
  phase: ProbePhase;
  read(): Promise<T>;
  /** What goes into the history. */
  show(answer: T): Record<string, unknown>;
}

interface Memory {
  /** The probe of this entity that is under way, if any. */
  inFlight: Promise<unknown> | undefined;
  lastShown: string | undefined;
}

const memories = new WeakMap<Stage, Map<string, Memory>>();

export function probePayment(stage: Stage, id: string, phase: ProbePhase) {
  return probe(stage, {
    f: 'payment',
    key: id,
    phase,
    read: () => stage.service.payment(id),
    show: (payment) => {
      stage.learn({ kind: 'payment', id, status: payment.status });
      return { ...payment, amount_minor: minorUnits(payment.amount, payment.currency) };
    },
  });
}

export function probePayout(stage: Stage, id: string, phase: ProbePhase) {
  return probe(stage, {
    f: 'payout',
    key: id,
    phase,
    read: () => stage.service.payout(id),
    show: (payout) => {
      stage.learn({ kind: 'payout', id, status: payout.status });
      return { ...payout, amount_minor: minorUnits(payout.amount, payout.currency) };
    },
  });
}

export function probeRefund(stage: Stage, id: string, phase: ProbePhase) {
  return probe(stage, {
    f: 'refund',
    key: id,
    phase,
    read: () => stage.service.refund(id),
    show: (refund) => {
      stage.learn({ kind: 'refund', id, status: refund.status, about: refund.payment_id });
      return { ...refund, amount_minor: minorUnits(refund.amount, refund.currency) };
    },
  });
}

/** Whatever it is. */
export async function probeSubject(stage: Stage, { kind, id }: Subject, phase: ProbePhase): Promise<void> {
  if (kind === 'payment') await probePayment(stage, id, phase);
  else if (kind === 'payout') await probePayout(stage, id, phase);
  else await probeRefund(stage, id, phase);
}

export function probeWallets(stage: Stage, player: string, phase: ProbePhase) {
  return probe(stage, {
    f: 'wallets',
    key: player,
    phase,
    read: () => stage.service.wallets(player),
    show: (wallets) => ({ player_id: player, wallets }),
  });
}

export function probeEntries(stage: Stage, player: string, phase: ProbePhase) {
  return probe(stage, {
    f: 'entries',
    key: player,
    phase,
    read: () => stage.service.entries(player),
    show: (entries) => ({ player_id: player, entries }),
  });
}

export function probeLedger(stage: Stage, phase: ProbePhase) {
  return probe(stage, { f: 'ledger', phase, read: () => stage.service.ledger(), show: (accounts) => ({ accounts }) });
}

/** Also keeps `stage.cased` up to date. */
export function probeCases(stage: Stage, phase: ProbePhase) {
  return probe(stage, {
    f: 'cases',
    phase,
    read: () => stage.service.cases(),
    show: (cases) => {
      stage.cased.clear();
      for (const one of cases) if (one.status === 'open') stage.cased.add(one.subject_id);
      return { cases };
    },
  });
}

/** Asks, writes down, and gives the answer back; undefined when there was none. */
async function probe<T>(stage: Stage, asked: Probe<T>): Promise<T | undefined> {
  const memory = memoryOf(stage, `${asked.f} ${asked.key ?? ''}`);
  while (memory.inFlight !== undefined) await stage.world.activity.parked(memory.inFlight);
  const work = ask(stage, asked, memory);
  memory.inFlight = work;
  try {
    return await work;
  } finally {
    memory.inFlight = undefined;
  }
}

async function ask<T>(stage: Stage, asked: Probe<T>, memory: Memory): Promise<T | undefined> {
  const { f, phase } = asked;
  const key = asked.key === undefined ? {} : { key: asked.key };
  const askedAt = stage.now();
  try {
    const answer = await asked.read();
    const shown = asked.show(answer);
    const text = canonicalJson(shown);
    if (phase === 'final' || text !== memory.lastShown) {
      const late = stage.now() === askedAt ? {} : { asked_t: askedAt };
      stage.record({ proc: 'probe', type: 'obs', f, ...key, value: { ...shown, phase, ...late } });
    }
    memory.lastShown = text;
    return answer;
  } catch (error) {
    if (!(error instanceof NetworkError) && !(error instanceof ProbeRefused)) throw error;
    const reason = error instanceof NetworkError ? error.kind : messageOf(error);
    stage.record({ proc: 'probe', type: 'obs', f: 'probe-failed', ...key, value: { probe: f, reason, phase } });
    return undefined;
  }
}

function memoryOf(stage: Stage, entity: string): Memory {
  const ofStage = memories.get(stage) ?? new Map<string, Memory>();
  memories.set(stage, ofStage);
  const memory = ofStage.get(entity) ?? { inFlight: undefined, lastShown: undefined };
  ofStage.set(entity, memory);
  return memory;
}
