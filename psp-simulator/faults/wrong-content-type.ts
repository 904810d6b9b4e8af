/**
 * Wrong content type: the body is right, its label is not. Clients that trust the label throw the
 * answer away.
 */
import { exchangeFault } from './fault.ts';

export const wrongContentType = exchangeFault({
  name: 'wrong-content-type',
  summary: 'The books change, the answer is labelled as something else.',
  example: '{ fault: wrong-content-type, chance: 0.3, with: { content_type: text/html } }',
  precedent: {
    what: 'Card verifications failed for days on an answer that was no JSON; only its content type could tell why.',
    source: 'https://github.com/island-is/island.is/pull/23371',
  },
  point: 'after-commit',
  parse: (parameters) => ({ contentType: parameters.text('contentType', /^[\w.+-]+\/[\w.+-]+$/, 'text/html') }),
  effect: ({ contentType }) => ({
    rewrite: (answer) => ({ ...answer, headers: { ...answer.headers, 'content-type': contentType } }),
  }),
});
