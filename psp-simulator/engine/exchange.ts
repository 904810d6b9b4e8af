/**
 * One exchange while it is under way: what is known about it, and its lines in the history and
 * the exchange log. Decides nothing.
 */
import { PspProblem } from '../core/problem.ts';
import type { Call, Operation, PspAnswer, PspRequest } from '../dialects/dialect.ts';
import { BODY_SHOWN } from './exchange-log.ts';
import type { LoggedExchange } from './exchange-log.ts';
import { maskCardNumbers, maskedStart } from './mask-card-numbers.ts';
import type { Psp } from './psp.ts';
import type { Ending, Outcome } from './send-answer.ts';

export interface Exchange {
  readonly id: string;
  readonly request: PspRequest;
  readonly operation: Operation;
  /** Null when no route fits. */
  readonly call: Call | null;
  /** Why it cannot be processed, found while it was read. */
  readonly refusal: PspProblem | null;
  /** The merchant's reference; may be learnt late. */
  reference: string | null;
  /** What draws are keyed by: the reference, or the exchange's own id. */
  entity: string;
  /** Index of its `recv` in the history. */
  readonly received: number;
  handle(call: Call): PspAnswer;
  unsupported(): PspProblem;
  learnReference(call: Call): void;
  finish(ending: Ending, answer: PspAnswer | null, replayed: boolean): void;
  settle(outcome: Outcome): void;
}

export function openExchange(psp: Psp, request: PspRequest, readProblem: PspProblem | null): Exchange {
  const matched = psp.matchRoute(request.method, request.path);
  const { body, problem } = parse(psp, request, readProblem);
  const call: Call | null =
    matched === undefined ? null : { psp: psp.context, request, params: matched.params, body, isVisible: () => true };
  const operation = matched?.route.operation ?? 'unsupported';
  const reference = call === null ? null : (matched?.route.referenceOf(call) ?? null);
  const id = psp.nextExchangeId();
  const key = request.headers[psp.dialect.idempotency.keyHeader];
  const idempotencyKey = key === undefined ? null : maskCardNumbers(key);
  const path = maskCardNumbers(request.path);
  const proc = `psp:${psp.name}`;
  const received = psp.ports.history.append({
    proc,
    type: 'recv',
    f: 'exchange',
    ...(reference === null ? {} : { key: reference }),
    value: {
      exchange_id: id,
      psp: psp.name,
      operation,
      method: request.method,
      path,
      idempotency_key: idempotencyKey,
    },
  });
  let logged: LoggedExchange | undefined;

  /** Nothing that is not simulated passes unseen: the answer alone could be taken for the merchant's mistake. */
  function noteNotSimulated(message: string): void {
    psp.exchanges.countNotSimulated();
    const value = { exchange_id: id, psp: psp.name, method: request.method, path, message: maskCardNumbers(message) };
    psp.ports.history.append({ proc, type: 'note', f: 'not-simulated', ...keyed(exchange), value, cause: received });
  }

  const exchange: Exchange = {
    id,
    request,
    operation,
    call,
    refusal: problem,
    reference,
    entity: reference ?? id,
    received,
    handle: (actual) => {
      if (matched === undefined) throw exchange.unsupported();
      try {
        return matched.route.handle(actual);
      } catch (error) {
        if (error instanceof PspProblem && error.code === 'not-simulated') noteNotSimulated(error.message);
        throw error;
      }
    },
    unsupported: () =>
      new PspProblem('not-simulated', `Unrecognized request URL (${request.method}: ${request.path}) (not simulated)`),
    learnReference: (actual) => {
      exchange.reference ??= matched?.route.referenceOf(actual) ?? null;
    },
    finish: (ending, answer, replayed) => {
      logged = psp.exchanges.add((seq) => ({
        seq,
        exchangeId: id,
        atMs: psp.ports.clock.now(),
        method: request.method,
        path,
        operation,
        reference: exchange.reference,
        idempotencyKey,
        replayed,
        requestBody: maskedStart(startOf(request.rawBody), BODY_SHOWN),
        status: ending === 'answer' ? (answer?.status ?? null) : null,
        outcome: null,
        responseBody: maskedStart(answer?.body ?? '', BODY_SHOWN),
      }));
      // Written before the bytes leave, so that what they cause comes after it in the history.
      if (ending !== 'answer') return;
      const value = { exchange_id: id, psp: psp.name, status: answer?.status ?? null, outcome: 'answered', replayed };
      psp.ports.history.append({ proc, type: 'send', f: 'exchange', ...keyed(exchange), value, cause: received });
    },
    settle: (outcome) => {
      if (logged !== undefined) logged.outcome = outcome;
      if (outcome === 'answered') return;
      psp.ports.history.append({
        proc,
        type: 'drop',
        f: 'exchange',
        ...keyed(exchange),
        value: { exchange_id: id, psp: psp.name, outcome },
        cause: received,
      });
    },
  };
  if (operation === 'unsupported') noteNotSimulated(`${request.method} ${path} is no route of ${psp.dialect.title}`);
  return exchange;
}

/** Bytes that are enough for what the log shows: at most four bytes make a character, and a number may overhang. */
function startOf(body: Buffer): string {
  return body.toString('utf8', 0, BODY_SHOWN * 4 + 400);
}

function keyed(exchange: Exchange): { key?: string } {
  return exchange.reference === null ? {} : { key: exchange.reference };
}

function parse(
  psp: Psp,
  request: PspRequest,
  readProblem: PspProblem | null,
): { body: Record<string, unknown>; problem: PspProblem | null } {
  if (readProblem !== null) return { body: {}, problem: readProblem };
  try {
    return { body: psp.dialect.parseBody(request), problem: null };
  } catch (error) {
    if (error instanceof PspProblem) return { body: {}, problem: error };
    throw error;
  }
}
