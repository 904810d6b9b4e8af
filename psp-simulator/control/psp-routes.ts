/** Routes about PSPs, their books, their exchanges, and the cardholder. */
import { Router } from 'express';
import type { PspProfile } from '../dialects/profile.ts';
import { profileProblem, urlProblem } from '../engine/psp-config.ts';
import { playCardholder } from '../threeds/play-cardholder.ts';
import { pspNamed, pspsOf } from './setting.ts';
import type { ControlSetting } from './setting.ts';
import { ControlProblem } from './problem.ts';
import { bodyOf, oneOf, pathParam, wholeNumber } from './read-input.ts';
import { booksView, challengeView, exchangeView, paymentView, payoutView, pspView } from './views.ts';

export function pspRoutes(setting: ControlSetting): Router {
  const router = Router();

  router.get('/psps', (_request, response) => {
    response.json(setting.psps.map(pspView));
  });

  router.patch('/psps/:psp', (request, response) => {
    const psp = pspNamed(setting, pathParam(request, 'psp'));
    const { webhook_url: url, profile } = bodyOf(request, ['webhook_url', 'profile']);
    if (url !== undefined && url !== null && typeof url !== 'string')
      throw new ControlProblem('invalid', 'webhook_url must be a text or null');
    if (profile !== undefined && !isObject(profile)) throw new ControlProblem('invalid', 'profile must be an object');
    const problem = urlProblem(url ?? undefined) ?? profileProblem(profile ?? {});
    if (problem !== undefined) throw new ControlProblem('invalid', problem);
    if (url !== undefined) psp.webhookUrl = url;
    psp.profile = { ...psp.profile, ...(profile as Partial<PspProfile> | undefined) };
    response.json(pspView(psp));
  });

  router.get('/psps/:psp/books', (request, response) => {
    response.json(booksView(pspNamed(setting, pathParam(request, 'psp'))));
  });

  router.get('/exchanges', (request, response) => {
    const { psp: filter, after } = request.query;
    const from = wholeNumber(after ?? 0, 'after', { min: 0, max: Number.MAX_SAFE_INTEGER });
    response.json(
      pspsOf(setting, filter).flatMap((psp) =>
        psp.exchanges.list({ after: from }).map((entry) => exchangeView(psp, entry)),
      ),
    );
  });

  router.get('/challenges', (request, response) => {
    const { psp: filter, state } = request.query;
    const wanted =
      state === undefined ? undefined : oneOf(state, 'state', ['open', 'approved', 'failed', 'abandoned', 'expired']);
    const views = pspsOf(setting, filter).flatMap((psp) =>
      psp.bank.challenges().map((challenge) => challengeView(psp, challenge)),
    );
    response.json(views.filter((view) => wanted === undefined || view.state === wanted));
  });

  router.post('/challenges/:id', (request, response) => {
    const id = pathParam(request, 'id');
    const action = oneOf(bodyOf(request, ['action'])['action'], 'action', ['approve', 'fail', 'abandon']);
    const psp = setting.psps.find((candidate) => candidate.bank.challenges().some((challenge) => challenge.id === id));
    if (psp === undefined) throw new ControlProblem('not_found', `There is no challenge ${JSON.stringify(id)}`);
    response.json({ return_to: playCardholder(psp, id, action).returnTo });
  });

  router.post('/payments/:psp/:reference/expire', (request, response) => {
    const psp = pspNamed(setting, pathParam(request, 'psp'));
    const id = pathParam(request, 'reference');
    psp.during(undefined, () => psp.bank.expire(id));
    response.json(paymentView(psp.bank.payment(id)));
  });

  router.post('/payouts/:psp/:reference', (request, response) => {
    const psp = pspNamed(setting, pathParam(request, 'psp'));
    const id = pathParam(request, 'reference');
    const outcome = oneOf(bodyOf(request, ['outcome'])['outcome'], 'outcome', ['paid', 'failed', 'returned']);
    psp.during(undefined, () => psp.bank.settlePayout(id, outcome));
    response.json(payoutView(psp.bank.payout(id)));
  });

  return router;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
