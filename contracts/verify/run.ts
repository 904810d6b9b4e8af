/** One run of the partner command from its options to its reports. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createRealClock, isoTime, UserError } from '../../kernel/index.ts';
import type { Result } from './check.ts';
import { readPartnerConfig } from './config.ts';
import { summarize, type Summary } from './reports/summary.ts';
import { writeReports } from './reports/write.ts';
import { simulatedConfig, simulatedDialect, startSimulatedPartner } from './simulated-partner.ts';
import { planChecks } from './plan.ts';
import { createSecrets } from './secrets.ts';
import { verifyPartner, type VerifyOptions } from './verify.ts';

export interface RunOptions {
  /** Path of partner.yaml, or a target such as `simulator:stripe`. */
  config?: string;
  target?: string;
  only: readonly string[];
  /** Only what did not pass in the last run with the same `outDir`. */
  lastFailed: boolean;
  outDir: string;
  /** Arguments of Node that start this command line again, for a simulated PSP. */
  launch?: readonly string[];
  signal?: AbortSignal;
  onCheck?: VerifyOptions['onCheck'];
  onResult?: VerifyOptions['onResult'];
}

export interface Listed {
  id: string;
  stage: string;
  title: string;
  why: string;
}

/** The checks, without a call. @throws UserError */
export function listChecks({ config, target, only }: Pick<RunOptions, 'config' | 'target' | 'only'>): Listed[] {
  const partner =
    target === undefined
      ? readPartnerConfig(config ?? '')
      : simulatedConfig(simulatedDialect(target), { url: '', credentials: {} });
  return planChecks({ config: partner, only }).map(({ id, stage, title, why }) => ({ id, stage, title, why }));
}

/** @throws UserError for a mistake in options or file; nothing was then called */
export async function runVerify(options: RunOptions): Promise<{ summary: Summary; html: string; conformance: string }> {
  const { outDir, signal, onCheck, onResult } = options;
  const only = options.lastFailed ? lastFailed(outDir) : options.only;
  const simulated =
    options.target === undefined
      ? undefined
      : await startSimulatedPartner(simulatedDialect(options.target), options.launch);
  try {
    const subject: Pick<VerifyOptions, 'config' | 'ask' | 'deliveries'> = simulated ?? {
      config: readPartnerConfig(options.config ?? ''),
    };
    const { config, ask, deliveries } = subject;
    const verification = await verifyPartner({
      config,
      only,
      recordInto: join(outDir, 'webhooks'),
      ...(ask === undefined ? {} : { ask }),
      ...(deliveries === undefined ? {} : { deliveries }),
      ...(signal === undefined ? {} : { signal }),
      ...(onCheck === undefined ? {} : { onCheck }),
      ...(onResult === undefined ? {} : { onResult }),
    });
    const at = isoTime(createRealClock().now());
    const { hideIn } = createSecrets(config.credentials);
    const summary = hideIn(summarize(verification, { config, at, partial: only.length > 0 }));
    return { summary, ...writeReports(outDir, summary) };
  } finally {
    await simulated?.stop();
  }
}

/** Ids of what did not pass, and the preflight, without which nothing is looked at. */
function lastFailed(outDir: string): string[] {
  const path = join(outDir, 'report.json');
  if (!existsSync(path))
    throw new UserError(
      `there is no report of an earlier run in ${outDir}`,
      'Run once without --last-failed, or name its folder with --out.',
    );
  const failed = resultsIn(path).filter(({ finding }) => finding.verdict !== 'pass');
  if (failed.length === 0)
    throw new UserError(`nothing failed in the last run of ${outDir}`, 'Run without --last-failed.');
  return ['preflight.*', ...failed.map(({ id }) => id)];
}

function resultsIn(path: string): Result[] {
  try {
    const { stages } = JSON.parse(readFileSync(path, 'utf8')) as Pick<Summary, 'stages'>;
    return stages.flatMap(({ results }) => results);
  } catch {
    throw new UserError(
      `${path} is no report of this command`,
      'Run once without --last-failed, which writes it anew.',
    );
  }
}
