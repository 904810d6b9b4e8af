/**
 * API key expired: the PSP refuses credentials that are right, as after a key was rolled or an
 * account suspended.
 */
import { exchangeFault } from './fault.ts';

export const apiKeyExpired = exchangeFault({
  name: 'api-key-expired',
  summary: 'The PSP refuses the right API key.',
  example: '{ fault: api-key-expired, from: 10m, to: 30m }',
  precedent: {
    what: 'The API key of a shop had expired, and no purchase could be made.',
    source: 'https://github.com/tamagui/tamagui/issues/4014',
  },
  point: 'before-commit',
  parse: () => ({}),
  effect: () => ({ answer: { code: 'unauthorized', message: 'The API key provided has expired.' } }),
});
