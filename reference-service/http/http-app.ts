/**
 * The HTTP face: an Express app whose routes are the operations of openapi/payments.yaml.
 * Every operation must have a route and every route an operation, or the service does not
 * start.
 */
import express, { type Express, type NextFunction, type Request, type Response } from 'express';
import type { ServiceContext } from '../application/context.ts';
import { ServiceError } from '../domain/errors.ts';
import type { ServiceMetrics } from '../observability/metrics.ts';
import type { Spans } from '../observability/spans.ts';
import type { ChangeBoard } from '../workers/change-board.ts';
import { Admission, type RateLimits } from './admission.ts';
import type { ApiKeyConfig } from './api-keys.ts';
import { contract, type Operation } from './contract.ts';
import { refuseCardNumbers } from './exchange.ts';
import { handlerOf, headOf, traceOf } from './handle.ts';
import { caseRoutes } from './case-routes.ts';
import { eventRoutes } from './event-routes.ts';
import { healthRoutes, type Health } from './health-routes.ts';
import { metricsRoutes } from './metrics-routes.ts';
import { ledgerRoutes } from './ledger-routes.ts';
import { limitsRoutes } from './limits-routes.ts';
import { paymentRoutes } from './payment-routes.ts';
import { payoutRoutes } from './payout-routes.ts';
import { playerRoutes } from './player-routes.ts';
import { sendProblem } from './problem.ts';
import { securityHeaders } from './security-headers.ts';
import { roundRoutes } from './round-routes.ts';
import { routingRoutes } from './routing-routes.ts';
import { storedMethodRoutes } from './stored-method-routes.ts';
import { reconciliationRoutes } from './reconciliation-routes.ts';
import { refundRoutes } from './refund-routes.ts';
import { walletRoutes } from './wallet-routes.ts';
import { webhookLogRoutes } from './webhook-log-routes.ts';

export interface HttpAppOptions {
  context: ServiceContext;
  board: ChangeBoard;
  keys: readonly ApiKeyConfig[];
  limits: RateLimits;
  metrics: ServiceMetrics;
  spans: Spans;
  health: Health;
}

/** The router tries one route after another: what comes most often stands first. */
const MOST_FREQUENT: readonly string[] = ['initPayment', 'receiveWebhook'];

export function createHttpApp(options: HttpAppOptions): Express {
  const { context, board, metrics, spans, health } = options;
  const admission = new Admission({ clock: context.clock, keys: options.keys, limits: options.limits });
  const routes = {
    ...paymentRoutes(context, board),
    ...storedMethodRoutes(context),
    ...roundRoutes(context),
    ...payoutRoutes(context),
    ...limitsRoutes(context),
    ...playerRoutes(context),
    ...walletRoutes(context),
    ...refundRoutes(context),
    ...ledgerRoutes(context),
    ...caseRoutes(context),
    ...reconciliationRoutes(context),
    ...routingRoutes(context),
    ...eventRoutes(context),
    ...webhookLogRoutes(context),
    ...metricsRoutes(context, metrics),
    ...healthRoutes(context, health),
  };
  const operations = contract();
  const isOtherMethodOfFixedPath = otherMethodOfFixedPath(operations.values());
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  const headers = securityHeaders();
  app.use((_request: Request, response: Response, next: NextFunction) => {
    for (const [name, value] of headers) response.setHeader(name, value);
    // A client that keeps its connection would keep a process that wants to end.
    if (health.notReady() !== null) response.setHeader('Connection', 'close');
    next();
  });
  app.use((request: Request, response: Response, next: NextFunction) => {
    if (!isOtherMethodOfFixedPath(request)) return next();
    sendProblem(response, nothingHere(operations.values(), request, response), traceOf(context, request).traceId);
  });
  const isRare = ({ operationId }: Operation): boolean => !MOST_FREQUENT.includes(operationId);
  const inOrder = [...operations.values()].sort((one, other) => Number(isRare(one)) - Number(isRare(other)));
  for (const operation of inOrder) {
    const route = routes[operation.operationId];
    if (route === undefined) throw new Error(`Bug: operation ${operation.operationId} has no route`);
    const method = operation.method as 'get' | 'post' | 'put' | 'patch' | 'delete';
    app[method](
      operation.path.replaceAll(/\{(\w+)\}/g, ':$1'),
      handlerOf({ context, admission, metrics, spans }, operation, route),
    );
  }
  const orphans = Object.keys(routes).filter((name) => !operations.has(name));
  if (orphans.length > 0) throw new Error(`Bug: routes without an operation: ${orphans.join(', ')}`);

  app.use((request: Request, response: Response) => {
    sendProblem(response, nothingHere(operations.values(), request, response), traceOf(context, request).traceId);
  });
  // Express itself fails before a route is reached: a path that cannot be decoded.
  app.use((_error: unknown, request: Request, response: Response, _next: NextFunction) => {
    sendProblem(
      response,
      new ServiceError('bad_request', 'The address cannot be read: it is not valid percent-encoding.'),
      traceOf(context, request).traceId,
    );
  });
  return app;
}

/** Why no route answers: another method, or nothing at this path. Nothing secret is repeated. */
function nothingHere(operations: Iterable<Operation>, request: Request, response: Response): ServiceError {
  try {
    refuseCardNumbers(headOf(request));
  } catch (error) {
    if (error instanceof ServiceError) return error;
    throw error;
  }
  const allowed = methodsAt([...operations], request.path);
  if (allowed.length === 0) return new ServiceError('not_found', `There is no ${request.method} ${request.path} here.`);
  response.setHeader('Allow', [...allowed, 'OPTIONS'].join(', '));
  return new ServiceError('method_not_allowed', `This path takes ${allowed.join(', ')}.`, {
    details: { allowed },
  });
}

/** What the document has at this path. A path without parameters is meant before one with them. */
function methodsAt(operations: readonly Operation[], path: string): string[] {
  const fixed = operations.filter((operation) => operation.path === path);
  const here = fixed.length > 0 ? fixed : operations.filter((operation) => patternOf(operation.path).test(path));
  const methods = here.map(({ method }) => method.toUpperCase());
  return methods.includes('GET') ? [...methods, 'HEAD'] : methods;
}

/** `GET /v1/events/replay` does not ask for the event "replay": the router alone would think so. */
function otherMethodOfFixedPath(operations: Iterable<Operation>): (request: Request) => boolean {
  const all = [...operations];
  const fixed = new Map(
    all.filter(({ path }) => !path.includes('{')).map(({ path }) => [path, methodsAt(all, path)] as const),
  );
  return ({ method, path }) => method !== 'OPTIONS' && fixed.get(path)?.includes(method) === false;
}

/** A path of the document, `{name}` standing for one segment. */
function patternOf(path: string): RegExp {
  return new RegExp(`^${path.replaceAll(/\{\w+\}/g, '[^/]+')}/?$`);
}
