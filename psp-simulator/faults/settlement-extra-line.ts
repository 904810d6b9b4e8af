/** Extra line: a payment of somebody else in the merchant's settlement. */
import { foreignText } from './foreign-text.ts';
import { evidenceOf } from './settlement-lines.ts';
import { settlementFault } from './fault.ts';

export const settlementExtraLine = settlementFault({
  name: 'settlement-extra-line',
  summary: 'A line of an unknown payment is added.',
  example: '{ fault: settlement-extra-line }',
  precedent: {
    what: 'General holds showed up as further lines of one transaction.',
    source: 'https://github.com/OCA/bank-statement-import/pull/651',
  },
  point: 'settlement',
  touches: 'line',
  appliesTo: (line) => line.type === 'payment',
  parse: () => ({}),
  effect: (_parameters, draw, { line }) => {
    if (line === null) return null;
    const extra = {
      ...line,
      id: `${line.id}-extra`,
      pspReference: foreignText(line.pspReference ?? line.id, draw),
      modificationReference: null,
      reference: foreignText(line.reference ?? line.id, draw),
    };
    return { add: [extra], evidence: evidenceOf('extra-line', extra) };
  },
});
