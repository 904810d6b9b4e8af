/** Error: the PSP fails before it changed anything, and says so. */
import { exchangeFault } from './fault.ts';

export const error = exchangeFault({
  name: 'error',
  summary: 'An error status before the books change.',
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
