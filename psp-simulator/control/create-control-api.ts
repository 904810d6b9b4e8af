/**
 * The control API: steers a running simulator over HTTP. Described by
 * `openapi/simulator-control.yaml`; the PSPs' own traffic never passes here.
 *
 *   /v1/…                the run that the simulator started with
 *   /v1/runs/{run_id}/…  the same routes for another run
 */
import express, { Router, type RequestHandler } from 'express';
import type { RequestListener } from '../../kernel/index.ts';
import type { OpenSideRun } from '../engine/open-side-run.ts';
import type { Run } from '../engine/run.ts';
import { FIRST_RUN } from '../engine/runs.ts';
import type { Runs } from '../engine/runs.ts';
import { bookRoutes } from './book-routes.ts';
import { disputeRoutes } from './dispute-routes.ts';
import { exportRoutes } from './export-routes.ts';
import { faultRoutes } from './fault-routes.ts';
import { keepOut } from './keep-out.ts';
import { logRoutes } from './log-routes.ts';
import { ControlProblem, problemHandler } from './problem.ts';
import { pspRoutes } from './psp-routes.ts';
import { refuseMethod } from './refuse-method.ts';
import { runRoutes } from './run-routes.ts';
import { settlementRoutes } from './settlement-routes.ts';
import { timeRoutes } from './time-routes.ts';
import { webhookRoutes } from './webhook-routes.ts';

/** A plan of a thousand faults has a tenth of this. */
const MOST_BODY = '2mb';

export interface ControlOptions {
  runs: Runs;
  openRun: OpenSideRun;
  /** Null: nobody is asked for one. */
  token: string | null;
}

export function createControlApi({ runs, openRun, token }: ControlOptions): RequestListener {
  let requests = 0;
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.use(keepOut(token));
  const routers = new WeakMap<Run, Router>();
  const routerOf = (run: Run): Router => {
    const router = routers.get(run) ?? routesOf(run);
    routers.set(run, router);
    return router;
  };

  const wholeRoutes = runRoutes({ runs, openRun });
  let refuse: RequestHandler | undefined;
  app.use('/v1', (request, response, next) => {
    const first = runs.find(FIRST_RUN);
    if (first === undefined) return next();
    refuse ??= refuseMethod([wholeRoutes, routerOf(first.run)]);
    refuse(request, response, next);
  });
  app.use(express.json({ limit: MOST_BODY }));
  app.use('/v1', wholeRoutes);
  app.use('/v1/runs/:run_id', (request, response, next) => {
    const id = request.params['run_id'] ?? '';
    const found = runs.find(id);
    if (found === undefined) throw new ControlProblem('not_found', `There is no run ${JSON.stringify(id)}`);
    runs.touch(id);
    // A client that puts /v1 behind the address of a simulator can take that of a run as well.
    if (request.url.startsWith('/v1/')) request.url = request.url.slice('/v1'.length);
    routerOf(found.run)(request, response, next);
  });
  app.use('/v1', (request, response, next) => {
    const first = runs.find(FIRST_RUN);
    if (first === undefined) throw new ControlProblem('not_found', 'The simulator is being stopped');
    routerOf(first.run)(request, response, next);
  });

  app.use((request) => {
    throw new ControlProblem('not_found', `There is no ${request.method} ${request.originalUrl.split('?')[0]}`);
  });
  app.use(
    problemHandler(() => {
      requests += 1;
      return `control-${requests}`;
    }),
  );
  return app as RequestListener;
}

function routesOf(run: Run): Router {
  const router = Router();
  for (const routes of [
    timeRoutes,
    faultRoutes,
    pspRoutes,
    bookRoutes,
    logRoutes,
    webhookRoutes,
    disputeRoutes,
    settlementRoutes,
    exportRoutes,
  ])
    router.use(routes(run));
  return router;
}
