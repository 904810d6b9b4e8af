/**
 * The story of one exchange with a simulated PSP. Read top-down.
 *
 *   1 accept ─► 2 parse ─► 3 authenticate ─► 4 condition, rate limit ─► 5 idempotency
 *            ─► 6 before-commit faults ─► 7 commit (books change) ─► 8 after-commit faults ─► 9 answer
 *
 * Whatever goes wrong on purpose is a fault of the plan; whatever the PSP refuses is a
 * `PspProblem` in the dialect's words. Anything else is a defect of the simulator: it is
 * answered as the PSP's internal error and noted in the history, never hidden.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { drawMs, messageOf } from '../../kernel/index.ts';
import { PspProblem } from '../core/problem.ts';
import type { BookRecord } from '../core/records.ts';
import type { Call, PspAnswer, PspRequest, RateLimitState } from '../dialects/dialect.ts';
import type { Condition, ExchangeEffect } from '../faults/effects.ts';
import { NO_FACTS } from '../faults/filters.ts';
import type { StrikePoint } from '../faults/plan.ts';
import type { CourierEvent } from '../webhooks/message.ts';
import { answerOrCached } from './answer-cache.ts';
import { openExchange } from './exchange.ts';
import type { Exchange } from './exchange.ts';
import type { KeyUse } from './idempotency-store.ts';
import type { Psp } from './psp.ts';
import { takeRateLimit } from './rate-limiter.ts';
import { readBody, readHead } from './read-request.ts';
import { factsOfCall } from './request-facts.ts';
import { clientIsGone, dripAnswer, sendAnswer } from './send-answer.ts';
import type { Ending } from './send-answer.ts';

/** What was decided so far. */
interface Decision {
  answer: PspAnswer | null;
  ending: Ending;
  replayed: boolean;
  /** The bytes of the answer come over this time. */
  dripMs?: number;
}

/** What is known before the request is processed: how the PSP is today, and where the account stands. */
interface Standing {
  condition: Condition;
  rateLimit: RateLimitState | null;
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
  const { method, path, query, headers } = head;
  const request: PspRequest = { method, path, query, headers, rawBody };

  // 2 Parse, and find out what it is about.
  const exchange = openExchange(psp, request, refusal);

  // 3 to 8.
  const standing: Standing = { condition: {}, rateLimit: null };
  const decision = await decide(psp, exchange, standing);

  // 9 Answer.
  const answer = decision.answer === null ? null : withHeaders(psp, exchange, decision.answer, standing);
  const wire = { request: message, response, activity: psp.ports.activity };
  if (decision.dripMs !== undefined && decision.ending === 'answer' && answer !== null)
    await dripAnswer(wire, answer, { clock: psp.ports.wireClock, overMs: decision.dripMs });
  const ending = clientIsGone(wire) ? 'reset' : decision.ending;
  exchange.finish(ending, answer, decision.replayed);
  const outcome = await sendAnswer(wire, ending, answer);
  exchange.settle(outcome);
}

async function decide(psp: Psp, exchange: Exchange, standing: Standing): Promise<Decision> {
  let use: KeyUse = { kind: 'none' };
  try {
    // 3 Authenticate.
    if (exchange.refusal !== null) throw exchange.refusal;
    psp.dialect.authenticate(exchange.request, psp.context);
    if (exchange.call === null) throw exchange.unsupported();

    // 4 Condition of the PSP, rate limit of the account.
    standing.condition = conditionOf(psp, exchange);
    standing.rateLimit = takeRateLimit(psp);
    if (standing.rateLimit?.exceeded === true) throw new PspProblem('rate-limited', 'Too many requests');

    // 5 Idempotency.
    const lifeMs = psp.dialect.idempotency.keyLifeMs?.(exchange.request, psp.profile) ?? psp.profile.keyLifeMs;
    use = psp.idempotency.use(exchange.request, Math.min(lifeMs, standing.condition.keyLifeMs ?? Infinity));
    return await process(psp, exchange, exchange.call, use);
  } catch (error) {
    if (use.kind === 'first') use.release();
    return { answer: refusalAnswer(psp, exchange, error), ending: 'answer', replayed: false };
  }
}

