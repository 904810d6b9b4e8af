/** Routes about the simulator as a whole: its health, and the runs in it. */
import { Router } from 'express';
import type { Request } from 'express';
import type { PspConfig } from '../engine/psp-config.ts';
import type { OpenSideRun, RunClock } from '../engine/open-side-run.ts';
import { readDuration, DURATION_HINT } from '../engine/read-duration.ts';
import { readProfile } from '../engine/read-profile.ts';
import { FIRST_RUN } from '../engine/runs.ts';
import type { Runs } from '../engine/runs.ts';
import { ControlProblem } from './problem.ts';
import { bodyOf, fieldsOf, objectOf, oneOf, optionalText, pathParam, wholeNumber } from './read-input.ts';
import { runView } from './run-views.ts';

/** Names of runs: they become part of paths and of listeners' names. */
const RUN_ID = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;

/** A run that compresses a year into a second has passed everything that a PSP waits for. */
const MOST_FACTOR = 31_536_000;

/** Its end must be a date that can be written. */
const MOST_IDLE_MS = 3_650 * 86_400_000;

/** More PSPs than any run has. */
const MOST_PSPS = 50;

export function runRoutes({ runs, openRun }: { runs: Runs; openRun: OpenSideRun }): Router {
  const router = Router();

  router.get('/health', (_request, response) => {
    const psps = runs.list().flatMap(({ run }) => run.psps);
    response.json({
      status: 'ok',
      runs: runs.list().length,
      not_simulated: psps.reduce((sum, psp) => sum + psp.exchanges.notSimulated(), 0),
    });
  });

  router.get('/runs', (request, response) => {
    response.json(runs.list().map((open) => runView(open, baseOf(request))));
  });

  router.post('/runs', async (request, response) => {
    const body = bodyOf(request, ['run_id', 'seed', 'clock', 'psps', 'webhook_url', 'idle']);
    const id = optionalText(body['run_id'], 'run_id');
    if (id !== undefined && (!RUN_ID.test(id) || id === FIRST_RUN))
      throw new ControlProblem(
        'invalid',
        `run_id must have 1 to 63 lower-case letters, digits and hyphens, and not be "${FIRST_RUN}"`,
      );
    const open = await openRun({
      id,
      seed: optionalText(body['seed'], 'seed'),
      clock: readClock(body['clock']),
      psps: readPsps(body['psps']),
      webhookUrl: optionalText(body['webhook_url'], 'webhook_url'),
      idleMs: readIdle(body['idle']),
    });
    response.status(201).json(runView(open, baseOf(request)));
  });

  router.get('/runs/:run_id', (request, response) => {
    const id = pathParam(request, 'run_id');
    const open = runs.find(id);
    if (open === undefined) throw unknownRun(id);
    response.json(runView(open, baseOf(request)));
  });

  router.delete('/runs/:run_id', async (request, response) => {
    const id = pathParam(request, 'run_id');
    if (id === FIRST_RUN)
      throw new ControlProblem('conflict', 'The first run ends with the simulator; POST /v1/reset empties it');
    if (!(await runs.end(id))) throw unknownRun(id);
    response.status(204).end();
  });

  return router;
}

function unknownRun(id: string): ControlProblem {
  return new ControlProblem('not_found', `There is no run ${JSON.stringify(id)}; GET /v1/runs lists them`);
}

/** As the client reaches it, so that the URLs in answers work for that client. */
function baseOf(request: Request): string {
  const base = `${request.protocol}://${request.get('host') ?? 'localhost'}`;
  return URL.canParse(base) ? new URL(base).origin : 'http://localhost';
}

function readClock(value: unknown): RunClock | undefined {
  if (value === undefined) return undefined;
  const fields = fieldsOf(value, 'clock', ['kind', 'factor']);
  const kind = oneOf(fields['kind'], 'clock.kind', ['real', 'scaled', 'manual']);
  const { factor } = fields;
  if (kind !== 'scaled') {
    if (factor === undefined) return { kind };
    throw new ControlProblem('invalid', `clock.factor belongs to a scaled clock, and this one is ${kind}`);
  }
  if (typeof factor === 'number' && factor >= 1 && factor <= MOST_FACTOR) return { kind, factor };
  throw new ControlProblem('invalid', `clock.factor must be a number from 1 to ${MOST_FACTOR}`);
}

function readPsps(value: unknown): PspConfig[] | undefined {
  if (value === undefined) return undefined;
  if (!Array.isArray(value) || value.length === 0 || value.length > MOST_PSPS)
    throw new ControlProblem('invalid', `psps must be a list of 1 to ${MOST_PSPS} PSPs`);
  return value.map((item, index) => {
    const place = `psps[${index}]`;
    const fields = fieldsOf(item, place, ['name', 'dialect', 'webhook_url', 'port', 'profile']);
    const dialect = optionalText(fields['dialect'], `${place}.dialect`);
    if (dialect === undefined) throw new ControlProblem('invalid', `${place}.dialect is missing`);
    const config: PspConfig = { name: optionalText(fields['name'], `${place}.name`) ?? dialect, dialect };
    const webhookUrl = optionalText(fields['webhook_url'], `${place}.webhook_url`);
    if (webhookUrl !== undefined) config.webhookUrl = webhookUrl;
    const { port, profile } = fields;
    if (port !== undefined) config.port = wholeNumber(port, `${place}.port`, { min: 0, max: 65_535 });
    if (profile !== undefined) config.profile = readProfile(objectOf(profile, `${place}.profile`));
    return config;
  });
}

function readIdle(value: unknown): number | null {
  if (value === undefined || value === null) return null;
  const idleMs = readDuration(value);
  if (idleMs !== undefined && idleMs > 0 && idleMs <= MOST_IDLE_MS) return idleMs;
  throw new ControlProblem('invalid', `idle must be longer than 0 and at most 3650 days: ${DURATION_HINT}`);
}
