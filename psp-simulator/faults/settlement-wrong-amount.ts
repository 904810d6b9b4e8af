/** Wrong amount: the line is there, its amount is not what was captured. */
import { evidenceOf, hasReference, scaled, withGross } from './settlement-lines.ts';
import { settlementFault } from './fault.ts';

export const settlementWrongAmount = settlementFault({
  name: 'settlement-wrong-amount',
  summary: 'A line has another amount.',
  example: '{ fault: settlement-wrong-amount, with: { factor: 0.9 } }',
  precedent: {
    what: 'The net revenue of an order was counted from two currencies and was not what had been paid out.',
    source: 'https://github.com/woocommerce/woocommerce-gateway-stripe/issues/84',
  },
  point: 'settlement',
  touches: 'line',
  appliesTo: hasReference,
  parse: (parameters) => ({ factor: parameters.number('factor', { min: 0.01, max: 100, fallback: 0.9 }) }),
  effect: ({ factor }, _draw, { line }) => {
    if (line === null) return null;
    const wrong = withGross(line, scaled(line.grossMinor, factor));
    return {
      remove: [line.id],
      add: [wrong],
      evidence: evidenceOf('wrong-amount', line, { to_minor: wrong.grossMinor }),
    };
  },
});
