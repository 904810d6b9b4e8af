/**
 * One delivery: one try at bringing one message to the merchant. Read top-down.
 *
 *   1 target ─► 2 sign (with this try's time) ─► 3 faults on the way ─► 4 send ─► 5 judge the acknowledgement
 *
 * It decides nothing about retries: that is the courier's schedule.
 */
import { NetworkError } from '../../kernel/index.ts';
import type { Clock, HistorySink, Network } from '../../kernel/index.ts';
import type { BoundedLog } from '../core/bounded-log.ts';
import type { Dialect, PspContext } from '../dialects/dialect.ts';
import type { Condition, DeliveryEffect, SignatureKind } from '../faults/effects.ts';
import type { EventSubject } from '../faults/fault.ts';
import type { FaultPlan, StrikePoint } from '../faults/plan.ts';
import { factsOfEvent } from './event-facts.ts';
import { TargetNotAllowed } from './guard-targets.ts';
import type { LoggedDelivery, Message } from './message.ts';
import { signatureOf, signMessage } from './sign-message.ts';

/** Characters of a body that the log keeps: far more than an ordinary event has. */
const BODY_KEPT = 65_536;

export interface DeliverySetting {
  psp: PspContext;
  dialect: Dialect;
  /** The run's clock. */
  clock: Clock;
  /** The outside world's time, which goes into signatures. */
  wireClock: Clock;
  network: Network;
  history: HistorySink;
  plan: FaultPlan;
  log: BoundedLog<LoggedDelivery>;
  /** Breaks off deliveries under way when the simulator closes. */
  signal: AbortSignal;
  webhookUrl(): string | null;
}

/** `unsendable`: the merchant gave no URL, or one that is not allowed, so trying again changes nothing. */
export type DeliveryResult = 'acknowledged' | 'failed' | 'unsendable';

export async function deliverWebhook(setting: DeliverySetting, message: Message): Promise<DeliveryResult> {
  const { psp, dialect, history } = setting;
  const proc = `courier:${psp.name}`;
  const { claim } = message.draft;
  const key = claim.reference ?? claim.pspReference;

  // 1 Target.
  const url = setting.webhookUrl() ?? message.draft.url ?? null;
  message.attempt += 1;
  message.state = 'sending';
  if (url === null) {
    history.append({
      proc,
      type: 'drop',
      f: 'webhook',
      key,
      value: { event_id: message.draft.eventId, psp: psp.name, reason: 'no-webhook-url' },
    });
    return 'unsendable';
  }

  // 2 Sign with this try's time, as the PSP is today.
  const { condition, broken } = stateOfTry(setting, message);
  const signature = signatureOf(message, condition);
  const signed = signMessage(dialect, message, {
    condition,
    broken,
    nowMs: setting.wireClock.now(),
    credentials: psp.credentials,
    targetUrl: url,
    pspUrl: psp.url,
  });
  // A giant body still says what is true; one that breaks off says nothing.
  const tampered = broken?.as === 'malformed' ? 'body' : message.tampered;
  const body = signed.body.slice(0, BODY_KEPT);
  const logged = logDelivery(setting, message, { url, headers: signed.headers, body, signature, tampered });
  const sent = history.append({
    proc,
    type: 'send',
    f: 'webhook',
    key,
    value: {
      delivery_id: logged.deliveryId,
      event_id: message.draft.eventId,
      attempt: message.attempt,
      event: message.draft.type,
      kind: claim.kind,
      state: claim.state,
      amount_minor: claim.amountMinor,
      currency: claim.currency,
      signature: signatureWord(signature, dialect.signsTime),
      ...(signature === 'old-key' ? { signing_key: 'previous' } : {}),
      tampered,
      psp: psp.name,
      psp_reference: claim.pspReference,
    },
    ...(message.event.cause === undefined ? {} : { cause: message.event.cause }),
  });

  // 3 Faults of this try.
  const drop = (reason: string, outcome: LoggedDelivery['outcome']): void => {
    logged.outcome = outcome;
    history.append({
      proc,
      type: 'drop',
      f: 'webhook',
      key,
      value: { delivery_id: logged.deliveryId, psp: psp.name, reason },
      cause: sent,
    });
  };
  const loss = lossOf(setting, message, { deliveryId: logged.deliveryId, cause: sent });
  if (loss === 'lost' || loss === 'lost-silently') {
    drop('lost', 'lost');
    return loss === 'lost' ? 'failed' : 'acknowledged';
  }

  // 4 Send.
  let status: number;
  try {
    const response = await setting.network.request({
      method: 'POST',
      url,
      headers: { ...signed.headers },
      body: signed.body,
      timeoutMs: psp.profile.ackTimeoutMs,
      signal: setting.signal,
    });
    status = response.status;
  } catch (error) {
    if (!(error instanceof NetworkError)) throw error;
    logged.problem = error.message;
    if (error instanceof TargetNotAllowed) {
      drop('target-not-allowed', 'not-allowed');
      return 'unsendable';
    }
    drop(error.kind, error.kind === 'timeout' ? 'timeout' : 'unreachable');
    return 'failed';
  }

  // 5 Judge the acknowledgement.
  logged.status = status;
  if (loss === 'ack') {
    drop('ack-lost', 'ack-lost');
    return 'failed';
  }
  history.append({
    proc,
    type: 'recv',
    f: 'webhook-ack',
    key,
    value: { delivery_id: logged.deliveryId, psp: psp.name, status },
    cause: sent,
  });
  const acknowledged = dialect.acknowledges(status);
  logged.outcome = acknowledged ? 'acknowledged' : 'refused';
  return acknowledged ? 'acknowledged' : 'failed';
}

