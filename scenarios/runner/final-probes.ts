/**
 * The last look at everything: each subject, each player's wallets and entries, the trial
 * balance and the cases. Quiescence is judged from these.
 */
import { discover } from './settle.ts';
import { probeCases, probeLedger, probeSubject, probeWallets } from './probes.ts';
import type { Stage } from './stage.ts';

export async function finalProbes(stage: Stage): Promise<void> {
  await discover(stage, 'final');
  for (const subject of stage.subjects.values()) {
    await probeSubject(stage, subject, 'final');
  }
  for (const player of stage.plan.players) await probeWallets(stage, player.id, 'final');
  await probeLedger(stage, 'final');
  await probeCases(stage, 'final');
}
