/**
 * Spans to an OpenTelemetry collector: OTLP over HTTP with JSON, which is a document and a POST,
 * so no SDK is needed for it (opentelemetry-proto 1.x, "OTLP/HTTP"). Trace and span ids are the
 * service's own: the `traceparent` that a PSP saw is the one that the collector shows.
 *
 * Tracing never holds up a payment: spans wait in memory, are sent in the background, and are
 * dropped when the collector cannot keep up.
 */
import { messageOf, type Clock, type Network } from '../../kernel/index.ts';
import type { SpanEnd, Spans, SpanStart } from './spans.ts';

const SEND_EVERY_MS = 2_000;
const TIMEOUT_MS = 5_000;

/** More than a process makes in several seconds of full load. */
const MOST_WAITING = 10_000;
const MOST_AT_ONCE = 500;

const KINDS = { internal: 1, server: 2, client: 3 } as const;
const STATUS_ERROR = 2;
const NO_PARENT = /^0*$/;
const NANOS_PER_MS = 1_000_000;

export interface CollectorOptions {
  /** Root of the collector, as in OTEL_EXPORTER_OTLP_ENDPOINT; no slash at its end. */
  endpoint: string;
  clock: Clock;
  /** Not the traced one: sending spans must not make spans. */
  network: Network;
  log(line: Record<string, unknown>): void;
}

export function spansToCollector({ endpoint, clock, network, log }: CollectorOptions): Spans {
  let waiting: unknown[] = [];
  let dropped = 0;
  let sending: Promise<void> | undefined;
  let timer: { cancel(): void } | undefined;

  async function send(): Promise<void> {
    timer = undefined;
    while (waiting.length > 0) {
      const spans = waiting.slice(0, MOST_AT_ONCE);
      waiting = waiting.slice(MOST_AT_ONCE);
      await post(spans);
    }
    if (dropped > 0) log({ level: 'warn', msg: 'spans dropped', dropped });
    dropped = 0;
  }

  async function post(spans: unknown[]): Promise<void> {
    const attributes = [{ key: 'service.name', value: { stringValue: 'assay-payments' } }];
    const body = JSON.stringify({
      resourceSpans: [{ resource: { attributes }, scopeSpans: [{ scope: { name: 'assay' }, spans }] }],
    });
    try {
      const headers = { 'content-type': 'application/json' };
      const url = `${endpoint}/v1/traces`;
      const { status } = await network.request({ method: 'POST', url, headers, body, timeoutMs: TIMEOUT_MS });
      if (status >= 300) log({ level: 'warn', msg: 'the collector refused spans', status, spans: spans.length });
    } catch (error) {
      log({ level: 'warn', msg: 'the collector took no spans', error: messageOf(error), spans: spans.length });
    }
  }

  const flush = (): Promise<void> => (sending = (sending ?? Promise.resolve()).then(send));

  return {
    begin(start) {
      if (!start.trace.sampled) return () => undefined;
      const beganMs = clock.now();
      return (end) => {
        if (waiting.length >= MOST_WAITING) dropped += 1;
        else waiting.push(spanOf(start, end, { beganMs, endedMs: clock.now() }));
        timer ??= clock.schedule(SEND_EVERY_MS, 'spans', () => void flush());
      };
    },
    async close() {
      timer?.cancel();
      await flush();
    },
  };
}

function spanOf(start: SpanStart, end: SpanEnd, { beganMs, endedMs }: { beganMs: number; endedMs: number }): unknown {
  const status = end.status === undefined ? {} : { 'http.response.status_code': end.status };
  const failed = end.error !== undefined && end.error !== null;
  return {
    traceId: start.trace.traceId,
    spanId: start.spanId,
    ...(NO_PARENT.test(start.trace.spanId) ? {} : { parentSpanId: start.trace.spanId }),
    name: start.name,
    kind: KINDS[start.kind],
    startTimeUnixNano: nanos(beganMs),
    endTimeUnixNano: nanos(endedMs),
    attributes: Object.entries({ ...start.attributes, ...status }).map(([key, value]) => ({
      key,
      value: typeof value === 'number' ? { intValue: String(value) } : { stringValue: value },
    })),
    // The kind of the error only: a message may quote what it was about.
    status: failed ? { code: STATUS_ERROR, message: end.error instanceof Error ? end.error.name : 'error' } : {},
  };
}

/** Nanoseconds as text: they are beyond what a JSON number holds exactly. */
function nanos(epochMs: number): string {
  return (BigInt(Math.floor(epochMs)) * BigInt(NANOS_PER_MS)).toString();
}
