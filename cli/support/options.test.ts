import assert from 'node:assert/strict';
import { UserError } from '../../kernel/index.ts';
import { readFactor, readPort } from './options.ts';
import { readPspChoice } from './psp-choice.ts';

function refusal(of: () => unknown): UserError {
  try {
    of();
  } catch (error) {
    assert.ok(error instanceof UserError);
    return error;
  }
  return assert.fail('expected a refusal');
}

describe('option values', () => {
  it('read a PSP with or without name and port', () => {
    assert.deepEqual(readPspChoice('stripe'), { name: 'stripe', dialect: 'stripe' });
    assert.deepEqual(readPspChoice('adyen:9103'), { name: 'adyen', dialect: 'adyen', port: 9103 });
    assert.deepEqual(readPspChoice('eu=stripe:0'), { name: 'eu', dialect: 'stripe', port: 0 });
  });

  it('refuse an unknown dialect and say what is near and what is allowed', () => {
    const { message, advice, exitCode } = refusal(() => readPspChoice('strpie:9101'));
    assert.match(message, /unknown dialect "strpie"/);
    assert.match(advice, /Did you mean stripe\?.*acme, stripe, adyen/);
    assert.equal(exitCode, 254);
  });

  it('refuse what is no port and no factor', () => {
    for (const value of ['', 'abc', '-1', '65536', '1.5', '80 '])
      assert.match(refusal(() => readPort('--port', value)).message, /is not a port/);
    for (const value of ['0', '-1', 'fast', 'Infinity'])
      assert.match(refusal(() => readFactor('--speed', value)).message, /positive number/);
  });
});
