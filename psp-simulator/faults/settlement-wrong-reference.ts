/** Wrong reference: amount and time fit a payment, its references do not. */
import { foreignText } from './foreign-text.ts';
import { evidenceOf, hasReference } from './settlement-lines.ts';
import { settlementFault } from './fault.ts';

export const settlementWrongReference = settlementFault({
  name: 'settlement-wrong-reference',
  summary: 'A line carries references that nobody knows.',
  example: '{ fault: settlement-wrong-reference }',
  precedent: {
    what: 'The merchant reference of a report notification was empty, and the import failed.',
    source: 'https://github.com/Adyen/adyen-sapcommercecloud/issues/234',
  },
  point: 'settlement',
  touches: 'line',
  appliesTo: hasReference,
  parse: () => ({}),
  effect: (_parameters, draw, { line }) => {
    if (line === null) return null;
    const wrong = {
      ...line,
      pspReference: line.pspReference === null ? null : foreignText(line.pspReference, draw),
      reference: line.reference === null ? null : foreignText(line.reference, draw),
    };
    return {
      remove: [line.id],
      add: [wrong],
      evidence: evidenceOf('wrong-reference', line, { to_reference: wrong.reference }),
    };
  },
});
