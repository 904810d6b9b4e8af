import assert from 'node:assert/strict';
import { UserError } from '../../kernel/index.ts';
import { checkRouting } from './route-config.ts';

const PSPS = ['alpha', 'beta'];

describe('routing configuration', () => {
  it('accepts nothing, and everything that it documents', () => {
    checkRouting('ROUTING', {}, PSPS);
    checkRouting(
      'ROUTING',
      {
        strategy: 'quality',
        seed: 'x',
        rules: [
          { name: 'a', when: { country: ['DE'], amount: { min: 1 }, bin: '4111', risk: 'elevated' }, only: ['alpha'] },
          { name: 'b', split: { alpha: 9, beta: 1 }, by: 'payment' },
        ],
        fees: [{ psp: 'alpha', method: 'card', basisPoints: 120, fixedMinor: { EUR: 10 } }],
        weights: { cost: 2 },
        halfLifeMinutes: 10,
        exploration: 0.3,
        sessionMinutes: 30,
        breaker: { probeShare: 0.1, successesToClose: 2, slowCallMs: 4_000 },
        levels: { automaticUpTo: 'degraded', heavyMethods: ['voucher'], fastMethods: ['bank'], slowP95Ms: 3_000 },
      },
      PSPS,
    );
  });

  const wrong: [unknown, RegExp][] = [
    [[], /ROUTING is \[\]; it must be an object/],
    [{ strategie: 'order' }, /ROUTING\.strategie is not a setting/],
    [{ strategy: 'best' }, /ROUTING\.strategy is "best"; it must be one of order, quality/],
    [{ rules: [{ name: 'a' }] }, /rules\[0\] \(a\) has no action/],
    [{ rules: [{ name: 'a', only: ['alpha'], prefer: ['beta'] }] }, /only and prefer/],
    [
      { rules: [{ name: 'a', only: ['gamma'] }] },
      /only is "gamma"; it must be the name of a configured PSP \(alpha, beta\)/,
    ],
    [{ rules: [{ name: 'a', only: [] }] }, /names no PSP/],
    [{ rules: [{ name: 'A', only: ['alpha'] }] }, /rules\[0\]\.name is "A"/],
    [
      {
        rules: [
          { name: 'a', only: ['alpha'] },
          { name: 'a', only: ['beta'] },
        ],
      },
      /two rules named a/,
    ],
    [{ rules: [{ name: 'a', split: { alpha: 0 } }] }, /gives every PSP the share 0/],
    [{ rules: [{ name: 'a', only: ['alpha'], by: 'player' }] }, /is no split/],
    [{ rules: [{ name: 'a', when: { country: 'Germany' }, only: ['alpha'] }] }, /country is "Germany"/],
    [{ rules: [{ name: 'a', when: { currency: 'QQQ' }, only: ['alpha'] }] }, /currency of ISO 4217/],
    [{ rules: [{ name: 'a', when: { method: 'cash' }, only: ['alpha'] }] }, /method is "cash"/],
    [{ fees: [{ psp: 'alpha' }] }, /basisPoints is missing/],
    [{ levels: { automaticUpTo: 'off' } }, /automaticUpTo is "off"/],
    [{ breaker: { probeShare: 2 } }, /probeShare is 2; it must be a number from 0 to 1/],
  ];
  for (const [value, message] of wrong) {
    it(`refuses ${JSON.stringify(value)}`, () => {
      assert.throws(
        () => checkRouting('ROUTING', value, PSPS),
        (error) => error instanceof UserError && message.test(error.message),
      );
    });
  }
});
