/** Late line: the line is missing today and comes with the next settlement. */
import { evidenceOf, hasReference } from './settlement-lines.ts';
import { settlementFault } from './fault.ts';

export const settlementLateLine = settlementFault({
  name: 'settlement-late-line',
  summary: 'A line comes one settlement later.',
  example: '{ fault: settlement-late-line }',
  precedent: {
    what: 'Payouts of a day came late because of a problem at the PSP.',
    source: 'https://github.com/mollie/mollie-api-php/issues/406',
  },
  point: 'settlement',
  touches: 'line',
  appliesTo: hasReference,
  parse: () => ({}),
  effect: (_parameters, _draw, { line }) =>
    line === null ? null : { remove: [line.id], hold: [line], evidence: evidenceOf('late-line', line) },
});
