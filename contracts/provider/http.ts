/** One JSON-ish exchange for the hands and the control client: sends, and throws unless it was taken. */
import type { Network } from '../../kernel/index.ts';

const TIMEOUT_MS = 10_000;

export interface Sent {
  method: string;
  url: string;
  headers?: Record<string, string>;
  /** Sent as it is; an object as JSON. */
  body?: string | object;
}

export interface Answer {
  status: number;
  text: string;
}

/** Whatever the answer is. */
export async function exchange(network: Network, { method, url, headers = {}, body }: Sent): Promise<Answer> {
  const isJson = typeof body === 'object';
  const answer = await network.request({
    method,
    url,
    timeoutMs: TIMEOUT_MS,
    headers: { ...(isJson ? { 'content-type': 'application/json' } : {}), ...headers },
    ...(body === undefined ? {} : { body: isJson ? JSON.stringify(body) : body }),
  });
  return { status: answer.status, text: answer.body.toString('utf8') };
}

/** @throws Error when the answer is not a 2xx */
export async function send(network: Network, sent: Sent): Promise<string> {
  const { status, text } = await exchange(network, sent);
  if (status < 200 || status > 299) throw new Error(`${sent.method} ${sent.url} was answered ${status}: ${text}`);
  return text;
}
