/** Routes about the run itself: health, clock, reset. */
import { Router } from 'express';
import type { ManualClock } from '../../kernel/index.ts';
import type { Clock } from '../../openapi/generated/simulator-control.ts';
import type { ControlSetting } from './setting.ts';
import { ControlProblem } from './problem.ts';
import { bodyOf } from './read-input.ts';

/** A year: longer than anything a PSP waits for. */
const MOST_ADVANCE_MS = 366 * 24 * 3_600_000;

export function runRoutes({ psps, plan, ports }: ControlSetting): Router {
  const router = Router();
  const clockView = (): Clock => ({ kind: ports.clock.kind, now: ports.clock.now() });

  router.get('/health', (_request, response) => {
    response.json({ status: 'ok' });
  });

  router.get('/clock', (_request, response) => {
    response.json(clockView());
  });

  router.post('/clock/advance', async (request, response) => {
    const { ms } = bodyOf(request, ['ms']);
    if (typeof ms !== 'number' || !(ms >= 0 && ms <= MOST_ADVANCE_MS)) {
      throw new ControlProblem('invalid', `ms must be a number from 0 to ${MOST_ADVANCE_MS}`);
    }
    if (ports.clock.kind !== 'manual') {
      throw new ControlProblem('conflict', `The clock is ${ports.clock.kind}; only a manual clock can be moved`);
    }
    await (ports.clock as ManualClock).advance(ms);
    response.json(clockView());
  });

  router.post('/reset', async (_request, response) => {
    plan.removeAll();
    for (const psp of psps) psp.reset();
    await plan.settled();
    response.status(204).end();
  });

  return router;
}
