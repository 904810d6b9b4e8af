/** Whatever a secret looks like and however it is spelled: what was hidden does not hold it. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { createSecrets, shorten } from './secrets.ts';

/** Of the signs that something escapes somewhere. */
const secretText = fc
  .string({ unit: fc.constantFrom(...'abcXYZ019_-+/=&%"\'\\<> \n\u00e9'.split('')), minLength: 6, maxLength: 60 })
  // What stands for a secret, or is a part of it, cannot be told from it.
  .filter((text) => text.trim().length >= 6 && !'HIDDEN'.includes(text.trim()) && !/[DEHIN]{2}/.test(text));

const SPELLINGS: readonly ((secret: string) => string)[] = [
  (secret) => secret,
  (secret) => JSON.stringify({ error: `no such key: ${secret}` }),
  (secret) => `/v1/things?key=${encodeURIComponent(secret)}&x=1`,
  (secret) => new URLSearchParams({ key: secret, other: '1' }).toString(),
  (secret) => Buffer.from(secret).toString('base64'),
  (secret) => Buffer.from(secret).toString('base64url'),
];

describe('secrets of a configuration', () => {
  it('are hidden in every spelling, also where the text is shortened afterwards', () => {
    fc.assert(
      fc.property(
        secretText,
        fc.nat({ max: SPELLINGS.length - 1 }),
        fc.string({ maxLength: 40 }),
        fc.integer({ min: 1, max: 80 }),
        (secret, how, around, most) => {
          const spelled = SPELLINGS[how]?.(secret) ?? '';
          const secrets = createSecrets({ apiKey: secret });
          const text = `${around}${spelled}${around}`;
          assert.ok(!secrets.hide(text).includes(secret), secrets.hide(text));
          const cut = shorten(secrets.hide(`${around}${secret}`), most);
          // Nothing but what stood around it, and the word in its place.
          assert.ok(cut.replace(/…$/, '').length <= most);
          assert.ok(!cut.includes(secret.slice(0, 6)) || `${around}HIDDEN`.includes(secret.slice(0, 6)), cut);
        },
      ),
      { numRuns: 500, seed: 7 },
    );
  });

  it('are hidden anywhere in a report, the names of fields included', () => {
    const { hideIn } = createSecrets({ apiKey: 'sk_very_secret' });
    const shown = JSON.stringify(hideIn({ a: ['sk_very_secret', { sk_very_secret: 1 }], n: 7, no: null }));
    assert.equal(shown, '{"a":["HIDDEN",{"HIDDEN":1}],"n":7,"no":null}');
  });

  it('are also each of two keys, the lines of a key in PEM, a pair for a token, and the token that was got', () => {
    const pem = `-----BEGIN PRIVATE KEY-----\n${'A1b2'.repeat(16)}\n${'C3d4'.repeat(16)}\n-----END PRIVATE KEY-----\n`;
    const pair = { clientId: 'client-one', clientSecret: 'the-client-secret' };
    const secrets = createSecrets({ ...pair, hmacKey: 'first-key,second-key', signingPrivateKey: pem });
    secrets.learn('fetched-token');
    const basic = Buffer.from('client-one:the-client-secret').toString('base64');
    const hidden = secrets.hide(`${basic} second-key ${'C3d4'.repeat(16)} fetched-token client-one`);
    assert.equal(hidden, 'HIDDEN HIDDEN HIDDEN HIDDEN client-one');
    for (const before of ['', ':', 'a:', 'Bearer ']) {
      const encoded = Buffer.from(`${before}the-client-secret!`).toString('base64');
      assert.match(secrets.hide(encoded), /^.{0,12}HIDDEN.{0,4}$/);
    }
  });

  it('are not the names of accounts, which every event carries', () => {
    const { hide } = createSecrets({ merchantAccount: 'ExampleMerchant', apiKey: 'AQE-very-secret' });
    assert.equal(hide('ExampleMerchant AQE-very-secret'), 'ExampleMerchant HIDDEN');
  });
});
