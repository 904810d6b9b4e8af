/**
 * Spans: what was done, how long it took and how it ended, for whoever collects traces. The
 * default collects nothing; `open-telemetry.ts` sends them to a collector.
 */
import type { Trace } from './trace.ts';

export interface SpanStart {
  name: string;
  kind: 'server' | 'client' | 'internal';
  /** The parent is `trace.spanId`. */
  trace: Trace;
  /** The id that the other side is told. */
  spanId: string;
  attributes: Readonly<Record<string, string | number>>;
}

export interface SpanEnd {
  status?: number;
  error?: unknown;
}

export interface Spans {
  /** Begins a span; the result ends it, once. */
  begin(span: SpanStart): (end: SpanEnd) => void;
  /** Sends what is left. */
  close(): Promise<void>;
}

export const NO_SPANS: Spans = { begin: () => () => undefined, close: () => Promise.resolve() };
