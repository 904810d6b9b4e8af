/** Error: the PSP fails before it changed anything, and says so. */
import { exchangeFault } from './fault.ts';

export const error = exchangeFault({
  name: 'error',
  summary: 'An error status before the books change.',
  example: '{ fault: error, operation: [create-payment, refund], chance: 0.2, with: { status: 502 } }',
  precedent: {
    what: 'A gateway answered 500 for weeks while it was integrated.',
    source: 'https://github.com/activemerchant/active_merchant/pull/2871',
  },
  point: 'before-commit',
  parse: (parameters) => ({
    status: parameters.number('status', { min: 400, max: 599, fallback: 500, whole: true }),
    remembered: parameters.flag('remembered', false),
  }),
  effect: ({ status, remembered }) => ({
    answer: {
      code: status >= 500 ? 'internal' : 'validation',
      message: 'Something went wrong on our side.',
      status,
      remembered,
    },
  }),
});
