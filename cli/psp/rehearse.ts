/** `--dry-run`: says what the plan of `--faults` would hit over a hundred payments at each PSP, and ends. Nothing listens. */
import { UserError } from '../../kernel/index.ts';
import { dryRunFaults, dryRunText, type PspConfig } from '../../psp-simulator/index.ts';
import type { Output } from '../support/output.ts';
import type { Faults } from './plan-faults.ts';

export async function rehearse(
  faults: Faults,
  psps: readonly PspConfig[],
  { seed, output }: { seed: string; output: Output },
): Promise<void> {
  if (faults.length === 0)
    throw new UserError('--dry-run has no plan to try', 'Name a file with --faults; docs/FAULTS.md has examples.');
  const report = await dryRunFaults({ seed, psps, faults });
  output.say(dryRunText(report));
  output.result(report);
}
