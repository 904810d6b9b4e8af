import assert from 'node:assert/strict';
import fc from 'fast-check';
import { parseSearchQuery, type SearchableIntent } from './search-query.ts';

const intent: SearchableIntent = {
  amount: 1500,
  created: 1_700_000_000,
  currency: 'EUR',
  customer: null,
  status: 'succeeded',
  metadata: { reference: "o'brien 1", order: '42' },
};

function matches(query: string): boolean {
  return parseSearchQuery(query).matches(intent);
}

describe('stripe search queries', () => {
  it('matches metadata, text and numbers', () => {
    assert.equal(matches("metadata['order']:'42'"), true);
    assert.equal(matches('metadata["order"]:"42"'), true);
    assert.equal(matches("metadata['order']:'4'"), false);
    assert.equal(matches("currency:'eur' AND status:'succeeded'"), true);
    assert.equal(matches('amount>1499 AND amount<=1500'), true);
    assert.equal(matches('amount>1500'), false);
  });

  it('negates, and joins by OR', () => {
    assert.equal(matches("-status:'canceled'"), true);
    assert.equal(matches("status:'canceled' OR metadata['order']:'42'"), true);
    assert.equal(matches("status:'canceled' OR status:'processing'"), false);
  });

  it('finds any reference, however it must be escaped', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (reference) => {
        const escaped = reference.replaceAll(/[\\']/g, '\\$&');
        const query = parseSearchQuery(`metadata['reference']:'${escaped}'`);
        assert.equal(query.reference, reference);
        assert.equal(query.matches({ ...intent, metadata: { reference } }), true);
        assert.equal(query.matches({ ...intent, metadata: { reference: `${reference}x` } }), false);
      }),
    );
  });

  it('pins a reference only where every match must have it', () => {
    assert.equal(parseSearchQuery("metadata['reference']:'a' OR status:'canceled'").reference, undefined);
    assert.equal(parseSearchQuery("-metadata['reference']:'a'").reference, undefined);
    assert.equal(parseSearchQuery("status:'canceled' AND metadata['reference']:'a'").reference, 'a');
  });

  it('refuses what Stripe refuses', () => {
    for (const query of [
      '',
      'nonsense',
      "colour:'red'",
      "status:'a' AND status:'b' OR status:'c'",
      "status>'a'",
      "status:'a' status:'b'",
    ]) {
      assert.throws(() => parseSearchQuery(query), /./, query);
    }
  });
});
