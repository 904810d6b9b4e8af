/**
 * The control API: steers a running simulator over HTTP. Described by
 * `openapi/simulator-control.yaml`; the PSPs' own traffic never passes here.
 */
import express from 'express';
import type { RequestListener } from '../../kernel/index.ts';
import type { Psp } from '../engine/psp.ts';
import type { SimulatorPorts } from '../engine/psp.ts';
import type { FaultPlan } from '../faults/plan.ts';
import { faultRoutes } from './fault-routes.ts';
import { ControlProblem, problemHandler } from './problem.ts';
import { pspRoutes } from './psp-routes.ts';
import { runRoutes } from './run-routes.ts';
import { webhookRoutes } from './webhook-routes.ts';

/** A plan of a thousand faults has a tenth of this. */
const MOST_BODY = '2mb';

export interface ControlSetting {
  psps: readonly Psp[];
  plan: FaultPlan;
  ports: SimulatorPorts;
}

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

/** The PSP of this name, or a 404 that lists the names. */
export function pspNamed(setting: ControlSetting, name: string): Psp {
  const psp = setting.psps.find((candidate) => candidate.name === name);
  if (psp !== undefined) return psp;
  throw new ControlProblem(
    'not_found',
    `No PSP is named ${JSON.stringify(name)}: there are ${setting.psps.map(({ name: known }) => known).join(', ')}`,
  );
}

/** The PSPs that a `?psp=` filter leaves. */
export function pspsOf(setting: ControlSetting, filter: unknown): readonly Psp[] {
  return typeof filter === 'string' && filter !== '' ? [pspNamed(setting, filter)] : setting.psps;
}