function lossOf(
  setting: DeliverySetting,
  message: Message,
  options: { deliveryId: string; cause: number },
): 'lost' | 'lost-silently' | 'ack' | undefined {
  if (!setting.plan.wants('delivery')) return undefined;
  const point = tryPoint(setting, message, options.cause);
  const evidence = { ...point.evidence, delivery_id: options.deliveryId };
  const effects = setting.plan.delivery('way', { ...point, evidence }, subjectOf(message));
  return effects.find((effect) => effect.lose !== undefined)?.lose;
}

/** What this try looks like before it is signed. */
function stateOfTry(
  setting: DeliverySetting,
  message: Message,
): { condition: Condition; broken: DeliveryEffect['body'] } {
  const { plan } = setting;
  if (!plan.wants('condition') && !plan.wants('delivery')) return { condition: {}, broken: undefined };
  const point = tryPoint(setting, message, message.event.cause);
  const subject = subjectOf(message);
  const condition = plan.wants('condition') ? plan.conditions('delivery', point, subject) : {};
  const effects = plan.wants('delivery') ? plan.delivery('message', point, subject) : [];
  return { condition, broken: effects.find((effect) => effect.body !== undefined)?.body };
}

function tryPoint(setting: DeliverySetting, message: Message, cause: number | undefined): StrikePoint {
  const { claim, eventId, type } = message.draft;
  return {
    psp: setting.psp.name,
    reference: claim.reference,
    entity: claim.reference ?? claim.pspReference,
    name: type,
    attempt: message.attempt,
    evidence: { event_id: eventId, event: type },
    cause,
    facts: () => factsOfEvent(message.event),
  };
}

function subjectOf({ draft, attempt }: Message): EventSubject {
  return { kind: draft.claim.kind, state: draft.claim.state, attempt };
}

/** In the words of the history: an old time that no signature covers, and the key before a rotation, are valid. */
function signatureWord(signature: SignatureKind, signsTime: boolean): SignatureKind {
  if (signature === 'old-key') return 'valid';
  return signature === 'stale' && !signsTime ? 'valid' : signature;
}

function logDelivery(
  setting: DeliverySetting,
  message: Message,
  wire: Pick<LoggedDelivery, 'url' | 'headers' | 'body' | 'signature' | 'tampered'>,
): LoggedDelivery {
  const { claim, eventId, type } = message.draft;
  return setting.log.add((seq) => ({
    seq,
    deliveryId: `dlv-${setting.psp.name}-${seq}`,
    eventId,
    eventType: type,
    reference: claim.reference,
    pspReference: claim.pspReference,
    attempt: message.attempt,
    atMs: setting.clock.now(),
    ...wire,
    message,
    status: null,
    outcome: 'pending',
    problem: null,
  }));
}
