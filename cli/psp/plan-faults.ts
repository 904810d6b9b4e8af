/**
 * `--faults`: a plan from a file, checked before anything listens, and handed to the running
 * simulator through its control API like anybody else's.
 */
import { bug, createRealClock, createTcpNetwork, UserError } from '../../kernel/index.ts';
import { dryRunFaults, dryRunText, faultProblem, type PspConfig, type Simulator } from '../../psp-simulator/index.ts';
import { loadPlanFile } from '../../scenarios/index.ts';
import { DIALECT_NAMES } from '../support/psp-choice.ts';
import type { Output } from '../support/output.ts';
import { askControl } from './ask-control.ts';
import type { PspSettings } from './read-options.ts';

export type Faults = readonly Record<string, unknown>[];

/** The faults of the file; empty without one. Throws a UserError that names line and column. */
export function checkFaults(file: string | undefined, psps: readonly PspConfig[]): Faults {
  if (file === undefined) return [];
  const plan = loadPlanFile(file, { dialects: DIALECT_NAMES });
  const names = psps.map(({ name }) => name);
  if (plan.faults.length === 0)
    throw new UserError(`${file} names no fault`, 'Give it a list `faults:` as in a scenario.');
  plan.checkPspNames(names);
  for (const { spec, place } of plan.faults) {
    const problem = faultProblem(spec, names);
    if (problem !== undefined)
      throw new UserError(`${place}: ${problem}`, 'docs/FAULTS.md shows each fault with its parameters.');
  }
  return plan.faults.map(({ spec }) => spec);
}

/** Their times count from now. */
export async function planFaults(
  faults: Faults,
  { control }: Pick<Simulator, 'control'>,
  settings: PspSettings,
): Promise<void> {
  if (faults.length === 0) return;
  const network = createTcpNetwork({ clock: createRealClock() });
  try {
    const answer = await askControl(network, { control: control.url, token: settings.token }, 'PUT', '/v1/faults', {
      faults,
    });
    if (answer.status !== 200) bug(`a checked plan was refused: ${JSON.stringify(answer.body)}`);
  } finally {
    await network.close();
  }
}

/** `--dry-run`: what the plan would hit among that many payments at each PSP, with the same seed. Nothing is started. */
export async function dryRun(
  faults: Faults,
  psps: readonly PspConfig[],
  settings: PspSettings,
  output: Output,
): Promise<void> {
  if (faults.length === 0) throw new UserError('--dry-run has no plan to try', 'Give one with --faults <file>.');
  const { seed, dryRunPayments: payments } = settings;
  const report = await dryRunFaults({
    seed,
    psps,
    faults,
    ...(payments === undefined ? {} : { traffic: { payments } }),
  });
  output.say(dryRunText(report));
  output.result(report);
}
