/** Routes about PSPs: what they are, what they can tell, and how they behave. */
import { Router } from 'express';
import { urlProblem } from '../engine/psp-config.ts';
import { mergeProfile, profileProblem, readProfile } from '../engine/read-profile.ts';
import { ControlProblem } from './problem.ts';
import { bodyOf, objectOf, optionalAmount, optionalText, pathParam } from './read-input.ts';
import { pspNamed } from './setting.ts';
import type { ControlSetting } from './setting.ts';
import { eventTypeViews, triggerEvent } from './trigger-event.ts';
import { pspView } from './views.ts';

export function pspRoutes(run: ControlSetting): Router {
  const router = Router();

  router.get('/psps', (_request, response) => {
    response.json(run.psps.map(pspView));
  });

  router.get('/psps/:psp', (request, response) => {
    response.json(pspView(pspNamed(run, pathParam(request, 'psp'))));
  });

  router.patch('/psps/:psp', (request, response) => {
    const psp = pspNamed(run, pathParam(request, 'psp'));
    const { webhook_url: url, profile } = bodyOf(request, ['webhook_url', 'profile']);
    if (url !== undefined && url !== null && typeof url !== 'string')
      throw new ControlProblem('invalid', 'webhook_url must be a text or null');
    const changes = profile === undefined ? {} : readProfile(objectOf(profile, 'profile'));
    const problem = urlProblem(url ?? undefined, run.webhookTargets) ?? profileProblem(changes);
    if (problem !== undefined) throw new ControlProblem('invalid', problem);
    if (url !== undefined) psp.webhookUrl = url;
    psp.profile = mergeProfile(psp.profile, changes);
    response.json(pspView(psp));
  });

  router.get('/psps/:psp/event-types', (request, response) => {
    response.json(eventTypeViews(pspNamed(run, pathParam(request, 'psp'))));
  });

  router.post('/psps/:psp/trigger', async (request, response) => {
    const psp = pspNamed(run, pathParam(request, 'psp'));
    const body = bodyOf(request, ['event', 'reference', 'amount_minor', 'currency']);
    const event = optionalText(body['event'], 'event');
    if (event === undefined) throw new ControlProblem('invalid', 'event must name an event type of this PSP');
    const reference = optionalText(body['reference'], 'reference');
    const amountMinor = optionalAmount(body['amount_minor'], 'amount_minor');
    const currency = optionalText(body['currency'], 'currency');
    const triggered = triggerEvent(psp, {
      event,
      ...(reference === undefined ? {} : { reference }),
      ...(amountMinor === undefined ? {} : { amountMinor }),
      ...(currency === undefined ? {} : { currency }),
    });
    await run.advance();
    response.status(202).json({
      psp: psp.name,
      event,
      event_ids: triggered.eventIds,
      psp_reference: triggered.pspReference,
      reference: triggered.reference,
    });
  });

  return router;
}
