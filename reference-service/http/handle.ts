/**
 * One request from the first byte to the last: its trace, whether it is admitted, its route, its
 * answer or problem, one line in the log and one observation. Nothing is thrown out of here.
 */
import type { Request, Response } from 'express';
import { messageOf } from '../../kernel/index.ts';
import type { ServiceContext } from '../application/context.ts';
import { ERRORS, ServiceError } from '../domain/errors.ts';
import type { ServiceMetrics } from '../observability/metrics.ts';
import type { Spans } from '../observability/spans.ts';
import { newSpanId, readTraceparent, runInTrace, type Trace } from '../observability/trace.ts';
import { budgetsOf, type Admission } from './admission.ts';
import type { Answer } from './answer.ts';
import type { Operation } from './contract.ts';
import { readExchange, refuseCardNumbers } from './exchange.ts';
import { sendProblem, unavailable } from './problem.ts';
import { rateLimitHeaders, type Budget } from './rate-limit.ts';
import type { Route } from './routes.ts';

export interface HandlerParts {
  context: ServiceContext;
  admission: Admission;
  metrics: ServiceMetrics;
  spans: Spans;
}

/** No span of the caller is known. */
const NO_PARENT = '0'.repeat(16);

/** Asked every few seconds by whoever watches the process: a line each would bury the others. */
const UNLOGGED: ReadonlySet<string> = new Set(['isLive', 'isReady', 'getMetrics']);

export function handlerOf(
  parts: HandlerParts,
  operation: Operation,
  route: Route,
): (request: Request, response: Response) => Promise<void> {
  const { context, metrics, spans } = parts;
  return async (request, response) => {
    const parent = traceOf(context, request);
    const spanId = newSpanId(context.ids);
    const startedAt = context.clock.now();
    const { operationId, method } = operation;
    const end = spans.begin({
      name: operationId,
      kind: 'server',
      trace: parent,
      spanId,
      attributes: { 'http.request.method': method.toUpperCase(), 'http.route': operation.path },
    });
    await runInTrace({ ...parent, spanId }, async () => {
      const { status, caller, failure } = await answer(parts, { operation, route }, request, response, parent.traceId);
      const ms = context.clock.now() - startedAt;
      metrics.request(operationId, status, ms);
      end({ status, ...(status >= 500 ? { error: failure } : {}) });
      if (UNLOGGED.has(operationId)) return;
      const error = failure instanceof ServiceError ? { error: failure.code } : {};
      context.log({ level: 'info', msg: 'request', operation: operationId, status, ms, caller, ...error });
    });
  };
}

async function answer(
  { context, admission }: HandlerParts,
  { operation, route }: { operation: Operation; route: Route },
  request: Request,
  response: Response,
  traceId: string,
): Promise<{ status: number; caller: string | null; failure: unknown }> {
  const budgets: Budget[] = [];
  let name: string | null = null;
  try {
    const path = request.params as Record<string, string>;
    const { caller, budgets: first } = admission.admit(operation, request.headers.authorization, path);
    name = caller?.name ?? null;
    budgets.push(...first);
    refuseCardNumbers(headOf(request));
    const exchange = await readExchange(operation, request, { caller, traceId });
    const { player_id: player = path['player_id'] } = (exchange.body ?? {}) as { player_id?: unknown };
    budgets.push(...admission.admitPlayer(operation, player));
    const result = await route(exchange, operation);
    setHeaders(response, rateLimitHeaders(budgets));
    return { status: send(response, result), caller: name, failure: null };
  } catch (error) {
    const problem = asServiceError(context, error, operation.operationId);
    setHeaders(response, rateLimitHeaders([...budgets, ...budgetsOf(error)]));
    sendProblem(response, problem, traceId);
    return { status: ERRORS[problem.code].status, caller: name, failure: problem };
  }
}

/** What stands before the body; the trace is refused as a trace where it is none. */
export function headOf(request: Request): string {
  let url = request.originalUrl;
  try {
    if (url.includes('%')) url = decodeURIComponent(url);
  } catch {
    // Read as it is.
  }
  let text = url;
  for (const name in request.headers) if (name !== 'traceparent') text += `\n${name}: ${String(request.headers[name])}`;
  return text;
}

function setHeaders(response: Response, headers: Readonly<Record<string, string>>): void {
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
}

/** @returns the status */
function send(response: Response, answer: Answer): number {
  if (answer.kind === 'redirect') {
    response.status(303).setHeader('Location', answer.location);
    response.end();
    return 303;
  }
  if (answer.kind === 'text') {
    response.status(answer.status).setHeader('Content-Type', answer.contentType);
    response.end(answer.text);
    return answer.status;
  }
  if (answer.replayed === true) response.setHeader('Idempotent-Replayed', 'true');
  response.status(answer.status).setHeader('Content-Type', 'application/json; charset=utf-8');
  response.end(JSON.stringify(answer.body));
  return answer.status;
}

function asServiceError(context: ServiceContext, error: unknown, operation: string): ServiceError {
  if (error instanceof ServiceError) return error;
  const gone = context.database.isUnavailable(error);
  const stack = error instanceof Error ? error.stack : undefined;
  context.log({
    level: 'error',
    msg: gone ? 'database unavailable' : 'request failed',
    operation,
    error: messageOf(error),
    stack: stack ?? null,
  });
  return gone
    ? unavailable()
    : new ServiceError('internal_error', 'Something went wrong on our side; the trace_id finds it in our log.');
}

/** The caller's trace (W3C traceparent), or a new one. */
export function traceOf(context: ServiceContext, request: Request): Trace {
  return (
    readTraceparent(String(request.headers['traceparent'] ?? '')) ?? {
      traceId: context.ids.uuid().replaceAll('-', ''),
      spanId: NO_PARENT,
      sampled: true,
    }
  );
}
