/** Goal: the small matrix has every dialect, and its turns come around to every pair that can be told. */
import assert from 'node:assert/strict';
import { DIALECTS, eachDialectOnce, libraryScenarios, onDialect } from '../index.ts';

const library = libraryScenarios();

describe('each dialect once', () => {
  const pairs = (seed: string): string[] =>
    eachDialectOnce(library, seed).map(({ scenario, dialect }) => `${scenario.name} ${dialect}`);

  it('has all seven, each with another scenario, in which all PSPs are of that dialect', () => {
    const told = eachDialectOnce(library, '7');
    assert.deepEqual(
      told.map(({ dialect }) => dialect),
      DIALECTS,
    );
    assert.equal(new Set(told.map(({ scenario }) => scenario.name)).size, DIALECTS.length);
    for (const { scenario, dialect } of told)
      assert.ok(
        scenario.psps.every((psp) => psp.dialect === dialect),
        scenario.name,
      );
  });

  it('is the same for the same seed', () => {
    assert.deepEqual(pairs('abc'), pairs('abc'));
    assert.notDeepEqual(pairs('abc'), pairs('abd'));
  });

  it('comes around to every pair that can be told', () => {
    const met = new Set(Array.from({ length: 300 }, (_, seed) => pairs(String(seed))).flat());
    const tellable = library.flatMap(({ scenario }) =>
      DIALECTS.filter((dialect) => onDialect(scenario, dialect).kind === 'applicable').map(
        (dialect) => `${scenario.name} ${dialect}`,
      ),
    );
    assert.deepEqual(
      tellable.filter((pair) => !met.has(pair)),
      [],
    );
  });

  it('leaves out a dialect that can tell none of the stories', () => {
    const payouts = library.filter(({ scenario }) => scenario.name === 'payout-timeout');
    assert.equal(eachDialectOnce(payouts, '7').length, 1);
    assert.notEqual(eachDialectOnce(payouts, '7')[0]?.dialect, 'mollie');
    assert.deepEqual(eachDialectOnce([], '7'), []);
  });
});
