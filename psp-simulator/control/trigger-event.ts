/**
 * Makes any event of a PSP happen, with consistent books behind it: the change that the event
 * tells of is brought about by the bank's own commands, and everything else that belongs to it
 * (the payment before the refund, the events on the way) happens as well.
 *
 * A new payment is first tried on a scratch bank, way by way, until the wanted event comes out;
 * only then the real books move. So an event that a PSP sends only in one of several cases is
 * found, and a trigger that cannot work leaves no trace.
 */
import { nearestWord } from '../../kernel/index.ts';
import type { BookChangeType } from '../core/book-change.ts';
import { createBank } from '../core/create-bank.ts';
import { PspProblem } from '../core/problem.ts';
import type { PaymentRecord, PayoutRecord } from '../core/records.ts';
import type { PspContext } from '../dialects/dialect.ts';
import type { Psp } from '../engine/psp.ts';
import type { CourierEvent } from '../webhooks/message.ts';
import { SettlementAccount } from '../settlement/settlement-account.ts';
import { renderEvents } from '../webhooks/render-events.ts';
import { ControlProblem } from './problem.ts';
import { Stage } from './trigger/stage.ts';
import { takeMoney, waysTo } from './trigger/ways.ts';
import type { Way } from './trigger/ways.ts';

export interface TriggerWish {
  /** The PSP's own word. */
  event: string;
  /** The merchant's or the PSP's; an existing payment or payout goes on. Default: a new one. */
  reference?: string;
  amountMinor?: number;
  currency?: string;
}

export interface Triggered {
  eventIds: string[];
  pspReference: string | null;
  reference: string | null;
}

/** Large enough to be taken apart by partial captures and refunds. */
const DEFAULT_AMOUNT_MINOR = 5_000;
const DEFAULT_CURRENCY = 'EUR';

export function eventTypeViews(psp: Psp): { event: string; change: string }[] {
  return Object.entries(psp.dialect.eventTypes).map(([event, change]) => ({ event, change }));
}

/** Throws a ControlProblem for an unknown event or one that cannot follow, a PspProblem when the books refuse. */
export function triggerEvent(psp: Psp, wish: TriggerWish): Triggered {
  const change = psp.dialect.eventTypes[wish.event];
  if (change === undefined) throw unknownEvent(psp, wish.event);
  const existing = wish.reference === undefined ? undefined : findRecord(psp, wish.reference, change);
  const cause = psp.ports.history.append({
    proc: 'operator',
    type: 'note',
    f: 'trigger',
    value: { psp: psp.name, event: wish.event },
  });
  const stageOf = (context: PspContext, known: PaymentRecord | PayoutRecord | undefined): Stage =>
    new Stage({
      psp: context,
      samples: psp.dialect.samples,
      wish: {
        reference: wish.reference ?? psp.ports.ids.next('trigger'),
        amountMinor: wish.amountMinor ?? DEFAULT_AMOUNT_MINOR,
        currency: (wish.currency ?? DEFAULT_CURRENCY).toUpperCase(),
      },
      existing: known,
    });
  const stage = stageOf(psp.context, existing);
  const way = findWay(psp, { event: wish.event, change, stageOf }, existing !== undefined);
  const events = play(psp, { way, stage, cause, settles: change === 'settlement' });
  const wanted = events.filter(({ draft }) => draft.type === wish.event);
  if (wanted.length === 0) throw didNotFollow(wish.event, existing, events);
  return {
    eventIds: wanted.map(({ draft }) => draft.eventId),
    pspReference: stage.subject?.pspReference ?? null,
    reference: stage.subject?.reference ?? null,
  };
}

interface Search {
  event: string;
  change: BookChangeType | 'settlement';
  stageOf(context: PspContext, known: undefined): Stage;
}

/** A way, and whether the merchant's endpoint must be subscribed to everything for it. */
interface FoundWay {
  play: Way;
  subscribed: boolean;
}

