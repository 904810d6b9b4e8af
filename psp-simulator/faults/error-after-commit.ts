/** Error after commit: the money moved, the answer says that something broke. */
import { exchangeFault } from './fault.ts';

export const errorAfterCommit = exchangeFault({
  name: 'error-after-commit',
  summary: 'The books change, the answer is an error status.',
  example: '{ fault: error-after-commit, operation: create-payment, with: { remembered: true } }',
  precedent: {
    what: 'PayPal answered INTERNAL_SERVICE_ERROR, had charged the card, and the second click charged it again.',
    source: 'https://github.com/paypal/PayPal-PHP-SDK/issues/369',
  },
  point: 'after-commit',
  parse: (parameters) => ({
    status: parameters.number('status', { min: 500, max: 599, fallback: 500, whole: true }),
    remembered: parameters.flag('remembered', false),
  }),
  effect: ({ status, remembered }) => ({
    answer: { code: 'internal', message: 'Something went wrong on our side.', status, remembered },
  }),
});
