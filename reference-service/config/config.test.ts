import assert from 'node:assert/strict';
import { UserError } from '../../kernel/index.ts';
import { readConfig } from './config.ts';

const PSP = {
  name: 'acme',
  dialect: 'acme',
  baseUrl: 'http://127.0.0.1:9101/',
  credentials: { apiKey: 'a', webhookSecret: 'b' },
};
const GOOD = { DATABASE_URL: 'postgres://postgres@127.0.0.1:5432/postgres', API_KEY: 'k', PSPS: JSON.stringify([PSP]) };

describe('configuration from the environment', () => {
  it('is read with defaults', () => {
    const config = readConfig(GOOD);
    assert.equal(config.service.port, 8080);
    assert.equal(config.service.psps[0]?.baseUrl, 'http://127.0.0.1:9101');
    assert.equal(config.service.publicUrl, undefined);
  });

  const mistakes: [string, Record<string, string>, RegExp][] = [
    ['no database', { DATABASE_URL: '' }, /DATABASE_URL is not set/],
    ['no API key', { API_KEY: '' }, /API_KEY is not set/],
    ['a port that is none', { PORT: '80800' }, /PORT is "80800"/],
    ['PSPs that are not JSON', { PSPS: '[{' }, /PSPS is not valid JSON/],
    ['no PSP', { PSPS: '[]' }, /at least one PSP/],
    ['an unknown dialect', { PSPS: JSON.stringify([{ ...PSP, dialect: 'telex' }]) }, /unknown dialect "telex"/],
    [
      'a missing credential',
      { PSPS: JSON.stringify([{ ...PSP, credentials: { apiKey: 'a' } }]) },
      /webhookSecret is missing/,
    ],
    ['two PSPs of one name', { PSPS: JSON.stringify([PSP, PSP]) }, /two PSPs named acme/],
    ['a file that is not there', { PSPS_FILE: '/nowhere/psps.json' }, /does not exist/],
    [
      'a base URL of another scheme',
      { PSPS: JSON.stringify([{ ...PSP, baseUrl: 'ftp://x' }]) },
      /not an http or https URL/,
    ],
    ['an unknown timing', { TIMINGS: '{"pspTimeout": 5}' }, /TIMINGS.pspTimeout is not a timing/],
    ['a timing of zero', { TIMINGS: '{"pspTimeoutMs": 0}' }, /above zero/],
  ];
  for (const [name, change, message] of mistakes) {
    it(`names the mistake: ${name}`, () => {
      assert.throws(
        () => readConfig({ ...GOOD, ...change }),
        (error: unknown) =>
          error instanceof UserError &&
          message.test(error.message) &&
          error.advice.length > 0 &&
          error.exitCode === 254,
      );
    });
  }
});
