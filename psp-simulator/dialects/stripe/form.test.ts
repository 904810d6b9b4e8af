import assert from 'node:assert/strict';
import fc from 'fast-check';
import { FormError, parseForm, text, textList, textMap } from './form.ts';

/** Deep-equal without caring that decoded maps have no prototype. */
function plain(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}

describe('stripe form decoding', () => {
  it('reads nested maps and lists, indexed or not, with plain or escaped brackets', () => {
    assert.deepEqual(plain(parseForm('a[b][0]=x&a[b][1]=y&c[]=1&c[]=2&d%5Be%5D=z&f=p+q%20r')), {
      a: { b: ['x', 'y'] },
      c: ['1', '2'],
      d: { e: 'z' },
      f: 'p q r',
    });
  });

  it('keeps list order by index, not by arrival', () => {
    assert.deepEqual(textList(parseForm('e[1]=b&e[0]=a'), 'e'), ['a', 'b']);
  });

  it('answers undefined for what is absent, empty or a hash', () => {
    const fields = parseForm('metadata[reference]=r1&empty=');
    assert.equal(text(fields, 'metadata', 'reference'), 'r1');
    assert.equal(text(fields, 'metadata'), undefined);
    assert.equal(text(fields, 'empty'), undefined);
    assert.equal(text(fields, 'nothing', 'deeper'), undefined);
  });

  it('cannot be led to a prototype', () => {
    parseForm('__proto__[polluted]=yes&constructor[prototype][polluted]=yes');
    assert.equal(({} as Record<string, unknown>)['polluted'], undefined);
  });

  it('refuses broken escapes, contradicting shapes and floods', () => {
    assert.throws(() => parseForm('a=%zz'), FormError);
    assert.throws(() => parseForm('a=1&a[b]=2'), FormError);
    assert.throws(() => parseForm(`a${'[x]'.repeat(20)}=1`), FormError);
    assert.throws(() => parseForm('a=1&'.repeat(1_001)), FormError);
  });

  it('gives back any metadata that was encoded', () => {
    const word = fc
      .string({ minLength: 1, unit: 'grapheme' })
      .filter((key) => !/[[\]]/.test(key) && !/^\d+$/.test(key) && key !== '__proto__');
    fc.assert(
      fc.property(fc.dictionary(word, fc.string({ unit: 'grapheme' }), { noNullPrototype: true }), (metadata) => {
        const body = Object.entries(metadata)
          .map(([key, value]) => `metadata[${encodeURIComponent(key)}]=${encodeURIComponent(value)}`)
          .join('&');
        assert.deepEqual(textMap(parseForm(body), 'metadata'), metadata);
      }),
    );
  });
});
