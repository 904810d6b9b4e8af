/**
 * Issuer unavailable: the issuer's server cannot authenticate anybody (EMV 3DS transStatus U). The
 * PSP goes on without a liability shift, or declines.
 */
import { cardholderFault } from './fault.ts';

export const issuerUnavailable = cardholderFault({
  name: 'issuer-unavailable',
  summary: "The issuer's 3DS server is unavailable.",
  example: '{ fault: issuer-unavailable, chance: 0.5 }',
  precedent: {
    what: 'An unavailable authentication was rejected where it could have been decided otherwise.',
    source: 'https://github.com/ivpn/ivpn.net/issues/184',
  },
  point: 'cardholder',
  appliesTo: ({ threeDs, action }) => threeDs && (action === 'approve' || action === 'fail'),
  parse: () => ({}),
  effect: () => ({ action: 'unavailable' }),
});
