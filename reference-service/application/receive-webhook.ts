/**
 * Story: a webhook arrives. Verify the raw bytes, store, acknowledge; process afterwards.
 *
 *   bytes ─► verified? ─no─► 401, nothing stored
 *               └─yes─► parsed ─► inbox (unique per PSP and event id) ─► 200 ─► process-inbox
 *
 * The acknowledgement follows the commit of the inbox, never the other way round: what was
 * acknowledged is ours to process, whatever happens to this process next.
 */
import { ServiceError } from '../domain/errors.ts';
import {
  MalformedWebhookError,
  WebhookKeysUnavailableError,
  type PspEvent,
  type WebhookInput,
} from '../ports/psp-adapter.ts';
import type { ConfiguredPsp, ServiceContext } from './context.ts';
import { processInboxEvent } from './process-inbox.ts';

export interface WebhookReceipt {
  /** Every event in the body was stored before. */
  duplicate: boolean;
}

/** @throws ServiceError unknown_psp, invalid_signature, bad_request, unavailable */
export async function receiveWebhook(
  context: ServiceContext,
  pspName: string,
  input: WebhookInput,
): Promise<WebhookReceipt> {
  const psp = context.psps.get(pspName);
  if (psp === undefined) throw new ServiceError('unknown_psp', `No PSP is configured under the name ${pspName}.`);
  const isSigned = verify(context, psp, input, await fetchKeys(psp, input));
  const events = parse(psp, input);
  if (!isSigned && !events.every(({ askFirst }) => askFirst === true))
    throw new ServiceError('invalid_signature', 'The webhook is not signed.', { details: { reason: 'missing' } });

  const receivedAt = context.clock.now();
  const stored: PspEvent[] = [];
  for (const event of events) {
    const outcome = await context.parts.inbox.store(context.database.autocommit, {
      psp: pspName,
      event,
      rawBody: input.rawBody,
      headers: input.headers,
      receivedAt,
    });
    if (outcome === 'stored') stored.push(event);
  }
  for (const { eventId } of stored) {
    context.background.later(0, `inbox:${pspName}:${eventId}`, () =>
      processInboxEvent(context, { psp: pspName, eventId }),
    );
  }
  return { duplicate: stored.length === 0 };
}

/** Public keys that are not in the configuration. Without them nobody can say whether the message is genuine. */
async function fetchKeys({ adapter, config }: ConfiguredPsp, input: WebhookInput): Promise<Record<string, string>> {
  try {
    return (await adapter.webhookKeys?.(input)) ?? {};
  } catch (error) {
    if (error instanceof WebhookKeysUnavailableError)
      throw new ServiceError('unavailable', `The webhook of ${config.name} cannot be checked now: ${error.message}.`);
    throw error;
  }
}

/** False for a form that the PSP does not sign: whoever wrote it, it must not be believed. */
function verify(
  context: ServiceContext,
  { config }: ConfiguredPsp,
  input: WebhookInput,
  keys: Record<string, string>,
): boolean {
  const verifier = context.parts.webhookVerifiers[config.dialect];
  if (verifier === undefined) throw new Error(`Bug: there is no verifier for ${config.dialect}`);
  const verdict = verifier.verify({
    ...input,
    credentials: { ...config.credentials, ...keys },
    receivedAtMs: context.clock.now(),
    toleranceMs: context.timings.webhookToleranceMs,
  });
  if (verdict.kind === 'verified' || verdict.kind === 'unsigned') return verdict.kind === 'verified';
  context.log({
    level: 'warn',
    msg: 'webhook rejected',
    psp: config.name,
    verdict: verdict.kind,
    reason: verdict.reason,
  });
  if (verdict.kind === 'malformed')
    throw new ServiceError('bad_request', `The body is not a webhook of ${config.name}: ${verdict.reason}.`);
  throw new ServiceError('invalid_signature', `The signature of the webhook is not valid: ${verdict.reason}.`, {
    details: { reason: verdict.reason },
  });
}

function parse({ adapter, config }: ConfiguredPsp, input: WebhookInput): PspEvent[] {
  try {
    return adapter.parseWebhook(input);
  } catch (error) {
    if (error instanceof MalformedWebhookError)
      throw new ServiceError('bad_request', `The body is not a webhook of ${config.name}: ${error.message}`);
    throw error;
  }
}
