/**
 * One JSON call over the run's network: the only way in which scenarios talk to anybody.
 * An answer is given back whatever its status; only a failed exchange throws (NetworkError).
 */
import type { HttpResponse, Network } from '../../kernel/index.ts';

export interface JsonCall {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  url: string;
  headers?: Record<string, string>;
  json?: unknown;
  timeoutMs: number;
}

export interface JsonAnswer {
  status: number;
  headers: Record<string, string>;
  /** The parsed body; null when it is empty or not JSON. */
  body: unknown;
}

/** Sends the call and reads the answer. Throws NetworkError when there is none. */
export async function callJson(network: Network, call: JsonCall): Promise<JsonAnswer> {
  const body = call.json === undefined ? undefined : JSON.stringify(call.json);
  const response = await network.request({
    method: call.method,
    url: call.url,
    headers: {
      accept: 'application/json',
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...call.headers,
    },
    ...(body === undefined ? {} : { body }),
    timeoutMs: call.timeoutMs,
  });
  return jsonAnswerOf(response);
}

export function jsonAnswerOf(response: HttpResponse): JsonAnswer {
  return { status: response.status, headers: response.headers, body: parsed(response) };
}

function parsed(response: HttpResponse): unknown {
  if (response.body.length === 0) return null;
  try {
    return JSON.parse(response.body.toString('utf8')) as unknown;
  } catch {
    return null;
  }
}
