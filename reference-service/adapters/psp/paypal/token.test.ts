import assert from 'node:assert/strict';
import { answer, inWorld, paymentAttempt, RETURN_URL, silence } from '../test/scripted-psp.ts';
import { TOKEN, CAPTURED, APPROVED, KNOWN } from './test/objects.ts';

describe('paypal access token', () => {
  it('is used until shortly before it ends', () =>
    inWorld('paypal', async ({ adapter, script, seen, clock }) => {
      script(TOKEN, answer(200, CAPTURED), answer(200, CAPTURED), TOKEN, answer(200, CAPTURED));
      await adapter.queryPayment(KNOWN);
      await clock.sleep(32_300_000);
      await adapter.queryPayment(KNOWN);
      await clock.sleep(60_000);
      await adapter.queryPayment(KNOWN);
      assert.equal(seen.filter(({ path }) => path === '/v1/oauth2/token').length, 2);
    }));

  it('is fetched by each of the first calls at the same time: none waits for the other', () =>
    inWorld('paypal', async ({ adapter, script, seen }) => {
      script(TOKEN, TOKEN, answer(200, CAPTURED), answer(200, CAPTURED));
      const answers = await Promise.all([adapter.queryPayment(KNOWN), adapter.queryPayment(KNOWN)]);
      assert.deepEqual(answers, [APPROVED, APPROVED]);
      assert.equal(seen.length, 4);
    }));

  it('is fetched anew after PayPal refused it, and after a fetch that failed', () =>
    inWorld('paypal', async ({ adapter, script }) => {
      script(TOKEN, answer(401, { error: 'invalid_token' }), answer(503, {}), TOKEN, answer(200, CAPTURED));
      const refused = await adapter.queryPayment(KNOWN);
      assert.ok(refused.kind === 'refused' && refused.code === 'unauthorized', JSON.stringify(refused));
      assert.equal((await adapter.queryPayment(KNOWN)).kind, 'not_reached');
      assert.deepEqual(await adapter.queryPayment(KNOWN), APPROVED);
    }));

  for (const [what, step, kind, code] of [
    ['no answer in time', silence, 'not_reached', undefined],
    ['a 503', answer(503, { error: 'unavailable' }), 'not_reached', undefined],
    ['an HTML page', answer(200, '<html>'), 'not_reached', undefined],
    ['a token without a text', answer(200, { access_token: '' }), 'not_reached', undefined],
    ['wrong credentials', answer(401, { error: 'invalid_client' }), 'refused', 'unauthorized'],
    ['a rate limit', answer(429, { name: 'RATE_LIMIT_REACHED' }), 'refused', 'rate_limited'],
  ] as const)
    it(`that cannot be had (${what}) means that the payment was not sent`, () =>
      inWorld('paypal', async ({ adapter, script, seen }) => {
        script(step);
        const result = await adapter.createPayment(paymentAttempt(), { returnUrl: RETURN_URL });
        assert.equal(result.kind, kind, JSON.stringify(result));
        assert.equal('code' in result ? result.code : undefined, code);
        assert.equal(seen.length, 1);
      }));
});
