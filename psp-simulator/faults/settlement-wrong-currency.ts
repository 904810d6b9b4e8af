/** Wrong currency: the figures are right, the currency beside them is not. */
import { evidenceOf, hasReference } from './settlement-lines.ts';
import { settlementFault } from './fault.ts';

export const settlementWrongCurrency = settlementFault({
  name: 'settlement-wrong-currency',
  summary: 'A line names another currency.',
  example: '{ fault: settlement-wrong-currency, with: { currency: USD } }',
  precedent: {
    what: 'A payment in dollars was recorded with the fee and the net amount of its pounds.',
    source: 'https://github.com/drastik/com.drastikbydesign.stripe/issues/100',
  },
  point: 'settlement',
  touches: 'line',
  appliesTo: hasReference,
  parse: (parameters) => ({ currency: parameters.text('currency', /^[A-Z]{3}$/, 'USD') }),
  effect: ({ currency }, _draw, { line }) => {
    if (line === null || line.currency === currency) return null;
    const wrong = { ...line, currency };
    return { remove: [line.id], add: [wrong], evidence: evidenceOf('wrong-currency', line, { to_currency: currency }) };
  },
});
