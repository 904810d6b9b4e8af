/** Routes about planned faults. */
import { Router } from 'express';
import { describeFaults } from '../engine/describe.ts';
import { dryRunFaults } from '../engine/dry-run.ts';
import type { SampleTraffic } from '../engine/dry-run-traffic.ts';
import type { ControlSetting } from './setting.ts';
import { ControlProblem } from './problem.ts';
import { bodyOf, pathParam } from './read-input.ts';

export function faultRoutes({ plan, psps, ports }: ControlSetting): Router {
  const router = Router();

  router.get('/fault-kinds', (_request, response) => {
    response.json(describeFaults());
  });

  router.get('/faults', (_request, response) => {
    response.json(plan.list());
  });

  router.put('/faults', async (request, response) => {
    const { faults, origin } = bodyOf(request, ['faults', 'origin']);
    if (!Array.isArray(faults)) throw new ControlProblem('invalid', 'faults must be a list');
    if (origin !== undefined && !Number.isInteger(origin))
      throw new ControlProblem('invalid', 'origin must be milliseconds since the epoch');
    plan.replace(faults, typeof origin === 'number' ? origin : undefined);
    await plan.settled();
    response.json(plan.list());
  });

  router.post('/faults', async (request, response) => {
    const id = plan.add(request.body);
    await plan.settled();
    response.status(201).json(plan.list().find((fault) => fault.id === id));
  });

  router.post('/faults/dry-run', async (request, response) => {
    const { faults, traffic, seed } = bodyOf(request, ['faults', 'traffic', 'seed']);
    if (faults !== undefined && !Array.isArray(faults)) throw new ControlProblem('invalid', 'faults must be a list');
    if (seed !== undefined && typeof seed !== 'string') throw new ControlProblem('invalid', 'seed must be text');
    const report = await dryRunFaults({
      seed: seed ?? ports.random.seed,
      psps: psps.map(({ name, dialect, profile }) => ({ name, dialect: dialect.name, profile })),
      faults: faults ?? plan.list().map(({ hits: _hits, active: _active, ...spec }) => spec),
      // Checked there: whatever it is, it is understood wholly or refused.
      ...(traffic === undefined ? {} : { traffic: traffic as SampleTraffic }),
    });
    response.json(report);
  });

  router.delete('/faults', async (_request, response) => {
    plan.removeAll();
    await plan.settled();
    response.status(204).end();
  });

  router.delete('/faults/:id', async (request, response) => {
    const id = pathParam(request, 'id');
    if (!plan.remove(id)) throw new ControlProblem('not_found', `No fault has the id ${JSON.stringify(id)}`);
    await plan.settled();
    response.status(204).end();
  });

  return router;
}
