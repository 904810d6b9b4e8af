/** Routes about a run's time: its clock, and the way back to its beginning. */
import { Router } from 'express';
import { readDuration, DURATION_HINT } from '../engine/read-duration.ts';
import { ControlProblem } from './problem.ts';
import { bodyOf } from './read-input.ts';
import { clockView } from './run-views.ts';
import type { ControlSetting } from './setting.ts';

/** A year: longer than anything a PSP waits for. */
const MOST_ADVANCE_MS = 366 * 24 * 3_600_000;

export function timeRoutes(run: ControlSetting): Router {
  const router = Router();

  router.get('/clock', (_request, response) => {
    response.json(clockView(run));
  });

  router.post('/clock/advance', async (request, response) => {
    const ms = readAdvance(bodyOf(request, ['ms', 'by']));
    const { kind } = run.ports.clock;
    if (kind !== 'manual')
      throw new ControlProblem(
        'conflict',
        `The clock of this run is ${kind}; only a manual clock can be moved: POST /v1/runs with {"clock":{"kind":"manual"}}`,
      );
    const before = tries(run);
    await run.advance(ms);
    response.json({ ...clockView(run), deliveries: tries(run) - before });
  });

  router.post('/reset', async (_request, response) => {
    await run.reset();
    response.status(204).end();
  });

  return router;
}

/** Deliveries tried so far. */
function tries({ psps }: ControlSetting): number {
  return psps.reduce((sum, psp) => sum + psp.courier.tries(), 0);
}

function readAdvance({ ms, by }: Record<string, unknown>): number {
  if ((ms === undefined) === (by === undefined))
    throw new ControlProblem('invalid', 'Say either "ms", or "by" with a duration such as "P3D" or "3 days"');
  const advanceMs = ms === undefined ? readDuration(by) : typeof ms === 'number' ? readDuration(ms) : undefined;
  if (advanceMs !== undefined && advanceMs <= MOST_ADVANCE_MS) return advanceMs;
  const what = ms === undefined ? `by must be ${DURATION_HINT},` : 'ms must be a number from 0 on,';
  throw new ControlProblem('invalid', `${what} at most ${MOST_ADVANCE_MS} ms (a year)`);
}
