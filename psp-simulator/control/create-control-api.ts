/**
 * The control API: steers a running simulator over HTTP. Described by
 * `openapi/simulator-control.yaml`; the PSPs' own traffic never passes here.
 */
import express from 'express';
import type { RequestListener } from '../../kernel/index.ts';
import { faultRoutes } from './fault-routes.ts';
import { ControlProblem, problemHandler } from './problem.ts';
import { pspRoutes } from './psp-routes.ts';
import { runRoutes } from './run-routes.ts';
import type { ControlSetting } from './setting.ts';
import { webhookRoutes } from './webhook-routes.ts';

/** A plan of a thousand faults has a tenth of this. */
const MOST_BODY = '2mb';

export function createControlApi(setting: ControlSetting): RequestListener {
  let requests = 0;
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.use(express.json({ limit: MOST_BODY }));
  app.use('/v1', runRoutes(setting), faultRoutes(setting), pspRoutes(setting), webhookRoutes(setting));
  app.use((request) => {
    throw new ControlProblem('not_found', `There is no ${request.method} ${request.path}`);
  });
  app.use(
    problemHandler(() => {
      requests += 1;
      return `control-${requests}`;
    }),
  );
  return app as RequestListener;
}
