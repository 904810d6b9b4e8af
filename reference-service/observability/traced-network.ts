/**
 * A network whose requests name the trace that they belong to: `traceparent` beside the
 * caller's headers, and nothing else changes. Below the SDKs of the PSPs, so that none of them
 * needs to know. A request that brings its own `traceparent` keeps it.
 */
import type { HttpRequest, HttpResponse, Ids, Network } from '../../kernel/index.ts';
import { currentTrace, newSpanId, traceparentOf } from './trace.ts';
import type { Spans } from './spans.ts';

export function tracedNetwork(network: Network, { ids, spans }: { ids: Ids; spans: Spans }): Network {
  return {
    kind: network.kind,
    listen: (options) => network.listen(options),
    close: () => network.close(),
    async request(request: HttpRequest): Promise<HttpResponse> {
      const trace = currentTrace();
      if (trace === undefined || hasTraceparent(request)) return network.request(request);
      const spanId = newSpanId(ids);
      const { host, pathname } = new URL(request.url);
      const end = spans.begin({
        name: `${request.method} ${host}`,
        kind: 'client',
        trace,
        spanId,
        attributes: { 'http.request.method': request.method, 'server.address': host, 'url.path': pathname },
      });
      try {
        const traceparent = traceparentOf(trace, spanId);
        const response = await network.request({ ...request, headers: { ...request.headers, traceparent } });
        end({ status: response.status });
        return response;
      } catch (error) {
        end({ error });
        throw error;
      }
    },
  };
}

function hasTraceparent({ headers }: HttpRequest): boolean {
  return Object.keys(headers ?? {}).some((name) => name.toLowerCase() === 'traceparent');
}
