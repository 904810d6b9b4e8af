/** What every route of the control API works on, and how a request names a PSP. */
import type { Psp } from '../engine/psp.ts';
import type { Run } from '../engine/run.ts';
import { ControlProblem } from './problem.ts';

/** One run: no route sees another. */
export type ControlSetting = Run;

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
