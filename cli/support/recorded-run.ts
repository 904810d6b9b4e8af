/**
 * A run directory read back: the scenario and the plan, and the history with its fingerprint.
 * Works for a killed run too, which has no verdict but has its history up to the end.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { fingerprintOf, readHistory, UserError, type HistoryEvent } from '../../kernel/index.ts';
import { parseToken, type DriverKind, type Plan, type ReplayToken, type Scenario } from '../../scenarios/index.ts';

export interface RecordedRun {
  dir: string;
  scenario: Scenario;
  plan: Plan;
  driver: DriverKind;
  seed: string;
  version: string;
  events: readonly HistoryEvent[];
  fingerprint: string;
  /** The token that names the run, where its verdict says one: only it knows of a planted bug. */
  token?: ReplayToken;
  /** True when the run was killed in the middle of a line. */
  truncated: boolean;
}

/** The first event of every history says what was run. */
interface RunNote {
  scenario: string;
  seed: string;
  driver: DriverKind;
  version: string;
}

const VERDICT = 'verdict.json';

const PARTS = { resolved: 'scenario.resolved.yaml', history: 'history.ndjson' } as const;

/** @throws UserError when the folder is none that `assay run` wrote. */
export function readRecordedRun(dir: string): RecordedRun {
  const missing = Object.values(PARTS).filter((part) => !existsSync(join(dir, part)));
  if (missing.length > 0) {
    throw new UserError(
      `"${dir}" is no run directory: it has no ${missing.join(' and no ')}`,
      'Give a folder that `assay run` wrote, such as runs/happy-day/latest.',
    );
  }
  const { scenario, plan } = parse(readFileSync(join(dir, PARTS.resolved), 'utf8')) as {
    scenario: Scenario;
    plan: Plan;
  };
  const { events, truncated } = readHistory(join(dir, PARTS.history));
  const note = events.find(({ type, f }) => type === 'note' && f === 'run')?.value as RunNote | undefined;
  if (note === undefined)
    throw new UserError(
      `the history in "${dir}" does not say what was run`,
      'It ends before the run began; run the scenario again.',
    );
  const { driver, seed, version } = note;
  const token = tokenOf(join(dir, VERDICT));
  return {
    dir,
    scenario,
    plan,
    driver,
    seed,
    version,
    events,
    fingerprint: fingerprintOf(events),
    ...(token === null ? {} : { token }),
    truncated,
  };
}

/** The last word of the replay command, when it is a token; a killed run has no verdict. */
function tokenOf(file: string): ReplayToken | null {
  if (!existsSync(file)) return null;
  const { replay = '' } = JSON.parse(readFileSync(file, 'utf8')) as { replay?: string };
  const word = / replay (\S+)$/.exec(replay)?.[1];
  return word === undefined ? null : parseToken(word);
}
