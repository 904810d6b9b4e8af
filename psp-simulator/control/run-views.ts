/** How a run looks in the control API. */
import { isoTime } from '../../kernel/index.ts';
import type * as Api from '../../openapi/generated/simulator-control.ts';
import { FIRST_RUN } from '../engine/runs.ts';
import type { OpenRun } from '../engine/runs.ts';
import type { ControlSetting } from './setting.ts';
import { pspView } from './views.ts';

/** `base`: address of the control API, without a trailing slash. */
export function runView({ run, idleMs, lastUsedMs }: OpenRun, base: string): Api.Run {
  return {
    run_id: run.id,
    control_url: run.id === FIRST_RUN ? `${base}/v1` : `${base}/v1/runs/${run.id}`,
    seed: run.ports.random.seed,
    clock: clockView(run),
    created_at: isoTime(run.createdAtMs),
    idle_ms: idleMs,
    ends_at: idleMs === null ? null : isoTime(lastUsedMs + idleMs),
    psps: run.psps.map(pspView),
  };
}

export function clockView({ ports }: ControlSetting): Api.Clock {
  return { kind: ports.clock.kind, now: ports.clock.now() };
}
