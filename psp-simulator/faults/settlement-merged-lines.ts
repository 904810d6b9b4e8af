/** Merged lines: two payments come as one line, with the references of the first. */
import { canMerge, evidenceOf, merged } from './settlement-lines.ts';
import { settlementFault } from './fault.ts';

export const settlementMergedLines = settlementFault({
  name: 'settlement-merged-lines',
  summary: 'Two payments come as one line.',
  example: '{ fault: settlement-merged-lines }',
  precedent: {
    what: 'A weekly batch payment had to be taken apart by hand into the invoices it paid.',
    source: 'https://github.com/Adyen/adyen-sapcommercecloud/issues/283',
  },
  point: 'settlement',
  touches: 'line',
  appliesTo: (line) => line.type === 'payment',
  parse: () => ({}),
  effect: (_parameters, _draw, { batch, line }) => {
    if (line === null) return null;
    const other = batch.lines.find((one) => one.id !== line.id && canMerge(line, one));
    if (other === undefined) return null;
    const evidence = evidenceOf('merged-lines', line, {
      other_line_id: other.id,
      other_reference: other.reference,
      other_minor: other.grossMinor,
    });
    return { remove: [line.id, other.id], add: [merged(line, other)], evidence };
  },
});