function findWay(psp: Psp, search: Search, goesOn: boolean): FoundWay {
  const ways = search.change === 'settlement' ? [takeMoney] : waysTo(search.change);
  for (const subscribed of [true, false]) {
    for (const way of ways) {
      if (!rehearse(psp, way, { ...search, subscribed }).includes(search.event)) continue;
      // Only the first way can go on from what exists.
      return { play: goesOn ? (ways[0] ?? way) : way, subscribed };
    }
  }
  throw new ControlProblem('internal', `No way leads to the event ${search.event} of ${psp.dialect.name}`);
}

/** Types of the events that a way makes, on books of its own. A way that these books refuse makes none. */
function rehearse(
  psp: Psp,
  way: Way,
  { change: wanted, subscribed, stageOf }: Search & { subscribed: boolean },
): string[] {
  const { dialect, ports } = psp;
  const types: string[] = [];
  const account = new SettlementAccount({ psp: psp.name, clock: ports.clock, terms: () => psp.settlement.terms() });
  const bank = createBank({
    clock: ports.clock,
    ids: ports.ids,
    rules: dialect.bankRules,
    challengeLifeMs: () => psp.profile.challengeLifeMs,
    captureId: (payment) => dialect.samples.captureId(context, payment),
    onChange: (change) => {
      if (wanted === 'settlement') account.follow(change);
      else types.push(...renderEvents(dialect, context, change).drafts.map((draft) => draft.type));
    },
  });
  const profile = subscribed ? psp.profile : { ...psp.profile, webhookEvents: ['*'] };
  const context: PspContext = Object.create(psp.context, { bank: { value: bank }, profile: { value: profile } });
  try {
    way(stageOf(context, undefined));
  } catch (error) {
    if (!(error instanceof PspProblem)) throw error;
    return [];
  }
  const announcing = { psp: context, newId: (prefix: string) => ports.ids.next(prefix), atMs: ports.clock.now() };
  const announced = account.closeNow().flatMap(({ told }) => dialect.settlement.webhooksFor?.(told, announcing) ?? []);
  return [...types, ...announced.map((draft) => draft.type)];
}

interface Play {
  way: FoundWay;
  stage: Stage;
  cause: number;
  /** Close the batches afterwards. */
  settles: boolean;
}

function play(psp: Psp, { way, stage, cause, settles }: Play): CourierEvent[] {
  const { profile } = psp;
  if (!way.subscribed) psp.profile = { ...profile, webhookEvents: ['*'] };
  try {
    return psp.during(cause, () => {
      if (stage.isNew || !settles) way.play(stage);
      if (settles) psp.settlement.closeNow();
    });
  } finally {
    psp.profile = profile;
  }
}

/** A payment or a payout, whichever the change is about; by the PSP's reference, or the newest with the merchant's. */
function findRecord(psp: Psp, reference: string, change: string): PaymentRecord | PayoutRecord | undefined {
  const { bank } = psp;
  if (change.startsWith('payout-')) return bank.findPayout(reference) ?? bank.payouts({ reference }).at(-1);
  return bank.findPayment(reference) ?? bank.payments({ reference }).at(-1);
}

function unknownEvent(psp: Psp, event: string): ControlProblem {
  const known = Object.keys(psp.dialect.eventTypes);
  const near = nearestWord(event, known);
  const hint = near === undefined ? '' : `; did you mean ${near}?`;
  return new ControlProblem(
    'invalid',
    `${psp.dialect.title} has no event ${JSON.stringify(event)}${hint} GET /v1/psps/${psp.name}/event-types lists all ${known.length}`,
  );
}

function didNotFollow(
  event: string,
  existing: PaymentRecord | PayoutRecord | undefined,
  events: readonly CourierEvent[],
): ControlProblem {
  const from = existing === undefined ? 'this' : `'${existing.pspReference}', which was ${existing.state}`;
  const instead =
    events.length === 0 ? 'nothing happened' : `this happened: ${events.map(({ draft }) => draft.type).join(', ')}`;
  return new ControlProblem('conflict', `The event ${event} does not follow from ${from}; ${instead}`);
}
