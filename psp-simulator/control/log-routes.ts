/** Routes about what the PSPs were asked. */
import { Router } from 'express';
import { filterOf, pageOf } from './read-input.ts';
import { pspsOf } from './setting.ts';
import type { ControlSetting } from './setting.ts';
import { exchangeView } from './views.ts';

export function logRoutes(run: ControlSetting): Router {
  const router = Router();

  router.get('/exchanges', (request, response) => {
    const { after, limit = Infinity } = pageOf(request);
    const operation = filterOf(request, 'operation');
    const reference = filterOf(request, 'reference');
    response.json(
      pspsOf(run, request.query['psp']).flatMap((psp) =>
        psp.exchanges
          .list({ after })
          .filter((entry) => operation === undefined || entry.operation === operation)
          .filter((entry) => reference === undefined || entry.reference === reference)
          .slice(0, limit)
          .map((entry) => exchangeView(psp, entry)),
      ),
    );
  });

  return router;
}
