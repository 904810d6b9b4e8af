/** Turns what a message's signature should look like into a request to the dialect. */
import type { Dialect, SignedMessage } from '../dialects/dialect.ts';
import type { Message } from './message.ts';

export function signMessage(
  dialect: Dialect,
  message: Message,
  options: { nowMs: number; credentials: Readonly<Record<string, string>>; targetUrl: string; pspUrl: string },
): SignedMessage {
  const { signature, alteredBody } = message;
  return dialect.sign({
    body: message.draft.body,
    ...(signature === 'altered-body' && alteredBody !== null ? { sendInstead: alteredBody } : {}),
    key: signature === 'wrong-key' ? 'wrong' : 'current',
    form: signature === 'missing' || signature === 'malformed' ? signature : 'signed',
    atMs: options.nowMs - message.ageMs,
    credentials: options.credentials,
    targetUrl: options.targetUrl,
    pspUrl: options.pspUrl,
  });
}
