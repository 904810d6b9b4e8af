/** Routes about webhooks: deliveries, replays, dead letters, events out of nothing. */
import { Router } from 'express';
import type { Request } from 'express';
import type { Psp } from '../engine/psp.ts';
import { readDuration, DURATION_HINT } from '../engine/read-duration.ts';
import type { LoggedDelivery, Message } from '../webhooks/message.ts';
import { injectEvent } from './inject-event.ts';
import type { Injection } from './inject-event.ts';
import { ControlProblem } from './problem.ts';
import { bodyOf, filterOf, oneOf, optionalBodyOf, optionalText, pageOf, pathParam, wholeNumber } from './read-input.ts';
import { REPLAY_MODES, replayDelivery, replaySwapped } from './replay-delivery.ts';
import { pspNamed, pspsOf } from './setting.ts';
import type { ControlSetting } from './setting.ts';
import { deadLetterId, deadLetterView, deliveryView } from './views.ts';

/** A burst larger than this tests the machine, not the service. */
const MOST_COPIES = 1_000;

/** Longest pause between two messages of a replay: a day, as a PSP's serial duplicates come. */
const MOST_GAP_MS = 86_400_000;

export function webhookRoutes(run: ControlSetting): Router {
  const router = Router();

  router.get('/deliveries', (request, response) => {
    const { after, limit = Infinity } = pageOf(request);
    const reference = filterOf(request, 'reference');
    const event = filterOf(request, 'event');
    response.json(
      pspsOf(run, request.query['psp']).flatMap((psp) =>
        psp.courier
          .deliveries({ after })
          .filter((entry) => reference === undefined || entry.reference === reference)
          .filter((entry) => event === undefined || entry.eventType === event)
          .slice(0, limit)
          .map((entry) => deliveryView(psp, entry)),
      ),
    );
  });

  router.get('/deliveries/waiting', (request, response) => {
    const waiting = pspsOf(run, request.query['psp']).map((psp) => psp.courier.waitingMessages());
    response.json({ messages: waiting.reduce((sum, messages) => sum + messages, 0) });
  });

  router.post('/deliveries/:id/replay', async (request, response) => {
    const body = bodyOf(request, ['mode', 'count', 'gap', 'with']);
    const { psp, delivery } = deliveryOf(run, pathParam(request, 'id'));
    const mode = oneOf(body['mode'], 'mode', REPLAY_MODES);
    const gapMs = readGap(body['gap']);
    const other = optionalText(body['with'], 'with');
    let messages: number;
    if (mode === 'swapped') {
      if (other === undefined)
        throw new ControlProblem('invalid', 'with must name the delivery to swap with when mode is swapped');
      messages = replaySwapped({ psp, delivery }, deliveryOf(run, other), gapMs);
    } else {
      const count = wholeNumber(body['count'] ?? 2, 'count', { min: 1, max: MOST_COPIES });
      messages = replayDelivery(psp, delivery, { mode, count, gapMs });
    }
    await run.advance();
    response.status(202).json({ messages });
  });

  router.get('/dead-letters', (request, response) => {
    response.json(
      pspsOf(run, request.query['psp']).flatMap((psp) =>
        psp.courier.deadLetters().map((letter) => deadLetterView(psp, letter)),
      ),
    );
  });

  router.post('/dead-letters/replay', async (request, response) => {
    const filter = optionalText(optionalBodyOf(request, ['psp'])['psp'], 'psp');
    let messages = 0;
    for (const psp of pspsOf(run, filter))
      for (const letter of [...psp.courier.deadLetters()]) messages += revive(psp, letter);
    await run.advance();
    response.status(202).json({ messages });
  });

  router.post('/dead-letters/:id/replay', async (request, response) => {
    const id = pathParam(request, 'id');
    const found = run.psps
      .flatMap((psp) => psp.courier.deadLetters().map((letter) => ({ psp, letter })))
      .find(({ psp, letter }) => deadLetterId(psp, letter) === id);
    if (found === undefined) throw new ControlProblem('not_found', `There is no dead letter ${JSON.stringify(id)}`);
    const messages = revive(found.psp, found.letter);
    await run.advance();
    response.status(202).json({ messages });
  });

  router.post('/psps/:psp/events', async (request, response) => {
    const psp = pspNamed(run, pathParam(request, 'psp'));
    const eventIds = injectEvent(psp, readInjection(request));
    await run.advance();
    response.status(202).json({ event_ids: eventIds });
  });

  return router;
}

function readInjection(request: Request): Injection {
  const { kind, reference, signature } = bodyOf(request, ['kind', 'reference', 'signature']);
  const wanted = optionalText(reference, 'reference');
  return {
    kind: oneOf(kind, 'kind', ['forged', 'stale', 'wrong-amount', 'contradictory', 'duplicate']),
    ...(wanted === undefined ? {} : { reference: wanted }),
    ...(signature === undefined
      ? {}
      : { signature: oneOf(signature, 'signature', ['wrong-key', 'missing', 'malformed', 'altered-body']) }),
  };
}

function deliveryOf(run: ControlSetting, id: string): { psp: Psp; delivery: LoggedDelivery } {
  for (const psp of run.psps) {
    const delivery = psp.courier.delivery(id);
    if (delivery !== undefined) return { psp, delivery };
  }
  throw new ControlProblem('not_found', `There is no delivery ${JSON.stringify(id)}`);
}

/** A dead letter gets a whole retry plan again, from now. */
function revive(psp: Psp, letter: Message): number {
  return psp.courier.revive(letter) ? 1 : 0;
}

function readGap(value: unknown): number {
  const gapMs = readDuration(value ?? 0);
  if (gapMs !== undefined && gapMs <= MOST_GAP_MS) return gapMs;
  throw new ControlProblem('invalid', `gap must be ${DURATION_HINT}, at most a day`);
}
