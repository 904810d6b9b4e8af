/**
 * One exchange while it is under way: what is known about it, and its lines in the history and
 * the exchange log. Decides nothing.
 */
import type { HistoryType } from '../../kernel/index.ts';
import { PspProblem } from '../core/problem.ts';
import type { Call, Operation, PspAnswer, PspRequest, Route } from '../dialects/dialect.ts';
import { BODY_SHOWN } from './exchange-log.ts';
import type { LoggedExchange } from './exchange-log.ts';
import { maskCardNumbers, maskedStart } from './mask-card-numbers.ts';
import type { Psp } from './psp.ts';
import type { Ending, Outcome } from './send-answer.ts';

export function openExchange(psp: Psp, request: PspRequest, readProblem: PspProblem | null): Exchange {
  const matched = psp.matchRoute(request.method, request.path);
  const { body, problem } = parse(psp, request, readProblem);
  const call: Call | null =
    matched === undefined ? null : { psp: psp.context, request, params: matched.params, body, isVisible };
  const exchange = new Exchange(psp, request, { route: matched?.route ?? null, call, refusal: problem });
  if (exchange.operation === 'unsupported')
    exchange.noteNotSimulated(`${request.method} ${exchange.path} is no route of ${psp.dialect.title}`);
  return exchange;
}

/** Until faults are asked: see `withLag` in handle-exchange.ts. */
const isVisible = (): boolean => true;

export class Exchange {
  readonly id: string;
  readonly request: PspRequest;
  readonly operation: Operation;
  /** Null when no route fits. */
  readonly call: Call | null;
  /** Why it cannot be processed, found while it was read. */
  readonly refusal: PspProblem | null;
  /** Path and key as logs may show them. */
  readonly path: string;
  readonly idempotencyKey: string | null;
  /** The merchant's reference; may be learnt late. */
  reference: string | null;
  /** What draws are keyed by: the reference, or the exchange's own id. */
  readonly entity: string;
  /** Index of its `recv` in the history. */
  readonly received: number;
  readonly #psp: Psp;
  readonly #route: Route | null;
  #waitedMs = 0;
  #logged: LoggedExchange | undefined;

  constructor(
    psp: Psp,
    request: PspRequest,
    { route, call, refusal }: { route: Route | null; call: Call | null; refusal: PspProblem | null },
  ) {
    this.#psp = psp;
    this.#route = route;
    this.id = psp.nextExchangeId();
    this.request = request;
    this.operation = route?.operation ?? 'unsupported';
    this.call = call;
    this.refusal = refusal;
    this.reference = call === null ? null : (route?.referenceOf(call) ?? null);
    this.entity = this.reference ?? this.id;
    const key = request.headers[psp.dialect.idempotency.keyHeader];
    this.idempotencyKey = key === undefined ? null : maskCardNumbers(key);
    this.path = maskCardNumbers(request.path);
    const { proc } = psp;
    const value = {
      exchange_id: this.id,
      psp: psp.name,
      operation: this.operation,
      method: request.method,
      path: this.path,
      idempotency_key: this.idempotencyKey,
    };
    this.received = psp.ports.history.append(
      this.reference === null
        ? { proc, type: 'recv', f: 'exchange', value }
        : { proc, type: 'recv', f: 'exchange', key: this.reference, value },
    );
  }

  handle(call: Call): PspAnswer {
    if (this.#route === null) throw this.unsupported();
    try {
      return this.#route.handle(call);
    } catch (error) {
      if (error instanceof PspProblem && error.code === 'not-simulated') this.noteNotSimulated(error.message);
      throw error;
    }
  }

  unsupported(): PspProblem {
    const { method, path } = this.request;
    return new PspProblem('not-simulated', `Unrecognized request URL (${method}: ${path}) (not simulated)`);
  }

  learnReference(call: Call): void {
    this.reference ??= this.#route?.referenceOf(call) ?? null;
  }

  /** Nothing that is not simulated passes unseen: the answer alone could be taken for the merchant's mistake. */
  noteNotSimulated(text: string): void {
    this.#psp.exchanges.countNotSimulated();
    const { method } = this.request;
    const message = maskCardNumbers(text);
    const value = { exchange_id: this.id, psp: this.#psp.name, method, path: this.path, message };
    this.#append('note', 'not-simulated', value);
  }

  /** Latency that was meant: what an exchange takes beyond it is what the simulation costs. */
  meantToWait(ms: number): void {
    this.#waitedMs += ms;
  }

  finish(ending: Ending, answer: PspAnswer | null, replayed: boolean): void {
    const status = ending === 'answer' ? (answer?.status ?? null) : null;
    this.#logged = this.#psp.exchanges.add((seq) => ({
      seq,
      exchangeId: this.id,
      atMs: this.#psp.ports.clock.now(),
      method: this.request.method,
      path: this.path,
      operation: this.operation,
      reference: this.reference,
      idempotencyKey: this.idempotencyKey,
      replayed,
      requestBody: maskedStart(startOf(this.request.rawBody), BODY_SHOWN),
      status,
      outcome: null,
      responseBody: maskedStart(answer?.body ?? '', BODY_SHOWN),
    }));
    // Written before the bytes leave, so that what they cause comes after it in the history.
    if (ending !== 'answer') return;
    const value = { exchange_id: this.id, psp: this.#psp.name, status, outcome: 'answered', replayed };
    // In virtual time the simulation costs nothing, and histories stay as they are.
    if (this.#psp.ports.wireClock.kind !== 'real') this.#append('send', 'exchange', value);
    else this.#append('send', 'exchange', { ...value, waited_ms: Math.round(this.#waitedMs * 1_000) / 1_000 });
  }

  settle(outcome: Outcome): void {
    if (this.#logged !== undefined) this.#logged.outcome = outcome;
    if (outcome === 'answered') return;
    const value = { exchange_id: this.id, psp: this.#psp.name, outcome };
    this.#append('drop', 'exchange', value);
  }

  /** What came of the request. Each written out: what is added to an object later takes room of its own, and events are kept. */
  #append(type: HistoryType, f: string, value: Record<string, unknown>): void {
    const { proc, ports } = this.#psp;
    const { reference: key, received: cause } = this;
    ports.history.append(key === null ? { proc, type, f, value, cause } : { proc, type, f, key, value, cause });
  }
}

/** Bytes that are enough for what the log shows: at most four bytes make a character, and a number may overhang. */
function startOf(body: Buffer): string {
  return body.toString('utf8', 0, BODY_SHOWN * 4 + 400);
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