/** The PSP's lasting troubles; the draws of their chances are keyed by how often the same was asked for. */
function conditionOf(psp: Psp, exchange: Exchange): Condition {
  if (!psp.plan.wants('condition')) return {};
  const attempt = psp.countAttempt(exchange.entity, `condition ${exchange.operation}`);
  return psp.plan.conditions('exchange', strikePoint(psp, exchange, attempt));
}

/** The PSP's own headers on every answer, what it says about its limit, and its clock where that is wrong. */
function withHeaders(psp: Psp, exchange: Exchange, answer: PspAnswer, { condition, rateLimit }: Standing): PspAnswer {
  const skewMs = condition.clockSkewMs;
  if (psp.dialect.answerHeaders === undefined && rateLimit === null && skewMs === undefined) return answer;
  const headers = {
    ...psp.dialect.answerHeaders?.(exchange.id, exchange.request),
    ...(rateLimit === null ? {} : psp.dialect.rateLimitHeaders?.(rateLimit)),
    ...answer.headers,
    ...(skewMs === undefined ? {} : { date: new Date(psp.ports.wireClock.now() + skewMs).toUTCString() }),
  };
  return { ...answer, headers };
}

async function process(psp: Psp, exchange: Exchange, call: Call, use: KeyUse): Promise<Decision> {
  const attempt = psp.countAttempt(exchange.entity, exchange.operation);

  // 6 Before commit: ordinary latency, then faults.
  const ownMs = latencyMs(psp, exchange, attempt);
  if (ownMs > 0) await waitAs('latency', psp, exchange, ownMs);
  const before = strikes(psp, exchange, { phase: 'before-commit', attempt, hasEvents: false });
  if (before.length > 0) await wait(psp, exchange, before);
  const stopped = struck(psp, exchange, before, use, null);
  if (stopped !== null) {
    if (use.kind === 'first') use.release();
    return stopped;
  }

  // 7 Commit.
  const lagMs = before.reduce((sum, effect) => sum + (effect.visibilityLagMs ?? 0), 0);
  const twice = before.some((effect) => effect.processTwice === true);
  const { answer: fresh, events } = commit(psp, exchange, withLag(psp, call, lagMs), { use, twice });
  const cachedForMs = Math.max(0, ...before.map((effect) => effect.cachedForMs ?? 0));
  const answer = cachedForMs === 0 ? fresh : answerOrCached(psp, exchange.request, fresh, cachedForMs);
  exchange.learnReference(call);

  // 8 After commit.
  const after = strikes(psp, exchange, { phase: 'after-commit', attempt, hasEvents: events.length > 0 });
  if (after.some((effect) => effect.deliverEventsFirst === true)) await psp.courier.deliverNow(events);
  if (after.length > 0) await wait(psp, exchange, after);
  const changed = struck(psp, exchange, after, use, answer);
  if (changed !== null) return changed;
  const rewritten = after.reduce((so, { rewrite }) => rewrite?.(so) ?? so, answer);
  const dripMs = after.reduce((sum, effect) => sum + (effect.dripMs ?? 0), 0);
  const replayed = use.kind === 'replay';
  const decision: Decision = { answer: rewritten, ending: 'answer', replayed };
  if (dripMs !== 0) decision.dripMs = dripMs;
  return decision;
}

