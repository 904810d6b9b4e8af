/**
 * Returns twice: the browser opens the merchant's return address a second time at the same
 * instant, as after a reload or from a second tab. The second visit goes only to the host of the
 * webhook URL or to loopback.
 */
import { cardholderFault } from './fault.ts';

export const cardholderReturnsTwice = cardholderFault({
  name: 'cardholder-returns-twice',
  summary: 'The browser comes back to the shop two times at once.',
  example: '{ fault: cardholder-returns-twice }',
  precedent: {
    what: 'The return URL was visited two times at the same moment, and the customer got two confirmations.',
    source: 'https://github.com/sumup/sumup-ecom-php-sdk/issues/44',
  },
  point: 'cardholder',
  parse: () => ({}),
  effect: () => ({ returnTwice: true }),
});
