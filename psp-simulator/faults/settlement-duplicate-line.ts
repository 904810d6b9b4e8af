/** Duplicate line: the same payment two times in one settlement. */
import { evidenceOf, hasReference } from './settlement-lines.ts';
import { settlementFault } from './fault.ts';

export const settlementDuplicateLine = settlementFault({
  name: 'settlement-duplicate-line',
  summary: 'A line appears twice.',
  example: '{ fault: settlement-duplicate-line }',
  precedent: {
    what: 'One import of PayPal’s history held some transactions twice.',
    source: 'https://github.com/firefly-iii/firefly-iii/issues/6364',
  },
  point: 'settlement',
  touches: 'line',
  appliesTo: hasReference,
  parse: () => ({}),
  effect: (_parameters, _draw, { line }) =>
    line === null
      ? null
      : {
          remove: [line.id],
          add: [line, { ...line, id: `${line.id}-again` }],
          evidence: evidenceOf('duplicate-line', line),
        },
});