/** Runs the handler, or plays back what it answered the first time. */
function commit(
  psp: Psp,
  exchange: Exchange,
  call: Call,
  { use, twice }: { use: KeyUse; twice: boolean },
): { answer: PspAnswer; events: CourierEvent[] } {
  const rules = psp.dialect.idempotency;
  const echo = use.kind === 'none' ? NO_HEADERS : rules.answerHeaders(use.key);
  if (use.kind === 'replay') {
    const answer = rules.refresh?.(use.answer, call) ?? use.answer;
    return { answer: { ...answer, headers: { ...answer.headers, ...echo, ...rules.replayHeaders } }, events: [] };
  }
  let answer: PspAnswer | undefined;
  let problem: PspProblem | null = null;
  const events = psp.during(exchange.received, () => {
    try {
      answer = exchange.handle(call);
      if (twice) processAgain(psp, exchange, call);
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
  return { answer: withEcho(answered, echo), events };
}

const NO_HEADERS: Readonly<Record<string, string>> = {};

/** Most PSPs echo nothing; their answer goes out as it is. */
function withEcho(answer: PspAnswer, echo: Readonly<Record<string, string>>): PspAnswer {
  for (const _name in echo) return { ...answer, headers: { ...answer.headers, ...echo } };
  return answer;
}

/** The PSP's own mistake: the same request once more, and nobody sees its answer. What the books refuse stays undone. */
function processAgain(psp: Psp, exchange: Exchange, call: Call): void {
  try {
    exchange.handle(call);
  } catch (error) {
    if (!(error instanceof PspProblem)) defect(psp, exchange, error);
  }
}

/** The decision that faults force, or null when they leave the exchange alone. `real` is the answer that the client should have had. */
function struck(
  psp: Psp,
  exchange: Exchange,
  effects: readonly ExchangeEffect[],
  use: KeyUse,
  real: PspAnswer | null,
): Decision | null {
  if (effects.length === 0) return null;
  const end = effects.find((effect) => effect.end !== undefined)?.end;
  const fault = effects.find((effect) => effect.answer !== undefined)?.answer;
  const raw = effects.find((effect) => effect.raw !== undefined)?.raw;
  if (fault === undefined) {
    if (raw !== undefined) return { answer: raw, ending: end ?? 'answer', replayed: false };
    return end === undefined ? null : { answer: real, ending: end, replayed: use.kind === 'replay' };
  }
  const problem = new PspProblem(fault.code, fault.message, fault.status === undefined ? {} : { status: fault.status });
  const plain = psp.dialect.errorAnswer(problem, exchange.request, psp.context);
  const answer = { ...plain, headers: { ...plain.headers, ...limitHeaders(psp, fault), ...fault.headers } };
  if (fault.remembered === true && use.kind === 'first') use.keep(answer);
  return { answer, ending: end ?? 'answer', replayed: false };
}

/** A 429 by a fault looks as the PSP's own: nothing is left of the limit that it publishes. */
function limitHeaders(
  psp: Psp,
  { code, headers }: NonNullable<ExchangeEffect['answer']>,
): Readonly<Record<string, string>> {
  if (code !== 'rate-limited') return {};
  const resetMs = Number(headers?.['retry-after'] ?? 0) * 1_000;
  const limit = psp.dialect.publishedRateLimit;
  return psp.dialect.rateLimitHeaders?.({ limit, remaining: 0, resetMs, exceeded: true }) ?? {};
}

const NO_EFFECTS: readonly ExchangeEffect[] = [];

/** Nothing is planned on most ways, and then nothing is made to ask with. */
function strikes(
  psp: Psp,
  exchange: Exchange,
  { phase, attempt, hasEvents }: { phase: 'before-commit' | 'after-commit'; attempt: number; hasEvents: boolean },
): readonly ExchangeEffect[] {
  if (!psp.plan.wants(phase)) return NO_EFFECTS;
  const { operation } = exchange;
  return psp.plan.exchange(phase, strikePoint(psp, exchange, attempt), { operation, hasEvents });
}

async function wait(psp: Psp, exchange: Exchange, effects: readonly ExchangeEffect[]): Promise<void> {
  const waitMs = effects.reduce((sum, effect) => sum + (effect.waitMs ?? 0), 0);
  if (waitMs > 0) await waitAs('fault', psp, exchange, waitMs);
}

function waitAs(why: string, psp: Psp, exchange: Exchange, ms: number): Promise<void> {
  exchange.meantToWait(ms);
  return psp.ports.wireClock.sleep(ms, { label: `psp:${psp.name}:${why}:${exchange.id}` });
}

function latencyMs(psp: Psp, exchange: Exchange, attempt: number): number {
  return drawMs(psp.profile.latency, () =>
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
    facts: () => (exchange.call === null ? NO_FACTS : factsOfCall(psp, exchange.call)),
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
