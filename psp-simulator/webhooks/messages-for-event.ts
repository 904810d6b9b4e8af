/** Which messages go out for one event: its own, and those that faults add or change. */
import { alterChange } from '../core/alter-change.ts';
import type { Alteration } from '../core/alter-change.ts';
import type { BookChange } from '../core/book-change.ts';
import type { WebhookDraft } from '../dialects/webhook.ts';
import type { ExtraMessage, StrangeKind } from '../faults/effects.ts';
import { copyOf } from './copy-draft.ts';
import type { DeliverySetting } from './deliver-webhook.ts';
import { factsOfEvent } from './event-facts.ts';
import type { CourierEvent, MessageContent, Tampering } from './message.ts';
import { renderEvents } from './render-events.ts';
import { strangeMessage } from './strange-message.ts';

export type PlannedMessage = MessageContent & {
  /** After the event's first delivery time. */
  afterMs: number;
};

/** How far a body altered on its way differs from what was signed. */
const ALTERED_ON_THE_WAY: Alteration = { amountFactor: 10 };

export function messagesFor(setting: DeliverySetting, event: CourierEvent): PlannedMessage[] {
  if (!setting.plan.wants('event')) return [ownMessage(setting, event, undefined, 0)];
  const { claim, eventId, type } = event.draft;
  const effects = setting.plan.event(
    {
      psp: setting.psp.name,
      reference: claim.reference,
      entity: claim.reference ?? claim.pspReference,
      name: type,
      attempt: event.change?.record.steps.length ?? 0,
      evidence: { event_id: eventId, event: type },
      cause: event.cause,
      facts: () => factsOfEvent(event),
    },
    { kind: claim.kind, state: claim.state, attempt: 0, afterPage: isAfterPage(event.change) },
  );
  const delayMs = effects.reduce((sum, effect) => sum + (effect.delayMs ?? 0), 0);
  const alteration = effects.find((effect) => effect.alteration !== undefined)?.alteration;
  const own = ownMessage(setting, event, alteration, delayMs);
  const copies = effects.flatMap(({ copies }) =>
    Array.from({ length: copies?.count ?? 0 }, (_, index) => ({
      ...own,
      retries: false,
      afterMs: delayMs + (index + 1) * (copies?.gapMs ?? 0),
    })),
  );
  const extras = effects.flatMap((effect) =>
    (effect.extra ?? []).flatMap((extra) => extraMessages(setting, event, extra)),
  );
  return [own, ...copies, ...extras.map((extra) => ({ ...extra, afterMs: delayMs + extra.afterMs }))];
}

function ownMessage(
  setting: DeliverySetting,
  event: CourierEvent,
  alteration: Alteration | undefined,
  afterMs: number,
): PlannedMessage {
  const draft = alteration === undefined ? undefined : altered(setting, event, alteration)[0];
  return {
    event,
    draft: draft ?? event.draft,
    tampered: alteration === undefined || draft === undefined ? null : tamperingOf(alteration, event.change),
    signature: 'valid',
    ageMs: 0,
    alteredBody: null,
    retries: true,
    afterMs,
  };
}

/** Messages beside the event's own: forged, stale, contradictory. Each is tried once unless its sender is the PSP itself. */
export function extraMessages(setting: DeliverySetting, event: CourierEvent, extra: ExtraMessage): PlannedMessage[] {
  const { alteration, signature, newEvent } = extra;
  // What is altered on its way was signed as it was, so the signed draft says the truth.
  const onTheWay = signature === 'altered-body';
  const drafts = draftsOf(setting, event, extra, onTheWay);
  const sent = onTheWay ? altered(setting, event, alteration ?? ALTERED_ON_THE_WAY)[0] : undefined;
  // Nothing to alter, or nothing that came out altered (one minor unit stays one): there would be nothing wrong with it.
  if (onTheWay && (sent === undefined || sent.body === event.draft.body)) return [];
  if (extra.strange !== undefined) return strangeMessages(setting, event, { extra, kind: extra.strange, drafts });
  return drafts.map((draft) => ({
    event,
    draft: sent === undefined ? draft : copyOf(draft, { claim: sent.claim }),
    tampered: alteration === null && !onTheWay ? null : tamperingOf(alteration ?? ALTERED_ON_THE_WAY, event.change),
    signature,
    ageMs: signature === 'stale' ? (extra.ageMs ?? 0) : 0,
    alteredBody: sent?.body ?? null,
    retries: newEvent && signature === 'valid',
    afterMs: extra.afterMs,
  }));
}

/** The event again, or another one of the same change (new ids), or one that says something else. */
function draftsOf(
  setting: DeliverySetting,
  event: CourierEvent,
  { alteration, newEvent, strange }: ExtraMessage,
  onTheWay: boolean,
): WebhookDraft[] {
  if (onTheWay) return [event.draft];
  if (alteration !== null) return altered(setting, event, alteration, newEvent);
  // An event that must not be taken for the true one needs an id of its own.
  return strange !== undefined && event.change !== null ? altered(setting, event, {}, newEvent) : [event.draft];
}

/** Events that no change of the books makes; none where this PSP's events cannot say so. */
function strangeMessages(
  setting: DeliverySetting,
  event: CourierEvent,
  { extra, kind, drafts }: { extra: ExtraMessage; kind: StrangeKind; drafts: readonly WebhookDraft[] },
): PlannedMessage[] {
  const { change } = event;
  const about = change !== null && 'payment' in change ? [change.payment.pspReference] : [];
  return drafts.flatMap((draft) => {
    const strange = strangeMessage(setting, draft, kind, [...about, ...(draft.about ?? [])]);
    if (strange === null) return [];
    const { tampered, otherKey } = strange;
    return [
      {
        event,
        draft: strange.draft,
        tampered,
        signature: otherKey ? ('wrong-key' as const) : extra.signature,
        ageMs: 0,
        alteredBody: null,
        retries: true,
        afterMs: extra.afterMs,
      },
    ];
  });
}

function isAfterPage(change: BookChange | null): boolean {
  return change?.record.kind === 'payment' && change.record.challengeId !== null;
}

/** Altered drafts, none of an event without a change: the one in the event's place where its type stays, all of them where the change became another one. */
function altered(
  setting: DeliverySetting,
  event: CourierEvent,
  alteration: Alteration,
  newEvent = false,
): WebhookDraft[] {
  if (event.change === null) return [];
  const change = alterChange(event.change, alteration);
  const { drafts } = renderEvents(setting.dialect, setting.psp, change, newEvent ? [] : event.ids);
  const same = drafts[event.position];
  return same !== undefined && same.type === event.draft.type && change.type === event.change.type ? [same] : drafts;
}

/** What is untrue about the altered copy; null when it says what is true (a yen payment whose currency is changed to yen). */
function tamperingOf(alteration: Alteration, change: BookChange | null): Tampering | null {
  if (alteration.claim !== undefined || change === null) return 'state';
  const { currency, amountMinor } = alterChange(change, alteration).record;
  if (currency !== change.record.currency) return 'currency';
  return amountMinor === change.record.amountMinor ? null : 'amount';
}
