/**
 * The battery: which verbs `assay certify` carries out, in order, and how each result becomes a
 * part of the dossier. What a part could not do is unknown, with the reason; it is never a pass.
 */
import { EXIT } from '../support/exit-codes.ts';
import type { Dossier, UnsealedPart } from '../../scenarios/index.ts';
import type { ChildResult } from './child.ts';
import { readAudit, readContract, readExploration, readLoad, readReplay, readRuns } from './read-results.ts';

export const PART_IDS = ['library', 'http', 'replay', 'explore', 'audit', 'contracts', 'load'] as const;
export type PartId = (typeof PART_IDS)[number];

export interface BatteryOptions {
  seed: string;
  /** Fresh seeds of the exploration. */
  seeds: number;
  quick: boolean;
  /** A target file; without one the reference service is certified. */
  target: string | undefined;
  /** The folder of the dossier. */
  dir: string;
  leftOut: readonly PartId[];
  /** Dialects with a contract. */
  dialects: readonly string[];
}

/** What a part adds to the head of the dossier. */
export interface Findings {
  part: Pick<UnsealedPart, 'says' | 'figures' | 'runs' | 'unknown'>;
  coverage?: Dossier['coverage'];
  p95?: Dossier['p95'];
}

export interface PlannedPart {
  id: string;
  title: string;
  command: string[];
  /** Why it is not carried out: asked for, or because it says nothing about this target. */
  leftOut?: string;
  read(result: ChildResult, dir: string): Findings;
}

/** A smoke of the stories: one ordinary, one in doubt, one with doubles. */
const QUICK_STORIES = ['happy-day', 'commit-then-timeout', 'duplicate-burst'];
const QUICK_SEEDS = 3;
const AUDIT_SEEDS = 25;

const OWN_ONLY = 'it plays the reference service in virtual time, which a service of somebody else cannot enter';

export function planBattery(options: BatteryOptions): PlannedPart[] {
  const { seed, quick, target, dir, dialects } = options;
  const runs = `${dir}/runs`;
  const own = target === undefined ? {} : { leftOut: OWN_ONLY };
  const over = target === undefined ? ['--driver', 'http'] : ['--target', target];
  const seeds = quick ? QUICK_SEEDS : options.seeds;
  const plan: PlannedPart[] = [
    {
      id: 'library',
      title: 'The scenario library in virtual time',
      command: ['run', ...(quick ? QUICK_STORIES : []), '--driver', 'virtual', '--seed', seed, '--out', runs],
      ...own,
      read: readRuns,
    },
    {
      id: 'replay',
      title: 'The same seed gives the same history',
      command: ['replay', `${runs}/commit-then-timeout/latest`, '--out', `${dir}/again`],
      ...own,
      read: readReplay,
    },
    {
      id: 'http',
      title: 'The scenario library over real sockets',
      command: ['run', ...(quick ? ['happy-day'] : []), ...over, '--seed', seed, '--out', runs],
      read: readRuns,
    },
    {
      id: 'explore',
      title: 'Random scenarios',
      command: [
        'explore',
        '--seeds',
        String(seeds),
        '--word',
        wordOf(seed),
        ...(quick ? ['--no-corpus'] : []),
        '--out',
        `${dir}/regressions`,
      ],
      ...own,
      read: readExploration,
    },
    {
      id: 'audit',
      title: 'Every random scenario twice',
      command: [
        'explore',
        '--audit',
        '--no-corpus',
        '--seeds',
        String(Math.min(seeds, AUDIT_SEEDS)),
        '--word',
        `${wordOf(seed)}-audit`,
        '--out',
        `${dir}/regressions`,
      ],
      ...own,
      read: readAudit,
    },
    ...(quick ? dialects.slice(0, 1) : dialects).map((dialect) => ({
      id: `contracts-${dialect}`,
      title: `The contract with ${dialect}`,
      command: ['contract', 'verify', '--target', `simulator:${dialect}`, '--out', `${dir}/contracts/${dialect}`],
      read: readContract,
    })),
    {
      id: 'load',
      title: 'Deposits under load',
      command: ['load', 'deposit', '--profile', 'smoke', '--out', `${dir}/load`],
      ...(quick ? { leftOut: 'a smoke has no room for it' } : {}),
      ...(target === undefined ? {} : { leftOut: 'the journeys of load drive the reference service' }),
      read: readLoad,
    },
  ];
  return plan.map((part) =>
    options.leftOut.some((id) => part.id === id || part.id.startsWith(`${id}-`))
      ? { ...part, leftOut: 'asked to be left out' }
      : part,
  );
}

/** A seed as a word of the exploration's seeds. */
function wordOf(seed: string): string {
  return (
    seed
      .toLowerCase()
      .replaceAll(/[^a-z0-9-]/g, '-')
      .slice(0, 20) || 'certify'
  );
}

export function partOf(plan: PlannedPart, result: ChildResult, findings: Findings): UnsealedPart {
  const { id, title, command } = plan;
  const { exitCode, wallMs } = result;
  return { id, title, command, exitCode, verdict: verdictOf(exitCode), wallMs, ...findings.part };
}

/** A part that was not carried out, on purpose. */
export function leftOutPart({ id, title, leftOut = '' }: PlannedPart): UnsealedPart {
  return {
    id,
    title,
    command: [],
    exitCode: null,
    verdict: 'left-out',
    wallMs: 0,
    says: `Left out: ${leftOut}.`,
    figures: [],
    runs: [],
    unknown: [{ what: title, why: leftOut }],
  };
}

/** What could not be carried out (no such verb, no engine, a broken tool) is unknown. */
function verdictOf(exitCode: number): UnsealedPart['verdict'] {
  if (exitCode === EXIT.pass) return 'pass';
  const failed: readonly number[] = [EXIT.violated, EXIT.otherHistory, EXIT.thresholdMissed];
  return failed.includes(exitCode) ? 'fail' : 'unknown';
}
