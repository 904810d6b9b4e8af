/**
 * Broken receivers of webhooks: who is believed, and what counts as the same event. PSPs deliver
 * at least once, in any order, and anybody can send bytes to a public address.
 */
import {
  sqlOf,
  type InboxMessage,
  type Unit,
  type WebhookVerdict,
  type WebhookVerifiers,
} from '../../../reference-service/index.ts';
import type { ServiceMutation } from '../../drivers/index.ts';
import type { Acted, Mutant } from '../mutant.ts';
import { dropInboxKey, listInbox } from './list-inbox.ts';
import { onlyNet } from './only-net.ts';
import { withAdapter } from './swaps.ts';

type Flaw = Extract<WebhookVerdict, { kind: 'invalid_signature' }>['reason'];

/** Messages with these flaws pass as genuine ones. */
function overlooking(flaws: readonly Flaw[], acted: Acted): ServiceMutation {
  return {
    parts: ({ webhookVerifiers }) => ({
      webhookVerifiers: Object.fromEntries(
        Object.entries(webhookVerifiers).map(([dialect, verifier]) => [
          dialect,
          {
            verify: (input: Parameters<typeof verifier.verify>[0]): WebhookVerdict => {
              const verdict = verifier.verify(input);
              if (verdict.kind !== 'invalid_signature' || !flaws.includes(verdict.reason)) return verdict;
              acted();
              return { kind: 'verified' };
            },
          },
        ]),
      ) as WebhookVerifiers,
    }),
  };
}

const acceptsUnsignedWebhook: Mutant = {
  name: 'accepts-unsigned-webhook',
  title: 'Accepts a webhook without a signature',
  breaks: 'The check is skipped when the signature is missing, so anybody can announce a payment.',
  precedent: 'doocs/md pull request 1656: a forged payment callback was believed',
  against: 'I15',
  alsoIn: ['forged-and-stale-webhooks'],
  mutation: (acted) => overlooking(['missing'], acted),
};

const acceptsWrongSignature: Mutant = {
  name: 'accepts-wrong-signature',
  title: 'Logs a wrong signature and goes on',
  breaks: 'A signature that does not fit is logged, and the event is processed all the same.',
  precedent: 'Azuriom Plugin-Shop issue 284: only the presence of the signature was looked at',
  against: 'I15',
  alsoIn: ['forged-and-stale-webhooks'],
  mutation: (acted) => overlooking(['mismatch'], acted),
};

const acceptsStaleWebhook: Mutant = {
  name: 'accepts-stale-webhook',
  title: 'Accepts signatures of any age',
  breaks: 'The signed time is not compared with the clock, so a message that was recorded once works for ever.',
  precedent: 'Standard Webhooks 1.0: the timestamp is signed so that old messages can be refused',
  against: 'I15',
  alsoIn: ['forged-and-stale-webhooks'],
  mutation: (acted) => overlooking(['stale', 'future'], acted),
};

const believesTheOtherWorld: Mutant = {
  name: 'believes-the-other-world',
  title: 'Processes events of the test environment as live ones',
  breaks: 'Nobody looks from which of its two worlds a PSP reports, and play money is credited as real.',
  precedent: 'Stripe: a livemode and a testmode event differ in one field, which the receiver must read',
  against: 'I11',
  alsoIn: ['events-of-others'],
  mutation: (acted) =>
    withAdapter((shipped) => ({
      environment: null,
      parseWebhook: (input) => {
        const events = shipped.parseWebhook(input);
        if (events.some(({ environment }) => environment !== undefined && environment !== shipped.environment)) acted();
        return events;
      },
    })),
};

const noDeduplication: Mutant = {
  name: 'no-deduplication',
  title: 'Processes every delivery of an event',
  breaks: 'A webhook that arrives twice is processed twice, because nobody remembers event ids.',
  precedent: 'pinelab Vendure plugins issue 620: one order was settled three times by repeated webhooks',
  against: 'I1',
  alsoIn: ['duplicate-burst'],
  mutation: (acted) =>
    onlyNet(
      () =>
        listInbox(async (unit, message) => {
          if (await isListed(unit, message)) acted();
          return false;
        }),
      dropInboxKey,
    ),
};

