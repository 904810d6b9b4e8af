/**
 * Looks whether the event is known, then writes it down, in two steps. Two deliveries in the
 * same instant both see nothing and both go on.
 */
import { askThenStore, onlyNet, receivedSince } from './list-inbox.ts';
import type { Mutant } from './mutant.ts';

export const checkThenAct: Mutant = {
  name: 'check-then-act',
  title: 'Checks for a duplicate, then writes, in two steps',
  breaks: 'Two deliveries in the same instant both pass the check before either is written down.',
  precedent: 'opengovsg/FormSG issue 6022: two webhooks at once were both processed',
  mutation: () => onlyNet(askThenStore((unit, message) => receivedSince(unit, message, 0))),
};
