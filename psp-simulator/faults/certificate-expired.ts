/**
 * Certificate expired: TLS connections to the PSP meet a certificate that ran out a day ago. Plain
 * HTTP connections do not notice.
 */
import { conditionFault } from './fault.ts';

export const certificateExpired = conditionFault({
  name: 'certificate-expired',
  summary: 'TLS connections meet an expired certificate.',
  example: '{ fault: certificate-expired, psp: acme, from: 1m, to: 6m }',
  precedent: {
    what: 'Pinned certificates of an SDK ran out: every call of versions not updated in time would fail.',
    source: 'https://github.com/braintree/braintree_python/issues/158',
  },
  point: 'condition',
  seenAt: ['handshake'],
  parse: () => ({}),
  effect: () => ({ certificateExpired: true }),
});
