/** Wrong fee: more is kept than was agreed, and less is paid out. */
import { evidenceOf } from './settlement-lines.ts';
import { settlementFault } from './fault.ts';

export const settlementWrongFee = settlementFault({
  name: 'settlement-wrong-fee',
  summary: 'A line has a higher fee than agreed.',
  example: '{ fault: settlement-wrong-fee, with: { more: 25 } }',
  precedent: {
    what: 'The fee column of a settlement report was blank although the transfers had a fee.',
    source: 'https://github.com/mojaloop/project/issues/4121',
  },
  point: 'settlement',
  touches: 'line',
  appliesTo: (line) => line.type === 'payment',
  parse: (parameters) => ({ more: parameters.number('more', { min: 1, max: 1_000_000, fallback: 25, whole: true }) }),
  effect: ({ more }, _draw, { line }) => {
    if (line === null) return null;
    const fees = { ...line.fees, commission: line.fees.commission + more };
    const wrong = { ...line, fees, netMinor: line.netMinor - more };
    return { remove: [line.id], add: [wrong], evidence: evidenceOf('wrong-fee', line, { more_minor: more }) };
  },
});
