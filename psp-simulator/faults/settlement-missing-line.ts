/** Missing line: the PSP has the money and does not list it. */
import { evidenceOf, hasReference } from './settlement-lines.ts';
import { settlementFault } from './fault.ts';

export const settlementMissingLine = settlementFault({
  name: 'settlement-missing-line',
  summary: 'A line is left out of the settlement.',
  example: '{ fault: settlement-missing-line }',
  precedent: {
    what: 'Rides that were authorized and settled were absent from the settlement table.',
    source: 'https://github.com/cal-itp/data-infra/issues/4553',
  },
  point: 'settlement',
  touches: 'line',
  appliesTo: hasReference,
  parse: () => ({}),
  effect: (_parameters, _draw, { line }) =>
    line === null ? null : { remove: [line.id], evidence: evidenceOf('missing-line', line) },
});
