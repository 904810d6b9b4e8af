/**
 * Looks whether the event is known, then writes it down, in two steps. Two deliveries in the
 * same instant both see nothing and both go on.
 */
import { sqlOf, type InboxMessage, type Unit } from '../../reference-service/index.ts';
import { dropInboxKey, listInbox } from './list-inbox.ts';
import type { Mutant } from './mutant.ts';
import { onlyNet } from './only-net.ts';

export const checkThenAct: Mutant = {
  name: 'check-then-act',
  title: 'Checks for a duplicate, then writes, in two steps',
  breaks: 'Two deliveries in the same instant both pass the check before either is written down.',
  precedent: 'opengovsg/FormSG issue 6022: two webhooks at once were both processed',
  mutation: () => onlyNet(() => listInbox(isListed), dropInboxKey),
};

async function isListed(unit: Unit, { psp, event }: InboxMessage): Promise<boolean> {
  const rows = await sqlOf(unit)('select 1 as listed from inbox where psp = :psp and event_id = :eventId limit 1', {
    psp,
    eventId: event.eventId,
  });
  return rows.length > 0;
}
