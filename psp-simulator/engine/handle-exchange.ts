/**
 * The story of one exchange with a simulated PSP. Read top-down.
 *
 *   1 accept ─► 2 parse ─► 3 authenticate ─► 4 idempotency ─► 5 before-commit faults
 *            ─► 6 commit (books change) ─► 7 after-commit faults ─► 8 answer
 *
 * Whatever goes wrong on purpose is a fault of the plan; whatever the PSP refuses is a
 * `PspProblem` in the dialect's words. Anything else is a defect of the simulator: it is
 * answered as the PSP's internal error and noted in the history, never hidden.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { messageOf, sampleMs } from '../../kernel/index.ts';
import { PspProblem } from '../core/problem.ts';
import type { BookRecord } from '../core/records.ts';
import type { Call, PspAnswer, PspRequest } from '../dialects/dialect.ts';
import type { ExchangeEffect } from '../faults/fault.ts';
import type { StrikePoint } from '../faults/plan.ts';
import type { CourierEvent } from '../webhooks/message.ts';
import { openExchange } from './exchange.ts';
import type { Exchange } from './exchange.ts';
import type { KeyUse } from './idempotency-store.ts';
import type { Psp } from './psp.ts';
import { readBody, readHead } from './read-request.ts';
import { clientIsGone, sendAnswer } from './send-answer.ts';
import type { Ending } from './send-answer.ts';

/** What was decided so far. */
interface Decision {
  answer: PspAnswer | null;
  ending: Ending;
  replayed: boolean;
}

export async function handleExchange(psp: Psp, message: IncomingMessage, response: ServerResponse): Promise<void> {
  // 1 Accept: everything is read before anything is decided.
  const head = readHead(message, (path) => psp.dialect.normalizePath?.(path) ?? path);
  let rawBody: Buffer<ArrayBufferLike> = Buffer.alloc(0);
  let refusal: PspProblem | null = null;
  try {
    rawBody = await readBody(message);
  } catch (error) {
    if (!(error instanceof PspProblem)) return;
    refusal = error;
  }
  const request: PspRequest = { ...head, rawBody };

  // 2 Parse, and find out what it is about.
  const exchange = openExchange(psp, request, refusal);

  // 3 to 7.
  const decision = await decide(psp, exchange);

  // 8 Answer.
  const headers = psp.dialect.answerHeaders?.(exchange.id, request) ?? {};
  const answer =
    decision.answer === null ? null : { ...decision.answer, headers: { ...headers, ...decision.answer.headers } };
  const wire = { request: message, response, activity: psp.ports.activity };
  const ending = clientIsGone(wire) ? 'reset' : decision.ending;
  exchange.finish(ending, answer, decision.replayed);
  const outcome = await sendAnswer(wire, ending, answer);
  exchange.settle(outcome);
}

async function decide(psp: Psp, exchange: Exchange): Promise<Decision> {
  let use: KeyUse = { kind: 'none' };
  try {
    // 3 Authenticate.
    if (exchange.refusal !== null) throw exchange.refusal;
    psp.dialect.authenticate(exchange.request, psp.context);
    if (exchange.call === null) throw exchange.unsupported();

    // 4 Idempotency.
    const lifeMs = psp.dialect.idempotency.keyLifeMs?.(exchange.request, psp.profile) ?? psp.profile.keyLifeMs;
    use = psp.idempotency.use(exchange.request, lifeMs);
    return await process(psp, exchange, exchange.call, use);
  } catch (error) {
    if (use.kind === 'first') use.release();
    return { answer: refusalAnswer(psp, exchange, error), ending: 'answer', replayed: false };
  }
}

async function process(psp: Psp, exchange: Exchange, call: Call, use: KeyUse): Promise<Decision> {
  const { wireClock } = psp.ports;
  const attempt = psp.countAttempt(exchange.entity, exchange.operation);

  // 5 Before commit: ordinary latency, then faults.
  const ownMs = latencyMs(psp, exchange, attempt);
  if (ownMs > 0) await wireClock.sleep(ownMs, { label: `psp:${psp.name}:latency:${exchange.id}` });
  const before = psp.plan.exchange('before-commit', strikePoint(psp, exchange, attempt), {
    operation: exchange.operation,
    hasEvents: false,
  });
  await wait(psp, exchange, before);
  const stopped = struck(psp, exchange, before, use, null);
  if (stopped !== null) {
    if (use.kind === 'first') use.release();
    return stopped;
  }

  // 6 Commit.
  const lagMs = before.reduce((sum, effect) => sum + (effect.visibilityLagMs ?? 0), 0);
  const { answer, events } = commit(psp, exchange, withLag(psp, call, lagMs), use);
  exchange.learnReference(call);

  // 7 After commit.
  const after = psp.plan.exchange('after-commit', strikePoint(psp, exchange, attempt), {
    operation: exchange.operation,
    hasEvents: events.length > 0,
  });
  if (after.some((effect) => effect.deliverEventsFirst === true)) await psp.courier.deliverNow(events);
  await wait(psp, exchange, after);
  return struck(psp, exchange, after, use, answer) ?? { answer, ending: 'answer', replayed: use.kind === 'replay' };
}

