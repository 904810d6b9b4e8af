import assert from 'node:assert/strict';
import { UserError } from '../../kernel/index.ts';
import { webhookTargets } from './guard-targets.ts';

describe('webhookTargets', () => {
  const { problem } = webhookTargets([
    'shop.example.com',
    '*.staging.example.com',
    '10.0.0.0/8',
    '192.168.1.7',
    'fd00::/8',
  ]);

  for (const host of [
    'localhost',
    'shop.localhost',
    '127.0.0.1',
    '127.9.9.9',
    '[::1]',
    'shop.example.com',
    'SHOP.example.com',
    'eu.staging.example.com',
    '10.200.3.4',
    '192.168.1.7',
    '[fd00::17]',
  ]) {
    it(`lets webhooks go to ${host}`, () => assert.equal(problem(`http://${host}:8080/hook`), undefined));
  }

  for (const host of [
    'example.com',
    'evil-shop.example.com',
    'shop.example.com.evil.test',
    'staging.example.com',
    '11.0.0.1',
    '192.168.1.8',
    '[fe80::1]',
    '0.0.0.0',
    '169.254.169.254',
    'localhost.evil.test',
    // The same address as 11.0.0.1, as URLs may write it.
    '184549377',
  ]) {
    it(`keeps webhooks from ${host}, in one sentence`, () =>
      assert.match(problem(`https://${host}/hook`) ?? '', /^webhooks may not go to \S+: it is not on this machine/));
  }

  it('takes the user and the path of a URL for nothing', () => {
    assert.notEqual(problem('http://shop.example.com@evil.test/'), undefined);
    assert.notEqual(problem('http://evil.test/shop.example.com'), undefined);
    assert.match(problem('hook') ?? '', /cannot be read/);
  });

  for (const entry of ['', 'http://shop', '10.0.0.0/33', '10.0.0.0/', '10.0.0.0/x', '*', '*.*', 'a b', '::1/129']) {
    it(`refuses ${JSON.stringify(entry)} as an entry`, () => assert.throws(() => webhookTargets([entry]), UserError));
  }
});
