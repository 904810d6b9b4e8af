/** Unannounced chargeback: the money is taken back in the settlement, and no dispute was ever told. */
import { chargebackOf, evidenceOf } from './settlement-lines.ts';
import { settlementFault } from './fault.ts';

export const settlementUnannouncedChargeback = settlementFault({
  name: 'settlement-unannounced-chargeback',
  summary: 'A chargeback without any notice.',
  example: '{ fault: settlement-unannounced-chargeback }',
  precedent: {
    what: 'Six disputes had taken back more than 500 euros before anybody noticed.',
    source: 'https://github.com/liberapay/liberapay.com/issues/1421',
  },
  point: 'settlement',
  touches: 'line',
  appliesTo: (line) => line.type === 'payment',
  parse: (parameters) => ({
    feeMinor: parameters.number('feeMinor', { min: 0, max: 100_000, fallback: 1_500, whole: true }),
  }),
  effect: ({ feeMinor }, _draw, { line }) => {
    if (line === null) return null;
    const back = chargebackOf(line, feeMinor);
    return { add: [back], evidence: evidenceOf('unannounced-chargeback', back) };
  },
});
