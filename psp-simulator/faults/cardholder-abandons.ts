/**
 * Cardholder abandons: whatever the payer does on the page, nothing arrives; the payment waits
 * until the page runs out.
 */
import { cardholderFault } from './fault.ts';

export const cardholderAbandons = cardholderFault({
  name: 'cardholder-abandons',
  summary: 'The payer walks away from the page.',
  example: '{ fault: cardholder-abandons, chance: 0.3 }',
  precedent: {
    what: 'Payments were left in the middle of 3DS by the back button, in no final state.',
    source: 'https://github.com/alphagov/pay-connector/pull/352',
  },
  point: 'cardholder',
  appliesTo: ({ action }) => action !== 'abandon',
  parse: () => ({}),
  effect: () => ({ action: 'abandon' }),
});
