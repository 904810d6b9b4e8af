/** Routes about webhooks: deliveries, replays, dead letters, events out of nothing. */
import { Router } from 'express';
import { injectEvent } from './inject-event.ts';
import type { Injection } from './inject-event.ts';
import { replayDelivery } from './replay-delivery.ts';
import { pspNamed, pspsOf } from './setting.ts';
import type { ControlSetting } from './setting.ts';
import { ControlProblem } from './problem.ts';
import { bodyOf, oneOf, pathParam, wholeNumber } from './read-input.ts';
import { deadLetterView, deliveryView } from './views.ts';

/** A burst larger than this tests the machine, not the service. */
const MOST_COPIES = 1_000;

export function webhookRoutes(setting: ControlSetting): Router {
  const router = Router();

  router.get('/deliveries', (request, response) => {
    const { psp: filter, after } = request.query;
    const from = wholeNumber(after ?? 0, 'after', { min: 0, max: Number.MAX_SAFE_INTEGER });
    response.json(
      pspsOf(setting, filter).flatMap((psp) => psp.courier.deliveries(from).map((entry) => deliveryView(psp, entry))),
    );
  });

  router.get('/deliveries/waiting', (request, response) => {
    const waiting = pspsOf(setting, request.query['psp']).map((psp) => psp.courier.waitingMessages());
    response.json({ messages: waiting.reduce((sum, messages) => sum + messages, 0) });
  });

  router.post('/deliveries/:id/replay', (request, response) => {
    const id = pathParam(request, 'id');
    const { mode, count } = bodyOf(request, ['mode', 'count']);
    const options = {
      mode: oneOf(mode, 'mode', ['once', 'burst', 'wrong-key', 'stale']),
      count: wholeNumber(count ?? 2, 'count', { min: 1, max: MOST_COPIES }),
    };
    for (const psp of setting.psps) {
      const delivery = psp.courier.delivery(id);
      if (delivery === undefined) continue;
      response.status(202).json({ messages: replayDelivery(psp, delivery, options) });
      return;
    }
    throw new ControlProblem('not_found', `There is no delivery ${JSON.stringify(id)}`);
  });

  router.get('/dead-letters', (_request, response) => {
    response.json(
      setting.psps.flatMap((psp) => psp.courier.deadLetters().map((letter) => deadLetterView(psp, letter))),
    );
  });

  router.post('/psps/:psp/events', (request, response) => {
    const psp = pspNamed(setting, pathParam(request, 'psp'));
    const { kind, reference, signature } = bodyOf(request, ['kind', 'reference', 'signature']);
    if (reference !== undefined && typeof reference !== 'string')
      throw new ControlProblem('invalid', 'reference must be a text');
    const injection: Injection = {
      kind: oneOf(kind, 'kind', ['forged', 'stale', 'wrong-amount', 'contradictory', 'duplicate']),
    };
    if (reference !== undefined) injection.reference = reference;
    if (signature !== undefined)
      injection.signature = oneOf(signature, 'signature', ['wrong-key', 'missing', 'malformed', 'altered-body']);
    response.status(202).json({ event_ids: injectEvent(psp, injection) });
  });

  return router;
}
