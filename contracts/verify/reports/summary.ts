/** A run of the partner command as data, for all reports: what was verified, against what, and what came of it. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../../../kernel/index.ts';
import { vectorPath, type SchemeName } from '../../vectors/read-vectors.ts';
import { STAGES, type Result, type Stage } from '../check.ts';
import type { PartnerConfig } from '../config.ts';
import { pactPathOf } from '../plan.ts';
import { exitCodeOf, type Verification } from '../verify.ts';

export interface Counts {
  pass: number;
  fail: number;
  unknown: number;
  tolerated: number;
}

export interface Summary {
  partner: string;
  dialect: string;
  dialectTitle: string;
  baseUrl: string;
  /** ISO 8601. */
  at: string;
  verdict: 'pass' | 'fail' | 'unknown';
  exitCode: 0 | 1 | 2;
  /** Only a part of the checks was asked for, or the run was stopped. */
  partial: boolean;
  counts: Counts;
  stages: { stage: Stage; results: Result[] }[];
  /** What exactly was verified against: SHA-256 of each file by its name. */
  hashes: Record<string, string>;
  tool: { name: 'assay'; version: string };
}

const VERDICTS = { 0: 'pass', 1: 'fail', 2: 'unknown' } as const;

export function summarize(
  verification: Verification,
  { config, at, partial }: { config: PartnerConfig; at: string; partial: boolean },
): Summary {
  const { results, stopped } = verification;
  const exitCode = exitCodeOf(verification);
  return {
    partner: config.partner,
    dialect: config.dialect.name,
    dialectTitle: config.dialect.title,
    baseUrl: config.baseUrl,
    at,
    verdict: VERDICTS[exitCode],
    exitCode,
    partial: partial || stopped,
    counts: countsOf(results),
    stages: STAGES.map((stage) => ({ stage, results: results.filter((result) => result.stage === stage) })).filter(
      (one) => one.results.length > 0,
    ),
    hashes: hashesOf(config),
    tool: { name: 'assay', version: version() },
  };
}

function countsOf(results: readonly Result[]): Counts {
  const open = results.filter(({ tolerated }) => tolerated === undefined);
  const count = (verdict: string): number => open.filter(({ finding }) => finding.verdict === verdict).length;
  return {
    pass: count('pass'),
    fail: count('fail'),
    unknown: count('unknown'),
    tolerated: results.length - open.length,
  };
}

function hashesOf(config: PartnerConfig): Record<string, string> {
  const files = {
    pact: pactPathOf(config),
    vectors: vectorPath(config.dialect.name as SchemeName),
    openapi: config.openapi,
  };
  const named = Object.entries(files).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return Object.fromEntries(
    named.map(([name, path]) => [name, `sha256:${createHash('sha256').update(readFileSync(path)).digest('hex')}`]),
  );
}

function version(): string {
  return (JSON.parse(readFileSync(join(projectRoot(), 'package.json'), 'utf8')) as { version: string }).version;
}
