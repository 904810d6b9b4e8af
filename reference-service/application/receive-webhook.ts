/**
 * Story: a webhook arrives. Verify the raw bytes, store, acknowledge; process afterwards.
 *
 *   bytes ─► verified? ─no─► 401, counted, nothing stored
 *               └─yes─► parsed ─► inbox (unique per PSP and event id) ─► 200 ─► process-inbox
 *
 * The acknowledgement follows the commit of the inbox, never the other way round: what was
 * acknowledged is ours to process, whatever happens to this process next.
 */
import { createHash } from 'node:crypto';
import { ServiceError } from '../domain/errors.ts';
import {
  MalformedWebhookError,
  WebhookKeysUnavailableError,
  type PspEvent,
  type WebhookInput,
  type WebhookVerdict,
} from '../ports/psp-adapter.ts';
import type { InboxMessage } from '../ports/inbox.ts';
import type { KnownDeposit } from '../ports/known.ts';
import type { ConfiguredPsp, ServiceContext } from './context.ts';
import { processAtOnce, processInboxEvent } from './process-inbox.ts';

type GoodVerdict = Extract<WebhookVerdict, { kind: 'verified' | 'unsigned' }>;

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
  const receivedAt = context.clock.now();
  const { verdict, events } = await read(context, psp, input);
  const nonce =
    verdict.kind === 'verified' && verdict.nonce !== undefined ? remembered(context, verdict.nonce, input) : null;

  const stored: { event: PspEvent; known: KnownDeposit | null }[] = [];
  let isNew = false;
  for (const event of events) {
    const message = {
      psp: pspName,
      event,
      rawBody: input.rawBody,
      headers: input.headers,
      receivedAt,
      leftUntil: receivedAt + context.timings.inboxLeaseMs,
      ...(nonce === null ? {} : { nonce }),
    };
    const known = context.known.take(event.reference);
    if (known !== null && (await processAtOnce(context, message, known))) {
      isNew = true;
      continue;
    }
    const outcome = await context.parts.inbox.store(context.database.autocommit, message);
    if (outcome === 'replayed') {
      context.webhookLog.refused(pspName, 'replayed');
      throw invalidSignature('it was used with another body before', 'replayed');
    }
    if (outcome === 'stored') stored.push({ event, known });
  }
  for (const { event, known } of stored) {
    const { eventId } = event;
    const knownEvent = known === null ? null : { ...known, event: { psp: pspName, event, tries: 0 } };
    context.background.later(0, `inbox:${pspName}:${eventId}`, () =>
      processInboxEvent(context, { psp: pspName, eventId }, knownEvent),
    );
  }
  const duplicate = stored.length === 0 && !isNew;
  context.webhookLog.delivered({
    psp: pspName,
    receivedAt,
    status: duplicate ? 'duplicate' : 'stored',
    eventIds: events.map(({ eventId }) => eventId),
    ms: context.clock.now() - receivedAt,
  });
  return { duplicate };
}

/** Believed, or let through as what must be asked about first. What is refused is counted. */
async function read(
  context: ServiceContext,
  psp: ConfiguredPsp,
  input: WebhookInput,
): Promise<{ verdict: GoodVerdict; events: PspEvent[] }> {
  try {
    const verdict = verify(context, psp, input, await fetchKeys(psp, input));
    const events = parse(psp, input);
    if (verdict.kind === 'unsigned' && !events.every(({ askFirst }) => askFirst === true))
      throw invalidSignature('it is missing', 'missing');
    return { verdict, events };
  } catch (error) {
    if (error instanceof ServiceError) context.webhookLog.refused(psp.config.name, refusalReason(error));
    throw error;
  }
}

function refusalReason({ code, details }: ServiceError): string {
  if (typeof details['reason'] === 'string') return details['reason'];
  return code === 'unavailable' ? 'keys_unavailable' : 'unreadable';
}

function invalidSignature(why: string, reason: string): ServiceError {
  return new ServiceError('invalid_signature', `The signature of the webhook is not valid: ${why}.`, {
    details: { reason },
  });
}

/** A time from the edge of the future stays valid for the tolerance twice. */
function remembered(
  { clock, timings }: ServiceContext,
  nonce: string,
  { rawBody }: WebhookInput,
): InboxMessage['nonce'] & object {
  const hash = (bytes: string | Buffer): string => createHash('sha256').update(bytes).digest('hex');
  return { value: hash(nonce), bodyHash: hash(rawBody), expiresAt: clock.now() + 2 * timings.webhookToleranceMs };
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

/** `unsigned` is a form that the PSP does not sign: whoever wrote it, it must not be believed. */
function verify(
  context: ServiceContext,
  { config }: ConfiguredPsp,
  input: WebhookInput,
  keys: Record<string, string>,
): GoodVerdict {
  const verifier = context.parts.webhookVerifiers[config.dialect];
  if (verifier === undefined) throw new Error(`Bug: there is no verifier for ${config.dialect}`);
  const verdict = verifier.verify({
    ...input,
    credentials: { ...config.credentials, ...keys },
    receivedAtMs: context.clock.now(),
    toleranceMs: context.timings.webhookToleranceMs,
  });
  if (verdict.kind === 'verified' || verdict.kind === 'unsigned') return verdict;
  context.log({
    level: 'warn',
    msg: 'webhook rejected',
    psp: config.name,
    verdict: verdict.kind,
    reason: verdict.reason,
  });
  if (verdict.kind === 'malformed')
    throw new ServiceError('bad_request', `The body is not a webhook of ${config.name}: ${verdict.reason}.`);
  throw invalidSignature(verdict.reason, verdict.reason);
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
