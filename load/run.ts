/**
 * Runs one load journey: finds out what `assay up` started, lets k6 drive it, and afterwards
 * asks the books of the simulated PSPs and the ledger whether they agree. A p95 says nothing
 * if money was lost or doubled on the way, so the verdict has both.
 *
 * Speaks HTTP only: simulator and service are a process of their own.
 */
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { createRealClock, createTcpNetwork, projectRoot, UserError } from '../kernel/index.ts';
import { compareBooksWithLedger, type MoneyCheck } from './money-check.ts';
import { missedThresholds, type SummaryData } from './lib/k6/summary.ts';
import { startStack, type Stack } from './stack.ts';
import type { K6 } from './find-k6.ts';

/** Exit codes of k6 that have a meaning of their own here (grafana/k6 errext/exitcodes). */
const K6_OK = 0;
const K6_THRESHOLDS_MISSED = 99;

/** After the last deposit: how long webhooks may still be on their way before books and ledger must agree. */
const MONEY_SETTLES_WITHIN_MS = 60_000;

export interface LoadOptions {
  journey: string;
  profile: string;
  k6: K6;
  /** Folder for summary.json, k6's report.html and the logs; made when missing. */
  outDir: string;
  /** Makes idempotency keys unique: two runs on one database must not meet. */
  runId: string;
  /** Variables for the child processes; DATABASE_URL among them decides which database. */
  environment: Record<string, string | undefined>;
  /** k6's moving progress lines; a pipe is better without them. */
  showProgress: boolean;
  /** Gets k6's progress and summary as they come. */
  onText: (text: string) => void;
  /** Ends k6 and the stack early. */
  signal?: AbortSignal;
}

export interface LoadResult {
  /** `pass`, `fail` (money differs) or `missed` (a threshold). */
  verdict: 'pass' | 'fail' | 'missed';
  /** 0, 1 or 99, as the command line returns it. */
  exitCode: 0 | 1 | 99;
  journey: string;
  profile: string;
  k6: string;
  missedThresholds: string[];
  /** Deposits: started, share credited in the budget, p95 in milliseconds as seen by the client and by the service. */
  deposits: { started: number; creditedRate: number; p95ObservedMs: number; p95ServerMs: number };
  money: MoneyCheck;
  outDir: string;
}

/** Journeys are the files in load/journeys, profiles those in load/profiles. */
export function journeys(): string[] {
  return namesIn('journeys', '.ts');
}

export function profiles(): string[] {
  return namesIn('profiles', '.json');
}

/**
 * @throws UserError (254) for an unknown journey or profile, and when k6 itself could not run
 *   the script; the text of k6 was passed to `onText` by then.
 */
export async function runLoad(options: LoadOptions): Promise<LoadResult> {
  requireKnown('journey', options.journey, journeys());
  requireKnown('profile', options.profile, profiles());
  mkdirSync(options.outDir, { recursive: true });

  const stack = await startStack({
    environment: options.environment,
    onText: options.onText,
    ...(options.signal ? { signal: options.signal } : {}),
  });
  try {
    const code = await runK6(options, stack);
    if (code !== K6_OK && code !== K6_THRESHOLDS_MISSED) {
      throw new UserError(
        `k6 could not run the journey ${options.journey} (its exit code is ${code})`,
        'Its own message is above; try `k6 inspect` on the journey.',
        255,
      );
    }
    const summary = JSON.parse(readFileSync(join(options.outDir, 'summary.json'), 'utf8')) as SummaryData;
    const clock = createRealClock();
    const network = createTcpNetwork({ clock });
    const money = await compareBooksWithLedger({ clock, network, stack, withinMs: MONEY_SETTLES_WITHIN_MS });
    await network.close();
    return result(options, summary, money, code);
  } finally {
    await stack.stop();
  }
}

function result(options: LoadOptions, summary: SummaryData, money: MoneyCheck, k6Code: number): LoadResult {
  const verdict = !money.agrees ? 'fail' : k6Code === K6_THRESHOLDS_MISSED ? 'missed' : 'pass';
  const value = (metric: string, name: string): number => summary.metrics[metric]?.values[name] ?? Number.NaN;
  return {
    verdict,
    exitCode: verdict === 'fail' ? 1 : verdict === 'missed' ? 99 : 0,
    journey: options.journey,
    profile: options.profile,
    k6: options.k6.version,
    missedThresholds: missedThresholds(summary),
    deposits: {
      started: value('deposit_started', 'count'),
      creditedRate: value('deposit_credited', 'rate'),
      p95ObservedMs: value('deposit_e2e_observed_ms', 'p(95)'),
      p95ServerMs: value('deposit_e2e_server_ms', 'p(95)'),
    },
    money,
    outDir: options.outDir,
  };
}

function runK6(options: LoadOptions, stack: Stack): Promise<number> {
  const script = join(projectRoot(), 'load', 'journeys', `${options.journey}.ts`);
  const child = spawn(
    options.k6.path,
    ['run', '--no-usage-report', ...(options.showProgress ? [] : ['--quiet']), script],
    {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        ...options.environment,
        BASE_URL: stack.service.url,
        API_KEY: stack.service.apiKey,
        PROFILE: options.profile,
        RUN_ID: options.runId,
        OUT_DIR: options.outDir,
        K6_NO_USAGE_REPORT: 'true',
        K6_AUTO_EXTENSION_RESOLUTION: 'false',
        K6_WEB_DASHBOARD: 'true',
        // -1: no listening port, so that k6 does not wait for an open browser.
        K6_WEB_DASHBOARD_PORT: '-1',
        K6_WEB_DASHBOARD_EXPORT: join(options.outDir, 'report.html'),
      },
    },
  );
  const stop = (): void => void child.kill('SIGINT');
  options.signal?.addEventListener('abort', stop, { once: true });
  child.stdout.on('data', (chunk: Buffer) => options.onText(chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => options.onText(chunk.toString()));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => {
      options.signal?.removeEventListener('abort', stop);
      resolve(code ?? -1);
    });
  });
}

function namesIn(folder: string, ending: string): string[] {
  const path = join(projectRoot(), 'load', folder);
  return existsSync(path)
    ? readdirSync(path)
        .filter((file) => file.endsWith(ending))
        .map((file) => file.slice(0, -ending.length))
        .sort()
    : [];
}

function requireKnown(what: string, name: string, known: string[]): void {
  if (!known.includes(name))
    throw new UserError(`there is no load ${what} named "${name}"`, `Choose one of: ${known.join(', ')}.`, 254);
}
