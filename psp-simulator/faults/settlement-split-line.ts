/** Split line: one payment comes as two lines that add up to it. */
import { evidenceOf, scaled, split } from './settlement-lines.ts';
import { settlementFault } from './fault.ts';

export const settlementSplitLine = settlementFault({
  name: 'settlement-split-line',
  summary: 'A payment comes as two lines.',
  example: '{ fault: settlement-split-line }',
  precedent: {
    what: 'A bank statement listed several entries for one transaction, and its import failed.',
    source: 'https://github.com/OCA/bank-statement-import/pull/475',
  },
  point: 'settlement',
  touches: 'line',
  appliesTo: (line) => line.type === 'payment' && line.grossMinor > 1,
  parse: (parameters) => ({ share: parameters.number('share', { min: 0.01, max: 0.99, fallback: 0.6 }) }),
  effect: ({ share }, _draw, { line }) => {
    if (line === null) return null;
    const parts = split(line, Math.min(line.grossMinor - 1, scaled(line.grossMinor, share)));
    return { remove: [line.id], add: parts, evidence: evidenceOf('split-line', line, { parts: parts.length }) };
  },
});
