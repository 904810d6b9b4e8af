/**
 * From the JSON of a verb to what a dossier says of it. Nothing is taken for granted: a field that
 * is missing makes the sentence say less, and what a verb refused is an open question.
 */
import { existsSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { fileHash, type DossierRun, type OpenQuestion } from '../../scenarios/index.ts';
import type { Findings } from './battery.ts';
import type { ChildResult } from './child.ts';

/** Of each run these are hashed; the rest can be made again from them. */
const EVIDENCE = ['history.ndjson', 'scenario.resolved.yaml', 'verdict.json', 'report.html'];

interface RunJson {
  scenario: string;
  driver: string;
  seed: string;
  verdict: string;
  invariants: Record<string, string>;
  fingerprint: string;
  replay: string;
  runDir?: string;
}

/** `assay run` */
export function readRuns(result: ChildResult, dir: string): Findings {
  const json = result.json as {
    runs?: RunJson[];
    broken?: { scenario: string; error: string }[];
    notApplicable?: { scenario: string; reason: string }[];
    stopped?: boolean;
  };
  const runs = json.runs ?? [];
  if (runs.length === 0) return refused(result);
  const of = (verdict: string): number => runs.filter((run) => run.verdict === verdict).length;
  const broken = json.broken ?? [];
  const notApplicable = json.notApplicable ?? [];
  const inconclusive = runs.filter((run) => run.verdict === 'unknown');
  return {
    part: {
      says: `${of('pass')} of ${runs.length} runs passed, ${of('fail')} violated, ${inconclusive.length} inconclusive${broken.length === 0 ? '' : `, ${broken.length} could not be run`}.`,
      figures: notApplicable.length === 0 ? [] : [['not applicable', String(notApplicable.length)]],
      runs: runs.map((run) => dossierRun(run, dir)),
      unknown: [
        ...inconclusive.map((run) => ({ what: `${run.scenario} (${run.driver})`, why: whyUnknown(run) })),
        ...broken.map(({ scenario, error }) => ({ what: scenario, why: error })),
        ...notApplicable.map(({ scenario, reason }) => ({ what: scenario, why: reason })),
        ...(json.stopped === true ? [{ what: 'the rest of these runs', why: 'stopped before the end' }] : []),
      ],
    },
  };
}

function whyUnknown(run: RunJson): string {
  const ids = Object.entries(run.invariants)
    .filter(([, verdict]) => verdict === 'unknown')
    .map(([id]) => id);
  return ids.length === 0
    ? 'something expected was not seen, see its report'
    : `${ids.join(', ')} could not be judged, see its report`;
}

function dossierRun(run: RunJson, dir: string): DossierRun {
  const { scenario, driver, seed, verdict, invariants, fingerprint, replay, runDir } = run;
  const files = (runDir === undefined ? [] : EVIDENCE).flatMap((name) => {
    const file = join(resolve(runDir ?? ''), name);
    const sha256 = existsSync(file) ? fileHash(file) : undefined;
    return sha256 === undefined ? [] : [{ path: relative(resolve(dir), file).replaceAll('\\', '/'), sha256 }];
  });
  return { scenario, driver, seed, verdict, invariants, fingerprint, replay, files };
}

/** `assay replay` */
export function readReplay(result: ChildResult): Findings {
  const { sameHistory, scenario } = result.json as { sameHistory?: boolean | null; scenario?: string };
  if (typeof sameHistory !== 'boolean') return refused(result);
  const says = sameHistory
    ? `${scenario ?? 'The run'} gave the same history, event for event.`
    : `${scenario ?? 'The run'} gave another history with the same seed.`;
  return { part: { says, figures: [], runs: [], unknown: [] } };
}

interface ExplorationJson {
  runs?: number;
  passed?: number;
  failed?: unknown[];
  inconclusive?: unknown[];
  otherHistories?: unknown[];
  virtualHours?: number;
  coverage?: { feasible: number; exercised: number; neverExercised: string[]; goals: { says: string; met: boolean }[] };
}

/** `assay explore` */
export function readExploration(result: ChildResult): Findings {
  const {
    runs,
    passed = 0,
    failed = [],
    inconclusive = [],
    otherHistories = [],
    virtualHours,
    coverage,
  } = result.json as ExplorationJson;
  if (runs === undefined) return refused(result);
  const other = otherHistories.length === 0 ? '' : `, ${otherHistories.length} gave another history`;
  return {
    part: {
      says: `${passed} of ${runs} random scenarios passed, ${failed.length} violated, ${inconclusive.length} inconclusive${other}.`,
      figures: virtualHours === undefined ? [] : [['virtual hours', String(Math.round(virtualHours))]],
      runs: [],
      unknown: (coverage?.goals ?? [])
        .filter(({ met }) => !met)
        .map(({ says }) => ({ what: says, why: 'no random scenario of this battery came across it' })),
    },
    ...(coverage === undefined
      ? {}
      : {
          coverage: {
            exercised: coverage.exercised,
            feasible: coverage.feasible,
            neverExercised: coverage.neverExercised,
            goalsMet: coverage.goals.filter(({ met }) => met).length,
            goals: coverage.goals.length,
          },
        }),
  };
}

/** `assay explore --audit`: the same, without a claim of what was exercised. */
export function readAudit(result: ChildResult): Findings {
  const { part } = readExploration(result);
  const { runs } = result.json as ExplorationJson;
  return { part: runs === undefined ? part : { ...part, unknown: [] } };
}

/** `assay contract verify` */
export function readContract(result: ChildResult): Findings {
  const { counts, notPassed = [] } = result.json as {
    counts?: { pass: number; fail: number; unknown: number };
    notPassed?: { id: string; verdict: string; reason?: string }[];
  };
  if (counts === undefined) return refused(result);
  return {
    part: {
      says: `${counts.pass} checks passed, ${counts.fail} failed, ${counts.unknown} unknown.`,
      figures: [],
      runs: [],
      unknown: notPassed
        .filter(({ verdict }) => verdict === 'unknown')
        .map(({ id, reason }) => ({ what: id, why: reason ?? 'unknown' })),
    },
  };
}

/** `assay load` */
export function readLoad(result: ChildResult): Findings {
  const json = result.json as {
    profile?: string;
    deposits?: { started: number; creditedRate: number; p95ObservedMs: number; p95ServerMs: number };
    missedThresholds?: string[];
    money?: { agrees: boolean };
  };
  const { deposits, money } = json;
  if (deposits === undefined) return refused(result);
  const agrees = money?.agrees === true ? 'books and ledger agree' : 'books and ledger DISAGREE';
  return {
    part: {
      says: `${deposits.started} deposits, p95 ${Math.round(deposits.p95ObservedMs)} ms from request to credited wallet; ${agrees}.`,
      figures: (json.missedThresholds ?? []).map((missed) => ['missed', missed]),
      runs: [],
      unknown: [],
    },
    p95: {
      observedMs: deposits.p95ObservedMs,
      serverMs: deposits.p95ServerMs,
      deposits: deposits.started,
      profile: json.profile ?? 'smoke',
    },
  };
}

/** The verb gave no result: its own words say why. */
function refused({ json, exitCode }: ChildResult): Findings {
  const { error, advice } = json as { error?: string; advice?: string };
  const why = [error ?? `it ended with exit code ${exitCode} and no result`, advice ?? '']
    .filter((text) => text !== '')
    .join('. ');
  const question: OpenQuestion = { what: 'the whole part', why };
  return { part: { says: `Not done: ${why}`, figures: [], runs: [], unknown: [question] } };
}
