/** The event names our payment, so it is about our payment: nobody compares the amount. */
import type { Mutant } from './mutant.ts';

export const creditsWithoutMatchingAmount: Mutant = {
  name: 'credits-without-matching-amount',
  title: 'Credits whatever amount the event states',
  breaks: 'Events are matched by reference alone; an event with another amount or currency counts as paid.',
  mutation: () => ({ parts: () => ({ eventMatcher: () => ({ kind: 'match' }) }) }),
};
