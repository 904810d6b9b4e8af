/** Routes about the books: what is true at a PSP, what a person or the bank behind it does to it, and the cardholder. */
import { Router } from 'express';
import { actOnPage } from '../threeds/act-on-page.ts';
import { CARDHOLDER_ACTIONS } from '../threeds/page-actions.ts';
import { hasChallenge } from '../threeds/play-cardholder.ts';
import { booksView, challengeView, paymentView, payoutView } from './book-views.ts';
import { ControlProblem } from './problem.ts';
import { bodyOf, filterOf, oneOf, pageOf, pathParam } from './read-input.ts';
import { pspNamed, pspsOf } from './setting.ts';
import type { ControlSetting } from './setting.ts';

const CHALLENGE_STATES = ['open', 'approved', 'failed', 'abandoned', 'canceled', 'expired'] as const;

export function bookRoutes(run: ControlSetting): Router {
  const router = Router();

  router.get('/psps/:psp/books', (request, response) => {
    const reference = filterOf(request, 'reference');
    const page = pageOf(request);
    response.json(
      booksView(pspNamed(run, pathParam(request, 'psp')), {
        ...page,
        ...(reference === undefined ? {} : { reference }),
      }),
    );
  });

  router.get('/challenges', (request, response) => {
    const state = filterOf(request, 'state');
    const wanted = state === undefined ? undefined : oneOf(state, 'state', CHALLENGE_STATES);
    const reference = filterOf(request, 'reference');
    const views = pspsOf(run, request.query['psp']).flatMap((psp) =>
      psp.bank
        .challenges()
        .filter((challenge) => wanted === undefined || challenge.state === wanted)
        .map((challenge) => challengeView(psp, challenge)),
    );
    response.json(views.filter((view) => reference === undefined || view.reference === reference));
  });

  router.post('/challenges/:id', async (request, response) => {
    const id = pathParam(request, 'id');
    const action = oneOf(bodyOf(request, ['action'])['action'], 'action', CARDHOLDER_ACTIONS);
    const psp = run.psps.find((candidate) => hasChallenge(candidate, id));
    if (psp === undefined) throw new ControlProblem('not_found', `There is no challenge ${JSON.stringify(id)}`);
    const { returnTo } = await actOnPage(psp, id, action);
    await run.advance();
    response.json({ return_to: returnTo });
  });

  router.post('/payments/:psp/:reference/expire', async (request, response) => {
    const psp = pspNamed(run, pathParam(request, 'psp'));
    const id = pathParam(request, 'reference');
    psp.during(undefined, () => psp.bank.expire(id));
    await run.advance();
    response.json(paymentView(psp.bank.payment(id)));
  });

  router.post('/payouts/:psp/:reference', async (request, response) => {
    const psp = pspNamed(run, pathParam(request, 'psp'));
    const id = pathParam(request, 'reference');
    const outcome = oneOf(bodyOf(request, ['outcome'])['outcome'], 'outcome', [
      'paid',
      'failed',
      'canceled',
      'returned',
    ]);
    psp.during(undefined, () => psp.bank.settlePayout(id, outcome));
    await run.advance();
    response.json(payoutView(psp.bank.payout(id)));
  });

  return router;
}
