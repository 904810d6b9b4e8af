/** Reading may lag behind the books; acting never does: what a merchant was just told the id of, he can go on with. */
import assert from 'node:assert/strict';
import { probe as openBanking } from '../dialects/open-banking/test/probe.ts';
import { openStage } from '../conformance/stage.ts';
import { HOUR_MS, toAnswer } from './bench.ts';
import { detachedJws, merchantKeys } from '../dialects/open-banking/signature.ts';

describe('reading that lags', () => {
  it('hides a bank payment from queries, not from the steps of its authorization', async () => {
    const stage = await openStage(openBanking, { visibilityLagMs: HOUR_MS });
    try {
      const { bench, session } = stage;
      const post = async (path: string, key: string, body: string) => {
        const [, signingKey] = merchantKeys(session.credentials['clientId'] ?? '');
        assert.ok(signingKey);
        const headers = [['Idempotency-Key', key] as const];
        const signature = detachedJws({ method: 'POST', path, headers, body }, signingKey);
        return toAnswer(
          await bench.exchange(`${session.baseUrl}${path}`, {
            method: 'POST',
            headers: {
              authorization: `Bearer ${session.credentials['accessToken'] ?? ''}`,
              'idempotency-key': key,
              'tl-signature': signature,
            },
            body,
          }),
        );
      };
      const created = await session.send(
        openBanking.createRequest(session, {
          reference: 'order-1',
          amountMinor: 5_000,
          currency: 'EUR',
          card: 'approved',
          capture: 'automatic',
          idempotencyKey: 'key-create',
        }),
      );
      const path = `/v3/payments/${String((created.json as { id: string }).id)}`;
      const read = () =>
        session.send({
          method: 'GET',
          path,
          headers: { authorization: `Bearer ${session.credentials['accessToken'] ?? ''}` },
        });
      assert.equal((await read()).status, 404);
      const flow = JSON.stringify({ redirect: { return_uri: session.returnUrl } });
      assert.equal((await post(`${path}/authorization-flow`, 'key-flow', flow)).status, 200);
      assert.equal((await post(`${path}/actions/cancel`, 'key-cancel', '{}')).status, 202);
      await bench.pass(HOUR_MS);
      assert.equal((await read()).status, 200);
    } finally {
      await stage.close();
    }
  });
});
