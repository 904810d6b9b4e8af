/**
 * Processed twice: the PSP handles one request as if it had come twice, and the books hold two
 * payments of one reference. The client sees the answer of the first.
 */
import { exchangeFault } from './fault.ts';

export const processedTwice = exchangeFault({
  name: 'processed-twice',
  summary: 'One request is processed two times.',
  example: '{ fault: processed-twice, operation: create-payment, nth: 2 }',
  precedent: {
    what: 'For some banks one subscription payment was taken two times, and the second given back within a month.',
    source: 'https://github.com/openfoodfoundation/openfoodnetwork/issues/7495',
  },
  point: 'before-commit',
  operations: ['create-payment', 'create-payout', 'refund'],
  parse: () => ({}),
  effect: () => ({ processTwice: true }),
});