/** Event ids are kept in a cache with a short life. PSPs repeat for days. */
const REMEMBERED_MS = 5 * 60_000;

const fiveMinuteDeduplication: Mutant = {
  name: 'five-minute-deduplication',
  title: 'Remembers event ids for five minutes',
  breaks: 'Event ids live in a cache for five minutes, and PSPs repeat for days.',
  against: 'I1',
  alsoIn: ['late-duplicates'],
  mutation: (acted) =>
    onlyNet((shipped) => ({
      ...shipped,
      store: async (unit, message) => {
        if (await forget(unit, message, message.receivedAt - REMEMBERED_MS)) acted();
        return shipped.store(unit, message);
      },
    })),
};

/** Two deliveries in the same instant both see nothing and both go on. */
const checkThenAct: Mutant = {
  name: 'check-then-act',
  title: 'Checks for a duplicate, then writes, in two steps',
  breaks: 'Two deliveries in the same instant both pass the check before either is written down.',
  precedent: 'opengovsg/FormSG issue 6022: two webhooks at once were both processed',
  against: 'I1',
  alsoIn: ['duplicate-burst'],
  mutation: (acted) => {
    const looking = new Map<string, number>();
    return onlyNet(
      () =>
        listInbox(async (unit, message) => {
          const id = `${message.psp} ${message.event.eventId}`;
          const others = looking.get(id) ?? 0;
          looking.set(id, others + 1);
          if (others > 0) acted();
          const known = await isListed(unit, message);
          looking.set(id, (looking.get(id) ?? 1) - 1);
          return known;
        }),
      dropInboxKey,
    );
  },
};

const oneEventPerPayment: Mutant = {
  name: 'one-event-per-payment',
  title: 'Takes every further event of a payment for a duplicate',
  breaks: 'Events are deduplicated by the id of the payment instead of their own, so refunds and disputes are lost.',
  precedent:
    'event-tickets pull request 3095: refund webhooks were ignored because their payment had succeeded already',
  against: 'I11',
  alsoIn: ['disputes', 'refunds'],
  mutation: (acted) => ({
    parts: ({ inbox }) => ({
      inbox: {
        ...inbox,
        store: async (unit, message) => {
          if (!(await isPaymentListed(unit, message))) return inbox.store(unit, message);
          acted();
          return 'duplicate';
        },
      },
    }),
  }),
};

async function isListed(unit: Unit, { psp, event }: InboxMessage): Promise<boolean> {
  const rows = await sqlOf(unit)('select 1 as listed from inbox where psp = :psp and event_id = :eventId limit 1', {
    psp,
    eventId: event.eventId,
  });
  return rows.length > 0;
}

async function isPaymentListed(unit: Unit, { psp, event }: InboxMessage): Promise<boolean> {
  const rows = await sqlOf(unit)(
    `select 1 as listed from inbox
     where psp = :psp and event ->> 'pspReference' = :pspReference and event_id <> :eventId and outcome = 'applied' limit 1`,
    { psp, pspReference: event.pspReference, eventId: event.eventId },
  );
  return rows.length > 0;
}

/** Forgets the event when it was received before `sinceMs` (epoch) and is processed; true when it was there. */
async function forget(unit: Unit, { psp, event }: InboxMessage, sinceMs: number): Promise<boolean> {
  const rows = await sqlOf(unit)(
    `delete from inbox where psp = :psp and event_id = :eventId and received_at < :sinceMs and status <> 'waiting'
     returning 1 as gone`,
    { psp, eventId: event.eventId, sinceMs },
  );
  return rows.length > 0;
}

export const WEBHOOK_MUTANTS: readonly Mutant[] = [
  acceptsUnsignedWebhook,
  acceptsWrongSignature,
  acceptsStaleWebhook,
  believesTheOtherWorld,
  noDeduplication,
  fiveMinuteDeduplication,
  checkThenAct,
  oneEventPerPayment,
];
