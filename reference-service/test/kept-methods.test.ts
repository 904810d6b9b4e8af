/**
 * Flows of kept methods: made by a deposit, charged again, forgotten; in virtual time over real SQL.
 */
import assert from 'node:assert/strict';
import { beta, closeSharedDatabase, service, withTwoPsps } from './fresh-service.ts';

const HOUR = 3_600_000;
const eur = (available: string) => [{ currency: 'EUR', available, held: '0.00' }];

after(closeSharedDatabase);

describe('a kept method', () => {
  withTwoPsps({ storableMethods: [] });

  const methods = async (player = 'player-1') =>
    (await service.request('GET', `/v1/players/${player}/methods`)).body['methods'] as Record<string, unknown>[];

  it('is made by a deposit, and charged again at the same PSP without a form', async () => {
    const first = await service.deposit({ store_method: true });
    assert.equal((await service.attempts(first.body['payment_id']))[0]?.psp, 'beta');
    const [kept] = await methods();
    assert.equal(kept?.['last4'], '1142');
    assert.equal(kept?.['psp'], 'beta');
    assert.doesNotMatch(JSON.stringify(kept), /kept_beta/, 'the token stays inside');
    const again = await service.deposit({ stored_method_id: kept?.['stored_method_id'], meta: { psp: 'alpha' } });
    assert.equal(again.status, 201);
    const attempts = await service.attempts(again.body['payment_id']);
    assert.deepEqual(
      attempts.map(({ psp }) => psp),
      ['beta'],
    );
    assert.equal(beta.books.get(attempts[0]?.attempt_id ?? '')?.attempt.storedToken, 'kept_beta_1');
    await service.pass(HOUR);
    assert.deepEqual(await service.wallet(), eur('100.00'));
  });

  it('never moves on to a PSP that does not keep it', async () => {
    await service.deposit({ store_method: true });
    const [kept] = await methods();
    beta.script.push({ commit: false, result: { kind: 'not_reached', requestMayHaveArrived: false, reason: 'down' } });
    const again = await service.deposit({ stored_method_id: kept?.['stored_method_id'] });
    assert.equal(again.body['status'], 'pending');
    await service.pass(HOUR / 2);
    const psps = (await service.attempts(again.body['payment_id'])).map(({ psp }) => psp);
    assert.deepEqual([...new Set(psps)], ['beta']);
    assert.equal((await service.payment(again.body['payment_id']))['status'], 'succeeded');
  });

  it('belongs to its player, and to its kind of method', async () => {
    await service.deposit({ store_method: true });
    const [kept] = await methods();
    const id = kept?.['stored_method_id'];
    assert.equal((await service.deposit({ stored_method_id: id, player_id: 'player-2' })).status, 422);
    assert.equal((await service.deposit({ stored_method_id: id, method: 'ewallet' })).status, 422);
    assert.equal((await service.deposit({ stored_method_id: id, payment_token: 'card_ok' })).status, 422);
    assert.equal((await service.request('DELETE', `/v1/players/player-2/methods/${String(id)}`)).status, 404);
    assert.deepEqual(await methods('player-2'), []);
  });

  it('is forgotten on request, token and all; a request made before is still answered', async () => {
    await service.deposit({ store_method: true });
    const [kept] = await methods();
    const id = String(kept?.['stored_method_id']);
    const charged = await service.deposit({ stored_method_id: id }, 'before');
    assert.equal((await service.request('DELETE', `/v1/players/player-1/methods/${id}`)).body['status'], 'removed');
    assert.equal((await service.request('DELETE', `/v1/players/player-1/methods/${id}`)).status, 200);
    assert.deepEqual(await methods(), []);
    const { rows } = await service.knex.raw<{ rows: { psp_token: string | null }[] }>(
      'select psp_token from stored_method',
    );
    assert.deepEqual(rows, [{ psp_token: null }]);
    assert.equal((await service.deposit({ stored_method_id: id }, 'after')).status, 422);
    const replayed = await service.deposit({ stored_method_id: id }, 'before');
    assert.equal(replayed.body['payment_id'], charged.body['payment_id']);
  });

  it('is learned by a question when the webhook proved the payment first', async () => {
    const started = await service.deposit({ store_method: true, payment_token: 'card_3ds' });
    const id = String(started.body['payment_id']);
    const attemptId = (await service.attempts(id))[0]?.attempt_id ?? '';
    beta.finishAction(attemptId);
    await service.webhook('beta', beta.event(attemptId, 'succeeded'));
    await service.pass(60_000);
    assert.equal((await methods()).length, 1);
    assert.equal((await service.payment(id))['stored_method_id'], (await methods())[0]?.['stored_method_id']);
  });

  it('is never a card number', async () => {
    const query = { kind: 'approved', pspReference: 'psp_x', money: null } as const;
    beta.script.push({
      commit: true,
      result: { ...query, stored: { token: '4111111111111111', brand: 'visa', last4: '1111' } },
    });
    await service.deposit({ store_method: true });
    assert.deepEqual(await methods(), []);
    await assert.rejects(
      service.knex.raw(
        `insert into stored_method (id, player_id, psp, psp_token, method, status, created_at)
         values ('x', 'p', 'beta', '4111111111111111', 'card', 'active', 0)`,
      ),
      /card_number/,
    );
  });
});
