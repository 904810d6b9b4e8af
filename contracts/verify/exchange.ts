/** One call of the partner's API: sent, kept with its answer, and shown as a curl line without secrets. */
import { NetworkError, type Network } from '../../kernel/index.ts';
import type { Secrets } from './secrets.ts';

export interface Call {
  method: string;
  /** With its query; the base URL comes from the configuration. */
  path: string;
  headers: Record<string, string>;
  body?: string;
}

export interface Answer {
  status: number;
  headers: Record<string, string>;
  text: string;
  /** Undefined when the text is no JSON. */
  json: unknown;
}

const TIMEOUT_MS = 30_000;

/** @throws NetworkError */
export async function send(network: Network, baseUrl: string, call: Call): Promise<Answer> {
  const { method, path, headers, body } = call;
  const answer = await network.request({
    method,
    url: `${baseUrl}${path}`,
    headers,
    timeoutMs: TIMEOUT_MS,
    ...(body === undefined ? {} : { body }),
  });
  const text = answer.body.toString('utf8');
  return { status: answer.status, headers: answer.headers, text, json: parse(text) };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** What to do about a call that found nobody. */
export function noAnswer(error: unknown): string {
  return error instanceof NetworkError ? `no answer: ${error.message}` : String(error);
}

/** What a header of this name says is nobody's business, whatever it is. */
const SECRET_HEADERS = /^(authorization|x-api-key|tl-signature|cookie)$/i;

/** A line to paste: every secret is a word in capitals, to be replaced by the reader. */
export function curlOf(baseUrl: string, { method, path, headers, body }: Call, { hide }: Secrets): string {
  const quote = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;
  const shown = Object.entries(headers).map(([name, value]) =>
    quote(`${name}: ${SECRET_HEADERS.test(name) ? value.replace(/^(\w+ )?[\s\S]*$/, '$1HIDDEN') : hide(value)}`),
  );
  return [
    `curl -i -X ${method} ${quote(hide(`${baseUrl}${path}`))}`,
    ...shown.map((header) => `-H ${header}`),
    ...(body === undefined ? [] : [`--data-raw ${quote(hide(body))}`]),
  ].join(' \\\n  ');
}
