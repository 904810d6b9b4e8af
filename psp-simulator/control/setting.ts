/** What every route of the control API works on, and how a request names a PSP. */
import type { Psp, SimulatorPorts } from '../engine/psp.ts';
import type { FaultPlan } from '../faults/plan.ts';
import { ControlProblem } from './problem.ts';

export interface ControlSetting {
  psps: readonly Psp[];
  plan: FaultPlan;
  ports: SimulatorPorts;
}

/** The PSP of this name, or a 404 that lists the names. */
export function pspNamed(setting: ControlSetting, name: string): Psp {
  const psp = setting.psps.find((candidate) => candidate.name === name);
  if (psp !== undefined) return psp;
  throw new ControlProblem(
    'not_found',
    `No PSP is named ${JSON.stringify(name)}: there are ${setting.psps.map(({ name: known }) => known).join(', ')}`,
  );
}

/** The PSPs that a `?psp=` filter leaves. */
export function pspsOf(setting: ControlSetting, filter: unknown): readonly Psp[] {
  return typeof filter === 'string' && filter !== '' ? [pspNamed(setting, filter)] : setting.psps;
}
