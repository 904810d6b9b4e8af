import assert from 'node:assert/strict';
import { UserError } from '../../kernel/index.ts';
import { checkConfigs } from './psp-config.ts';
import type { PspConfig } from './psp-config.ts';

function problemOf(...configs: PspConfig[]): string {
  try {
    checkConfigs(configs);
  } catch (error) {
    assert.ok(error instanceof UserError);
    return `${error.message} ${error.advice}`;
  }
  return 'fine';
}

describe('checkConfigs', () => {
  it('takes several PSPs of one dialect under names of their own', () => {
    assert.equal(
      problemOf({ name: 'a', dialect: 'acme' }, { name: 'b-2', dialect: 'acme', webhookUrl: 'http://shop/hook' }),
      'fine',
    );
  });

  const profile = (fields: Record<string, unknown>): PspConfig => ({ name: 'a', dialect: 'acme', profile: fields });
  const mistakes: readonly (readonly [PspConfig[], RegExp])[] = [
    [[{ name: 'A', dialect: 'acme' }], /"A" cannot be the name/],
    [
      [
        { name: 'a', dialect: 'acme' },
        { name: 'a', dialect: 'acme' },
      ],
      /two PSPs are named "a"/,
    ],
    [[{ name: 'a', dialect: 'worldpay' }], /unknown dialect "worldpay" of PSP "a" Choose one of acme, /],
    [[{ name: 'a', dialect: 'acme', webhookUrl: '/hook' }], /must be an absolute http or https URL/],
    [[profile({ keyLife: 1 })], /profile\.keyLife is unknown/],
    [[profile({ keyLifeMs: -1 })], /profile\.keyLifeMs must be milliseconds/],
    [[profile({ latency: 5 })], /profile\.latency: a distribution has a kind/],
    [[profile({ retryScheduleMs: ['5s'] })], /profile\.retryScheduleMs must be a list/],
    [[profile({ webhookEvents: 'all' })], /profile\.webhookEvents must be a list/],
  ];
  for (const [configs, message] of mistakes) {
    it(`says in one sentence: ${message.source}`, () => assert.match(problemOf(...configs), message));
  }
});
