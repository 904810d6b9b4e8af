/** Goal: a token that was printed always finds its run again. Method: round trips over all tokens. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { GENERATOR_VERSION } from './generate-scenario.ts';
import { formatToken, parseToken, type ReplayToken } from './token.ts';

const seed = fc.string({ minLength: 1, maxLength: 30, unit: 'grapheme' });
const driver = fc.constantFrom('virtual' as const, 'http' as const);
const fingerprint = fc.option(fc.stringMatching(/^[0-9a-f]{4,64}$/), { nil: undefined });
const mutant = fc.option(fc.constantFrom('check-then-act', 'no-deduplication', 'dead-beef'), { nil: undefined });
const path = fc.option(fc.array(fc.nat({ max: 99 }), { minLength: 1, maxLength: 20 }), { nil: undefined });
const version = fc.constantFrom(undefined, 1);
const scenario = fc.constantFrom('happy-day', 'commit-then-timeout', 'lost-webhooks-24h');

const tokens: fc.Arbitrary<ReplayToken> = fc
  .oneof(
    fc.record({ kind: fc.constant('generated' as const), seed, driver, fingerprint, mutant, path, version }),
    fc.record({ kind: fc.constant('library' as const), seed, driver, fingerprint, mutant, scenario }),
  )
  .map(
    (token) =>
      Object.fromEntries(Object.entries(token).filter(([, value]) => value !== undefined)) as unknown as ReplayToken,
  );

describe('replay tokens', () => {
  it('come back as they were, as one word', () => {
    fc.assert(
      fc.property(tokens, (token) => {
        const text = formatToken(token);
        assert.doesNotMatch(text, /\s/);
        assert.deepEqual(parseToken(text), token);
      }),
    );
  });

  it('are short', () => {
    assert.equal(formatToken({ kind: 'generated', seed: '42', driver: 'virtual' }), `gen${GENERATOR_VERSION}:42`);
    assert.equal(
      formatToken({ kind: 'generated', seed: '42', driver: 'virtual', mutant: 'check-then-act' }),
      `gen${GENERATOR_VERSION}:42:check-then-act`,
    );
    assert.equal(
      formatToken({ kind: 'generated', seed: '42', driver: 'virtual', path: [3, 0, 12] }),
      `gen${GENERATOR_VERSION}:42/3.0.12`,
    );
    assert.deepEqual(parseToken('commit-then-timeout:7:3fa9c1d2'), {
      kind: 'library',
      scenario: 'commit-then-timeout',
      seed: '7',
      driver: 'virtual',
      fingerprint: '3fa9c1d2',
    });
  });

  it('refuse what is none, and say which generator a token needs', () => {
    for (const text of [
      '',
      'happy-day',
      'runs/happy-day/latest',
      'happy day:7',
      'happy-day:%E0%A4%A',
      'happy-day:7/0.1',
      'gen2:7/',
      'gen2:7/1.x',
    ])
      assert.equal(parseToken(text), null, text);
    assert.throws(() => parseToken(`gen${GENERATOR_VERSION + 1}:1`), /is of generator/);
  });
});
