/**
 * The HTTP face: an Express app whose routes are the operations of openapi/payments.yaml.
 * Every operation must have a route and every route an operation, or the service does not
 * start.
 */
import express, { type Express, type NextFunction, type Request, type Response } from 'express';
import { messageOf } from '../../kernel/index.ts';
import type { ServiceContext } from '../application/context.ts';
import { ServiceError } from '../domain/errors.ts';
import type { ChangeBoard } from '../workers/change-board.ts';
import type { Answer } from './answer.ts';
import { contract, type Operation } from './contract.ts';
import { readExchange } from './exchange.ts';
import { caseRoutes } from './case-routes.ts';
import { healthRoutes } from './health-routes.ts';
import { ledgerRoutes } from './ledger-routes.ts';
import { limitsRoutes } from './limits-routes.ts';
import { paymentRoutes } from './payment-routes.ts';
import { payoutRoutes } from './payout-routes.ts';
import { playerRoutes } from './player-routes.ts';
import { sendProblem, unavailable } from './problem.ts';
import { RateLimit } from './rate-limit.ts';
import type { Route } from './routes.ts';
import { roundRoutes } from './round-routes.ts';
import { routingRoutes } from './routing-routes.ts';
import { storedMethodRoutes } from './stored-method-routes.ts';
import { reconciliationRoutes } from './reconciliation-routes.ts';
import { refundRoutes } from './refund-routes.ts';
import { walletRoutes } from './wallet-routes.ts';

export interface HttpAppOptions {
  context: ServiceContext;
  board: ChangeBoard;
  apiKey: string;
  /** Per player; Infinity for none. */
  startsPerMinute: number;
}

export function createHttpApp({ context, board, apiKey, startsPerMinute }: HttpAppOptions): Express {
  const limit = new RateLimit(startsPerMinute);
  const routes = {
    ...paymentRoutes(context, board, limit),
    ...storedMethodRoutes(context),
    ...roundRoutes(context),
    ...payoutRoutes(context, limit),
    ...limitsRoutes(context),
    ...playerRoutes(context),
    ...walletRoutes(context),
    ...refundRoutes(context),
    ...ledgerRoutes(context),
    ...caseRoutes(context),
    ...reconciliationRoutes(context),
    ...routingRoutes(context),
    ...healthRoutes(context),
  };
  const operations = contract();
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  for (const operation of operations.values()) {
    const route = routes[operation.operationId];
    if (route === undefined) throw new Error(`Bug: operation ${operation.operationId} has no route`);
    const path = operation.path.replaceAll(/\{(\w+)\}/g, ':$1');
    const handler = (request: Request, response: Response): Promise<void> =>
      handle(context, { operation, route, apiKey }, request, response);
    const method = operation.method as 'get' | 'post' | 'put' | 'patch' | 'delete';
    app[method](path, handler);
  }
  const orphans = Object.keys(routes).filter((name) => !operations.has(name));
  if (orphans.length > 0) throw new Error(`Bug: routes without an operation: ${orphans.join(', ')}`);

  app.use((request: Request, response: Response) => {
    sendProblem(
      response,
      new ServiceError('not_found', `There is no ${request.method} ${request.path} here.`),
      traceIdOf(context, request),
    );
  });
  // Express itself fails before a route is reached: a path that cannot be decoded.
  app.use((error: unknown, request: Request, response: Response, _next: NextFunction) => {
    sendProblem(
      response,
      new ServiceError('bad_request', `The address cannot be read: ${messageOf(error)}.`),
      traceIdOf(context, request),
    );
  });
  return app;
}

async function handle(
  context: ServiceContext,
  { operation, route, apiKey }: { operation: Operation; route: Route; apiKey: string },
  request: Request,
  response: Response,
): Promise<void> {
  const traceId = traceIdOf(context, request);
  try {
    const exchange = await readExchange(operation, request, { apiKey, traceId });
    send(response, await route(exchange, operation));
  } catch (error) {
    sendProblem(response, asServiceError(context, error, { traceId, operation: operation.operationId }), traceId);
  }
}

function send(response: Response, answer: Answer): void {
  if (answer.kind === 'redirect') {
    response.status(303).setHeader('Location', answer.location);
    response.end();
    return;
  }
  if (answer.kind === 'text') {
    response.status(answer.status).setHeader('Content-Type', answer.contentType);
    response.end(answer.text);
    return;
  }
  if (answer.replayed === true) response.setHeader('Idempotent-Replayed', 'true');
  response.status(answer.status).setHeader('Content-Type', 'application/json; charset=utf-8');
  response.end(JSON.stringify(answer.body));
}

function asServiceError(
  context: ServiceContext,
  error: unknown,
  where: { traceId: string; operation: string },
): ServiceError {
  if (error instanceof ServiceError) return error;
  const gone = context.database.isUnavailable(error);
  const stack = error instanceof Error ? error.stack : undefined;
  context.log({
    level: 'error',
    msg: gone ? 'database unavailable' : 'request failed',
    ...where,
    error: messageOf(error),
    stack: stack ?? null,
  });
  return gone
    ? unavailable()
    : new ServiceError('internal_error', 'Something went wrong on our side; the trace_id finds it in our log.');
}

/** The caller's trace (W3C traceparent) or a new one. */
function traceIdOf(context: ServiceContext, request: Request): string {
  const given = /^[0-9a-f]{2}-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}$/.exec(
    String(request.headers['traceparent'] ?? ''),
  )?.[1];
  return given ?? context.ids.uuid().replaceAll('-', '');
}
