/** Turns what a message's signature should look like into a request to the dialect. */
import type { Dialect } from '../dialects/dialect.ts';
import type { SignedMessage, SigningRequest } from '../dialects/webhook.ts';
import type { Condition, DeliveryEffect, SignatureKind } from '../faults/effects.ts';
import { brokenBody } from './broken-body.ts';
import type { Message } from './message.ts';

export interface SigningOptions {
  /** The outside world's time. */
  nowMs: number;
  credentials: Readonly<Record<string, string>>;
  targetUrl: string;
  pspUrl: string;
  /** How the PSP is today. */
  condition: Condition;
  /** What is wrong with this try's body. */
  broken: DeliveryEffect['body'];
}

export function signMessage(dialect: Dialect, message: Message, options: SigningOptions): SignedMessage {
  const { alteredBody, draft } = message;
  const signature = signatureOf(message, options.condition);
  const request: SigningRequest = {
    body: draft.body,
    ...(signature === 'altered-body' && alteredBody !== null ? { sendInstead: alteredBody } : {}),
    key: keyOf(signature),
    form: signature === 'missing' || signature === 'malformed' ? signature : 'signed',
    atMs: options.nowMs + (options.condition.clockSkewMs ?? 0) - message.ageMs,
    credentials: options.credentials,
    targetUrl: options.targetUrl,
    pspUrl: options.pspUrl,
  };
  return options.broken === undefined ? dialect.sign(request) : signBroken(dialect, request, options.broken);
}

/** Only honest messages are signed by a sender that missed the rotation; forgers have no key to miss. */
export function signatureOf({ signature }: Message, { signsWithOldKey }: Condition): SignatureKind {
  return signature === 'valid' && signsWithOldKey === true ? 'old-key' : signature;
}

function keyOf(signature: SignatureKind): SigningRequest['key'] {
  if (signature === 'wrong-key') return 'wrong';
  return signature === 'old-key' ? 'previous' : 'current';
}

/**
 * Signs the broken body as it is; of one that was altered on its way, the broken body as it was. A scheme whose signature lies inside the body cannot read a
 * body that is cut: there the signed message is cut instead.
 */
function signBroken(
  dialect: Dialect,
  request: SigningRequest,
  broken: NonNullable<DeliveryEffect['body']>,
): SignedMessage {
  const { body, sendInstead } = request;
  const sent = sendInstead === undefined ? {} : { sendInstead: brokenBody(sendInstead, broken) };
  try {
    return dialect.sign({ ...request, body: brokenBody(body, broken), ...sent });
  } catch {
    const signed = dialect.sign(request);
    return { ...signed, body: brokenBody(signed.body, broken) };
  }
}
