/**
 * The trace that the running work belongs to (W3C Trace Context): taken from the request that
 * began it, and carried along by the runtime, so that a call to a PSP three functions further
 * down names it without anybody handing it on.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import { hash } from 'node:crypto';
import type { Ids } from '../../kernel/index.ts';
import { hasCardNumber } from '../domain/card-number.ts';

export interface Trace {
  /** 32 hexadecimal digits. */
  traceId: string;
  /** The span that work of this process is a child of: 16 hexadecimal digits. */
  spanId: string;
  /** Whoever began the trace records it. */
  sampled: boolean;
}

const NOTHING = /^0+$/;
const HEADER = /^(?!ff)[0-9a-f]{2}-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(?:-.*)?$/;

const running = new AsyncLocalStorage<Trace | undefined>();

/** The trace of the running work; undefined outside any. */
export function currentTrace(): Trace | undefined {
  return running.getStore();
}

export function runInTrace<T>(trace: Trace, work: () => T): T {
  return running.run(trace, work);
}

/** What a caller sent in `traceparent`; null when it is not one. */
export function readTraceparent(header: string): Trace | null {
  const [, traceId, spanId, flags] = HEADER.exec(header) ?? [];
  if (traceId === undefined || spanId === undefined || flags === undefined) return null;
  if (NOTHING.test(traceId) || NOTHING.test(spanId) || hasCardNumber(header)) return null;
  return { traceId, spanId, sampled: (Number.parseInt(flags, 16) & 1) === 1 };
}

/** `traceparent` of a request that the trace's work sends, under a span of its own. */
export function traceparentOf(trace: Trace, spanId: string): string {
  return `00-${trace.traceId}-${spanId}-${trace.sampled ? '01' : '00'}`;
}

/** A new span id. Its own prefix, so that no other id depends on how many spans there were. */
export function newSpanId(ids: Ids): string {
  return hash('sha256', ids.next('span')).slice(0, 16);
}

/** A trace of its own, for work that no request began; or the trace of the request that did. */
export function newTrace(ids: Ids, traceId?: string | null): Trace {
  const id = traceId ?? hash('sha256', ids.next('trace')).slice(0, 32);
  return { traceId: id, spanId: newSpanId(ids), sampled: true };
}
