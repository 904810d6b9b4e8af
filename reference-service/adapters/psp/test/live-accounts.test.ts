/**
 * Neutral tokens stand for test values. On an account where money is real such a word must not
 * become anything: a test card of somebody's, or the account that payouts go to by default.
 */
import assert from 'node:assert/strict';
import type { PspConfig, PspDialect } from '../../../ports/psp-adapter.ts';
import { CREDENTIALS, inWorld, paymentAttempt, payoutAttempt, RETURN_URL } from './scripted-psp.ts';

const LIVE: Readonly<Partial<Record<PspDialect, Partial<PspConfig>>>> = {
  stripe: { credentials: { ...CREDENTIALS.stripe, apiKey: 'sk_live_1' } },
  adyen: { credentials: { ...CREDENTIALS.adyen, liveUrlPrefix: '1797a841fbb37ca7-AdyenDemo' } },
  checkout: { credentials: { ...CREDENTIALS.checkout, secretKey: 'sk_abcdefghijklmnopqrstuvwxyz2' } },
  paypal: { baseUrl: 'https://api-m.paypal.com' },
  mollie: { credentials: { ...CREDENTIALS.mollie, apiKey: 'live_1' } },
  'open-banking': { baseUrl: 'https://api.truelayer.com' },
};

for (const [dialect, more] of Object.entries(LIVE) as [PspDialect, Partial<PspConfig>][])
  describe(`${dialect} adapter of a live account`, () => {
    it('sends nothing for a test token, neither in nor out', () =>
      inWorld(
        dialect,
        async ({ adapter, seen }) => {
          const { methods, payoutMethods } = adapter.capabilities;
          assert.equal(adapter.environment, 'live');
          const results = [
            ...methods.map((method) =>
              adapter.createPayment(paymentAttempt({ method, token: `${method}_ok` }), { returnUrl: RETURN_URL }),
            ),
            ...payoutMethods.map((method) =>
              adapter.createPayout(payoutAttempt({ method, destinationToken: `${method}_payout_ok` })),
            ),
          ];
          for (const result of await Promise.all(results))
            assert.ok(result.kind === 'refused' && result.code === 'unsupported', JSON.stringify(result));
          assert.equal(seen.length, 0);
        },
        more,
      ));
  });
