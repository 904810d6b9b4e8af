/** One HTTP call of a target file, filled with values and sent. Throws NetworkError when there is no answer. */
import type { Network } from '../../../kernel/index.ts';
import { callJson, jsonAnswerOf, type JsonAnswer, type JsonCall } from '../json-call.ts';
import { fillText, fillTree, fillUrl, type Values } from './fill.ts';
import type { CallSpec } from './target-file.ts';

export async function sendCall(
  network: Network,
  spec: CallSpec,
  values: Values,
  timeoutMs: number,
): Promise<JsonAnswer> {
  const [method = 'GET', address = ''] = spec.call.split(' ');
  const url = fillUrl(address, values);
  const headers = Object.fromEntries(
    Object.entries(spec.headers ?? {}).map(([name, text]) => [name.toLowerCase(), fillText(text, values)]),
  );
  if (spec.form !== undefined) {
    const form = new URLSearchParams(fillTree(spec.form, values) as Record<string, string>).toString();
    const type = { 'content-type': 'application/x-www-form-urlencoded' };
    const response = await network.request({ method, url, headers: { ...type, ...headers }, body: form, timeoutMs });
    return jsonAnswerOf(response);
  }
  return callJson(network, {
    method: method as JsonCall['method'],
    url,
    headers,
    ...(spec.body === undefined ? {} : { json: fillTree(spec.body, values) }),
    timeoutMs,
  });
}
