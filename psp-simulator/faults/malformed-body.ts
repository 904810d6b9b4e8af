/**
 * Malformed body: the answer arrives whole, with its length right, and cannot be parsed. The books
 * have changed.
 */
import { exchangeFault } from './fault.ts';

function broken(body: string, as: 'half' | 'empty' | 'garbage' | 'empty-object'): string {
  switch (as) {
    case 'half':
      return body.slice(0, Math.floor(body.length / 2));
    case 'empty':
      return '';
    case 'garbage':
      return `upstream said: ${body.split('').reverse().join('')}`;
    case 'empty-object':
      return '{}';
  }
}

export const malformedBody = exchangeFault({
  name: 'malformed-body',
  summary: 'The books change, the answer is no valid JSON.',
  example: '{ fault: malformed-body, operation: create-payment, chance: 0.3, with: { as: half } }',
  precedent: {
    what: 'An SDK met answers that were no JSON at all, whether the request had succeeded or not.',
    source: 'https://github.com/2Checkout/2checkout-node/issues/6',
  },
  point: 'after-commit',
  parse: (parameters) => ({ as: parameters.oneOf('as', ['half', 'empty', 'garbage', 'empty-object'], 'half') }),
  effect: ({ as }) => ({ rewrite: (answer) => ({ ...answer, body: broken(answer.body, as) }) }),
});
