/**
 * The policy document: what it may say, and that every mistake stops the start by name.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot, UserError } from '../../kernel/index.ts';
import { readConfig } from './config.ts';
import { DEFAULT_POLICY } from '../domain/policy.ts';
import { readPolicy } from './policy.ts';

describe('the policy document', () => {
  it('asks for nothing when there is none', () => {
    assert.deepEqual(readPolicy(undefined), DEFAULT_POLICY);
    assert.deepEqual(readPolicy({}), DEFAULT_POLICY);
  });

  it('reads amounts in the decimals of their currency', () => {
    const policy = readPolicy({
      limitRaiseWaitMs: 1_000,
      risk: { attempts: { deny: 5 }, newPlayer: { withinMs: 10, from: { JPY: '500', KWD: '1.000' } } },
      payouts: {
        wageringFactor: 1.5,
        dailyLimit: { EUR: '10.00' },
        kycLevels: [{ currency: 'EUR', from: '0.00', level: 1 }],
        closedLoop: 'require',
      },
    });
    assert.equal(policy.limitRaiseWaitMs, 1_000);
    assert.deepEqual(policy.risk?.attempts, { stepUp: null, deny: 5 });
    assert.equal(policy.risk.countryMismatch, 'allow');
    assert.deepEqual(policy.risk.newPlayer?.fromMinor, { JPY: 500, KWD: 1_000 });
    assert.deepEqual(policy.payouts, {
      wageringFactor: 1.5,
      dailyLimitMinor: { EUR: 1_000 },
      kycLevels: [{ currency: 'EUR', fromMinor: 0, level: 1 }],
      reviewFromMinor: {},
      closedLoop: 'require',
    });
  });

  it('reads the example of its page, from the environment too', () => {
    const page = readFileSync(join(projectRoot(), 'docs', 'POLICY.md'), 'utf8');
    const example = /```json\n(.+?)```/s.exec(page)?.[1] ?? '';
    assert.equal(readPolicy(JSON.parse(example)).payouts.closedLoop, 'prefer');
    const psp = { name: 'a', dialect: 'acme', baseUrl: 'http://a', credentials: { apiKey: 'k', webhookSecret: 's' } };
    const environment = { DATABASE_URL: 'postgres://x', API_KEY: 'a-long-enough-key', PSPS: JSON.stringify([psp]) };
    assert.deepEqual(readConfig({ ...environment, POLICY: example }).service.policy, JSON.parse(example));
    assert.throws(
      () => readConfig({ ...environment, POLICY: '{"payouts": {"closed": 1}}' }),
      /POLICY\.payouts\.closed/,
    );
  });

  const mistakes: [unknown, RegExp][] = [
    [[], /^POLICY must be a JSON object/],
    [{ limits: {} }, /^POLICY\.limits is not a member/],
    [{ limitRaiseWaitMs: -1 }, /^POLICY\.limitRaiseWaitMs must be a number/],
    [{ risk: { velocity: 1 } }, /^POLICY\.risk\.velocity is not a member/],
    [{ risk: { attempts: { deny: 0 } } }, /^POLICY\.risk\.attempts\.deny must be a whole number/],
    [{ risk: { countryMismatch: 'block' } }, /^POLICY\.risk\.countryMismatch must be one of allow, step_up, deny/],
    [{ risk: { binCountries: { '4': 'usa' } } }, /^POLICY\.risk\.binCountries\.4 must be a country/],
    [{ payouts: { dailyLimit: { EUR: '10' } } }, /^POLICY\.payouts\.dailyLimit\.EUR is not an amount in EUR/],
    [{ payouts: { dailyLimit: { QQQ: '10' } } }, /QQQ is not a currency/],
    [
      { payouts: { kycLevels: [{ currency: 'EUR', from: '1.00', level: 4 }] } },
      /kycLevels\[0\]\.level must be 1, 2 or 3/,
    ],
    [{ payouts: { closedLoop: 'on' } }, /^POLICY\.payouts\.closedLoop must be one of off, prefer, require/],
  ];
  for (const [document, message] of mistakes) {
    it(`refuses ${JSON.stringify(document)} by name`, () => {
      assert.throws(
        () => readPolicy(document, 'POLICY'),
        (error) => error instanceof UserError && message.test(error.message),
      );
    });
  }
});
