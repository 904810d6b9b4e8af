import assert from 'node:assert/strict';
import { createManualClock, type HttpRequest, type Network } from '../../kernel/index.ts';
import { spansToCollector } from './open-telemetry.ts';

const TRACE = { traceId: '4bf92f3577b34da6a3ce929d0e0e4736', spanId: '00f067aa0ba902b7', sampled: true };

function world(status: number) {
  const sent: HttpRequest[] = [];
  const log: Record<string, unknown>[] = [];
  const network = {
    request: (request: HttpRequest) => {
      sent.push(request);
      return Promise.resolve({ status, headers: {}, body: Buffer.alloc(0) });
    },
  } as unknown as Network;
  const clock = createManualClock({ startMs: 1_767_603_600_000 });
  const spans = spansToCollector({ endpoint: 'http://collector', clock, network, log: (line) => void log.push(line) });
  const begin = (trace = TRACE) =>
    spans.begin({ name: 'initPayment', kind: 'server', trace, spanId: '1111111111111111', attributes: { a: 'b' } });
  return { sent, log, spans, begin };
}

describe('spans to a collector', () => {
  it('are sent as OTLP in JSON, with the ids that the other side was told', async () => {
    const { sent, spans, begin } = world(200);
    begin()({ status: 201 });
    begin({ ...TRACE, sampled: false })({ status: 201 });
    await spans.close();
    assert.equal(sent.length, 1);
    assert.equal(sent[0]?.url, 'http://collector/v1/traces');
    const { resourceSpans } = JSON.parse(String(sent[0]?.body)) as {
      resourceSpans: { scopeSpans: { spans: Record<string, unknown>[] }[] }[];
    };
    const found = resourceSpans[0]?.scopeSpans[0]?.spans ?? [];
    assert.equal(found.length, 1, 'what nobody samples is not sent');
    const [{ traceId, spanId, parentSpanId, kind, startTimeUnixNano } = {}] = found;
    assert.deepEqual(
      { traceId, spanId, parentSpanId, kind, startTimeUnixNano },
      {
        traceId: TRACE.traceId,
        spanId: '1111111111111111',
        parentSpanId: TRACE.spanId,
        kind: 2,
        startTimeUnixNano: '1767603600000000000',
      },
    );
  });

  it('are dropped with a word in the log when the collector refuses them', async () => {
    const { log, spans, begin } = world(503);
    begin()({ error: new Error('no answer') });
    await spans.close();
    assert.deepEqual(
      log.map(({ msg, status }) => ({ msg, status })),
      [{ msg: 'the collector refused spans', status: 503 }],
    );
  });
});
