/** The report as tables for a person. */
import Table from 'cli-table3';
import { rowsOf } from './database.ts';
import { middle, type Report, type Subject } from './compare.ts';
import type { Window } from './windows.ts';

const GOALS: Readonly<Record<string, number>> = { 'one by one': 0.5, batched: 1.5 };
const MOST_HOT_COST = 0.05;

/** Above it the numbers say as much about others as about us. */
const MOST_FOREIGN = 0.1;

const whole = (value: number): string => String(Math.round(value));
const two = (value: number | null): string => (value === null ? '?' : value.toFixed(2));
const range = (values: readonly number[]): string =>
  `${two(middle(values))} (${two(Math.min(...values))} to ${two(Math.max(...values))})`;

function of(subject: Subject, value: (window: Window) => number | null): number | null {
  const values = subject.windows.map(value).filter((one) => one !== null);
  return values.length === 0 ? null : middle(values);
}

export function print(report: Report): void {
  const { machine, postgres, subjects } = report;
  const say = (text: string): void => void process.stdout.write(`${text}\n`);
  say(
    `\nNode ${machine.node}, PostgreSQL ${postgres.version}, ${postgres.pgbench}; ${machine.cores} cores of ${machine.cpu}`,
  );
  say(
    Object.entries(postgres.settings)
      .map(([name, value]) => `${name} ${value}`)
      .join(', '),
  );
  say(
    `${report.rounds} rounds of ${report.secondsPerWindow} s after one that is thrown away; medians; ${report.statementsPerDeposit} statements per deposit`,
  );
  const table = new Table({
    style: { head: [], border: [] },
    head: [
      '',
      'at once',
      'deposits/s',
      'ratio to pgbench (range)',
      'service',
      'database',
      'client',
      'init p50/p95 ms',
      'credit p50/p95 ms',
    ],
  });
  for (const subject of subjects) {
    const { name, concurrency, windows, ratios } = subject;
    const pair = (value: (window: Window) => { p50: number; p95: number } | null): string => {
      const p50 = of(subject, (window) => value(window)?.p50 ?? null);
      return p50 === null
        ? ''
        : `${p50.toFixed(1)} / ${(of(subject, (window) => value(window)?.p95 ?? null) ?? 0).toFixed(1)}`;
    };
    table.push([
      name,
      concurrency,
      whole(middle(windows.map(({ perSecond }) => perSecond))),
      ratios.length === 0 ? '' : range(ratios),
      ...(['service', 'database', 'client'] as const).map((part) => two(of(subject, ({ cpu }) => cpu[part]))),
      pair(({ init }) => init),
      pair(({ credit }) => credit),
    ]);
  }
  say(table.toString());
  say(
    'service, database, client: core-milliseconds per deposit. The client (platform and PSP, or pgbench) shares the cores.',
  );
  const work = new Table({
    style: { head: [], border: [] },
    head: ['per deposit', 'rows written', 'commits', 'bytes of write-ahead log'],
  });
  for (const subject of subjects) {
    const each = (value: (window: Window) => number): string => two(of(subject, value));
    work.push([
      subject.name,
      each(({ work }) => rowsOf(work)),
      each(({ work }) => work.commits),
      each(({ work }) => work.walBytes),
    ]);
  }
  say(work.toString());
  const open = new Table({
    style: { head: [], border: [] },
    head: ['deposits that come by themselves', '/s', 'init p50 / p95 / p99 ms', 'credit p50 / p95 / p99 ms'],
  });
  for (const { name, ratePerSecond, window } of report.open) {
    const list = (times: { p50: number; p95: number; p99: number } | null): string =>
      times === null ? '' : [times.p50, times.p95, times.p99].map((ms) => ms.toFixed(1)).join(' / ');
    open.push([name, ratePerSecond, list(window.init), list(window.credit)]);
  }
  say(open.toString());
  for (const { name, ratios } of subjects) {
    const goal = GOALS[name];
    if (goal !== undefined)
      say(`${name}: ratio ${two(middle(ratios))}, goal ${goal}: ${middle(ratios) >= goal ? 'reached' : 'NOT reached'}`);
  }
  const cost = 1 - middle(report.hotAccount);
  say(
    `all deposits at one PSP instead of four: ratio ${range(report.hotAccount)}, goal at least ${1 - MOST_HOT_COST}: ${cost <= MOST_HOT_COST ? 'reached' : 'NOT reached'}`,
  );
  const machines = subjects.flatMap(({ windows }) => windows.map((window) => window.machine));
  const foreign = machines.map((one) => one.foreign).filter((one) => one !== null);
  const stolen = machines.map((one) => one.stolen).filter((one) => one !== null);
  say(
    `load average ${two(Math.min(...machines.map(({ load1 }) => load1)))} to ${two(Math.max(...machines.map(({ load1 }) => load1)))}, stolen ${range(stolen)} cores, other processes ${range(foreign)} cores`,
  );
  if (foreign.some((share) => share > MOST_FOREIGN))
    say(
      `WARNING: other processes used more than ${MOST_FOREIGN} of a core in ${foreign.filter((share) => share > MOST_FOREIGN).length} of ${foreign.length} windows; ratios are worth more than rates, and neither is final.`,
    );
  for (const sentence of report.unequal) say(`NOT EQUAL WORK: ${sentence}`);
}