/** Runs the handler, or plays back what it answered the first time. */
function commit(psp: Psp, exchange: Exchange, call: Call, use: KeyUse): { answer: PspAnswer; events: CourierEvent[] } {
  const rules = psp.dialect.idempotency;
  const echo = use.kind === 'none' ? {} : rules.answerHeaders(use.key);
  if (use.kind === 'replay') {
    const answer = rules.refresh?.(use.answer, call) ?? use.answer;
    return { answer: { ...answer, headers: { ...answer.headers, ...echo, ...rules.replayHeaders } }, events: [] };
  }
  let answer: PspAnswer | undefined;
  let problem: PspProblem | null = null;
  const events = psp.during(exchange.received, () => {
    try {
      answer = exchange.handle(call);
    } catch (error) {
      problem = error instanceof PspProblem ? error : defect(psp, exchange, error);
      answer = psp.dialect.errorAnswer(problem, exchange.request, psp.context);
    }
  });
  const answered =
    answer ?? psp.dialect.errorAnswer(new PspProblem('internal', 'no answer'), exchange.request, psp.context);
  if (use.kind === 'first') {
    if (rules.keeps(answered, problem)) use.keep(answered);
    else use.release();
  }
  return { answer: { ...answered, headers: { ...answered.headers, ...echo } }, events };
}

/** The decision that faults force, or null when they leave the exchange alone. `real` is the answer that the client should have had. */
function struck(
  psp: Psp,
  exchange: Exchange,
  effects: readonly ExchangeEffect[],
  use: KeyUse,
  real: PspAnswer | null,
): Decision | null {
  const end = effects.find((effect) => effect.end !== undefined)?.end;
  const fault = effects.find((effect) => effect.answer !== undefined)?.answer;
  if (end === undefined && fault === undefined) return null;
  if (fault === undefined) return { answer: real, ending: end ?? 'reset', replayed: use.kind === 'replay' };
  const problem = new PspProblem(fault.code, fault.message, fault.status === undefined ? {} : { status: fault.status });
  const plain = psp.dialect.errorAnswer(problem, exchange.request, psp.context);
  const answer = { ...plain, headers: { ...plain.headers, ...fault.headers } };
  if (fault.remembered === true && use.kind === 'first') use.keep(answer);
  return { answer, ending: end ?? 'answer', replayed: false };
}

async function wait(psp: Psp, exchange: Exchange, effects: readonly ExchangeEffect[]): Promise<void> {
  const waitMs = effects.reduce((sum, effect) => sum + (effect.waitMs ?? 0), 0);
  if (waitMs > 0) await psp.ports.wireClock.sleep(waitMs, { label: `psp:${psp.name}:fault:${exchange.id}` });
}

function latencyMs(psp: Psp, exchange: Exchange, attempt: number): number {
  return sampleMs(
    psp.profile.latency,
    psp.ports.random.unit('psp-latency', psp.name, exchange.entity, exchange.operation, attempt),
  );
}

function strikePoint(psp: Psp, exchange: Exchange, attempt: number): StrikePoint {
  return {
    psp: psp.name,
    reference: exchange.reference,
    entity: exchange.entity,
    name: exchange.operation,
    attempt,
    evidence: { operation: exchange.operation, exchange_id: exchange.id },
    cause: exchange.received,
  };
}

function withLag(psp: Psp, call: Call, faultLagMs: number): Call {
  const isVisible = (record: BookRecord, lagMs: number): boolean =>
    psp.ports.clock.now() - record.createdAtMs >= lagMs + faultLagMs;
  return { ...call, isVisible };
}

function refusalAnswer(psp: Psp, exchange: Exchange, error: unknown): PspAnswer {
  const problem = error instanceof PspProblem ? error : defect(psp, exchange, error);
  return psp.dialect.errorAnswer(problem, exchange.request, psp.context);
}

/** A defect of the simulator: the client sees the PSP's internal error, the history says what it really was. */
function defect(psp: Psp, exchange: Exchange, error: unknown): PspProblem {
  const value = { exchange_id: exchange.id, psp: psp.name, message: messageOf(error) };
  psp.ports.history.append({
    proc: `psp:${psp.name}`,
    type: 'note',
    f: 'simulator-defect',
    value,
    cause: exchange.received,
  });
  return new PspProblem('internal', 'Internal error of the simulator');
}
