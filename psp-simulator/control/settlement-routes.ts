/** Routes about settlement: batches as the PSP tells them and as they are, and their native files. */
import { Router } from 'express';
import type { Psp } from '../engine/psp.ts';
import { ControlProblem } from './problem.ts';
import { pathParam } from './read-input.ts';
import { pspNamed } from './setting.ts';
import type { ControlSetting } from './setting.ts';
import { batchView, lineView, settlementView } from './settlement-views.ts';

export function settlementRoutes(run: ControlSetting): Router {
  const router = Router();

  router.get('/psps/:psp/settlements', (request, response) => {
    const psp = pspNamed(run, pathParam(request, 'psp'));
    response.json(psp.settlement.closed().map((closed) => settlementView(psp, closed)));
  });

  router.post('/psps/:psp/settlements', async (request, response) => {
    const psp = pspNamed(run, pathParam(request, 'psp'));
    const closed: ReturnType<typeof psp.settlement.closeNow> = [];
    psp.during(undefined, () => closed.push(...psp.settlement.closeNow()));
    await run.advance();
    response.status(201).json(closed.map((batch) => settlementView(psp, batch)));
  });

  router.get('/psps/:psp/settlements/open', (request, response) => {
    const psp = pspNamed(run, pathParam(request, 'psp'));
    response.json(psp.settlement.unsettledLines().map(lineView));
  });

  router.get('/psps/:psp/settlements/:batch', (request, response) => {
    const psp = pspNamed(run, pathParam(request, 'psp'));
    const { told, truth } = batchNamed(psp, pathParam(request, 'batch'));
    response.json({ told: batchView(told), truth: batchView(truth) });
  });

  router.get('/psps/:psp/settlements/:batch/files/:file', (request, response) => {
    const psp = pspNamed(run, pathParam(request, 'psp'));
    const { told } = batchNamed(psp, pathParam(request, 'batch'));
    const name = pathParam(request, 'file');
    const file = psp.settlement.files(told).find((candidate) => candidate.name === name);
    if (file === undefined)
      throw new ControlProblem('not_found', `The batch ${told.id} has no file ${JSON.stringify(name)}`);
    response.attachment(file.name).type(file.contentType).send(file.body);
  });

  return router;
}

function batchNamed(psp: Psp, id: string): ReturnType<Psp['settlement']['closed']>[number] {
  const found = psp.settlement.closed().find(({ truth }) => truth.id === id);
  if (found !== undefined) return found;
  throw new ControlProblem('not_found', `${psp.name} has closed no batch ${JSON.stringify(id)}`);
}
