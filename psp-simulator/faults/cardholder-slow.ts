/** Cardholder slow: the page takes long before it does what the payer wants. */
import { sampleMs } from '../../kernel/index.ts';
import { cardholderFault } from './fault.ts';

export const cardholderSlow = cardholderFault({
  name: 'cardholder-slow',
  summary: 'The page takes long.',
  example: '{ fault: cardholder-slow, with: { distribution: { kind: lognormal, p50: 20s, p95: 2m } } }',
  precedent: {
    what: 'Payments sat in 3DS until the link ran out, with a frozen progress page before the payer.',
    source: 'https://github.com/koala73/worldmonitor/issues/4440',
  },
  point: 'cardholder',
  parse: (parameters) => ({ delay: parameters.distribution('distribution', 'fixedMs') }),
  effect: ({ delay }, draw) => ({ waitMs: sampleMs(delay, draw('cardholder-slow')) }),
});
