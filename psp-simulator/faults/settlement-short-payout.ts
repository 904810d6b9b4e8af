/**
 * Short payout: every line is right, and the transfer to the merchant's bank is smaller than their
 * sum.
 */
import { settlementFault } from './fault.ts';

export const settlementShortPayout = settlementFault({
  name: 'settlement-short-payout',
  summary: 'The transfer is smaller than the lines say.',
  example: '{ fault: settlement-short-payout, with: { missing: 1727 } }',
  precedent: {
    what: 'A payout showed 60.28 paid above a list that added up to 77.55, with nothing to explain it.',
    source: 'https://github.com/Automattic/woocommerce-payments/issues/8588',
  },
  point: 'settlement',
  touches: 'batch',
  parse: (parameters) => ({
    missing: parameters.number('missing', { min: 1, max: 1_000_000_000, fallback: 100, whole: true }),
  }),
  effect: ({ missing }, _draw, { batch }) => {
    const transferLessMinor = Math.min(missing, batch.transferMinor);
    if (transferLessMinor === 0) return null;
    return { transferLessMinor, evidence: { discrepancy: 'short-payout', missing_minor: transferLessMinor } };
  },
});
