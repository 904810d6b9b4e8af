/** Plays an operator who takes PSPs out of service, or puts them back. */
import type { PlannedSwitch } from '../dsl/plan.ts';
import type { Stage } from './stage.ts';

export async function playSwitch(stage: Stage, { op, psps, inService }: PlannedSwitch): Promise<void> {
  for (const psp of psps) {
    const { status } = await stage.service.setPspService(psp, inService);
    stage.record({
      proc: 'runner',
      type: 'note',
      f: 'switch',
      key: op,
      value: { op, psp, in_service: inService, http_status: status },
    });
  }
}
