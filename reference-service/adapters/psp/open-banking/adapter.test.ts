import assert from 'node:assert/strict';
import { createPublicKey, verify } from 'node:crypto';
import {
  answer,
  CREDENTIALS,
  inWorld,
  paymentAttempt,
  payoutAttempt,
  RETURN_URL,
  silence,
} from '../test/scripted-psp.ts';
import type { SeenRequest } from '../test/scripted-psp.ts';

const TOKEN = answer(200, { access_token: 'token-1', expires_in: 3_600, token_type: 'Bearer' });
const CREATED = { id: 'id_1', status: 'authorization_required', metadata: { reference: 'att_1' } };
const PAGE = { actions: { next: { type: 'redirect', uri: 'https://bank.example/1' } } };
const STARTED = { status: 'authorizing', authorization_flow: PAGE };
const byBank = () => paymentAttempt({ method: 'bank', token: 'bank_ok' });

/** Does the signature cover method, path, key and body under the account's own key? */
function isSigned({ method, path, headers, body }: SeenRequest): boolean {
  const [header = '', , signature = ''] = (headers['tl-signature'] ?? '').split('.');
  const content = `${method} ${path}\nIdempotency-Key: ${headers['idempotency-key'] ?? ''}\n${body}`;
  const key = createPublicKey(CREDENTIALS['open-banking']['signingPrivateKey'] ?? '');
  const input = Buffer.from(`${header}.${Buffer.from(content).toString('base64url')}`);
  return verify('sha256', input, { key, dsaEncoding: 'ieee-p1363' }, Buffer.from(signature, 'base64url'));
}

describe('open-banking adapter', () => {
  it('gets a token, creates the payment and starts its flow, both signed, under keys of their own', () =>
    inWorld('open-banking', async ({ adapter, script, seen }) => {
      script(TOKEN, answer(201, CREATED), answer(200, STARTED));
      assert.deepEqual(await adapter.createPayment(byBank(), { returnUrl: RETURN_URL }), {
        kind: 'requires_action',
        pspReference: 'id_1',
        redirectUrl: 'https://bank.example/1',
      });
      const [token, create, flow] = seen;
      assert.ok(token && create && flow);
      assert.equal(token.path, '/connect/token');
      assert.deepEqual(Object.fromEntries(new URLSearchParams(token.body)), {
        grant_type: 'client_credentials',
        client_id: 'scripted-client',
        client_secret: 'scripted-secret',
        scope: 'payments',
      });
      assert.equal(`${create.method} ${create.path}`, 'POST /v3/payments');
      assert.equal(create.headers['authorization'], 'Bearer token-1');
      assert.equal(create.headers['idempotency-key'], 'key-att_1');
      assert.ok(isSigned(create) && isSigned(flow));
      assert.deepEqual(JSON.parse(create.body), {
        amount_in_minor: 5_000,
        currency: 'EUR',
        payment_method: {
          type: 'bank_transfer',
          provider_selection: { type: 'preselected', provider_id: 'mock-payments-gb-redirect' },
          beneficiary: { type: 'merchant_account', merchant_account_id: 'account-eur' },
        },
        user: { id: (JSON.parse(create.body) as { user: { id: string } }).user.id, name: 'player-1' },
        metadata: { reference: 'att_1', payment_id: 'pay_1', player_id: 'player-1' },
      });
      assert.equal(flow.path, '/v3/payments/id_1/authorization-flow');
      assert.notEqual(flow.headers['idempotency-key'], create.headers['idempotency-key']);
      assert.deepEqual(JSON.parse(flow.body), { redirect: { return_uri: RETURN_URL } });
    }));

  it('keeps a token until its last minute, and drops one that is refused', () =>
    inWorld('open-banking', async ({ adapter, script, seen, clock }) => {
      const payment = { ...CREATED, status: 'settled', amount_in_minor: 5_000, currency: 'EUR' };
      const asked = { ...byBank(), pspReference: 'id_1' };
      script(TOKEN, answer(200, payment), answer(200, payment));
      await adapter.queryPayment(asked);
      await clock.sleep(3_539_000);
      await adapter.queryPayment(asked);
      await clock.sleep(2_000);
      script(TOKEN, answer(401, { title: 'Unauthenticated', status: 401 }), TOKEN, answer(200, payment));
      assert.equal((await adapter.queryPayment(asked)).kind, 'refused');
      assert.equal((await adapter.queryPayment(asked)).kind, 'approved');
      assert.deepEqual(
        seen.map(({ path }) => path.includes('token')),
        [true, false, false, true, false, true, false],
      );
    }));

  for (const [what, step, kind] of [
    ['time-out', silence, 'not_reached'],
    ['503', answer(503, {}), 'not_reached'],
    ['an answer without a token', answer(200, {}), 'not_reached'],
    ['wrong credentials', answer(400, { error: 'invalid_client' }), 'refused'],
  ] as const)
    it(`has sent nothing of a payment when the token fails by ${what}`, () =>
      inWorld('open-banking', async ({ adapter, script }) => {
        script(step);
        assert.equal((await adapter.createPayment(byBank(), { returnUrl: RETURN_URL })).kind, kind);
      }));

  it('goes on with a flow that an earlier call had started, under a key of its own each time', () =>
    inWorld('open-banking', async ({ adapter, script, seen }) => {
      const refused = answer(400, { title: 'Invalid State', status: 400 });
      script(TOKEN, answer(201, CREATED), silence);
      assert.equal((await adapter.createPayment(byBank(), { returnUrl: RETURN_URL })).kind, 'in_doubt');
      script(answer(201, CREATED), refused, answer(200, { ...CREATED, ...STARTED }));
      const { kind } = await adapter.createPayment(byBank(), { returnUrl: RETURN_URL });
      assert.equal(kind, 'requires_action');
      const flows = seen.filter(({ path }) => path.endsWith('/authorization-flow'));
      assert.equal(new Set(flows.map(({ headers }) => headers['idempotency-key'])).size, 2);
    }));

  it('is in doubt when the payment was created and its flow did not start', () =>
    inWorld('open-banking', async ({ adapter, script }) => {
      const refused = answer(429, { title: 'Rate Limit Exceeded', status: 429 });
      script(TOKEN, answer(201, CREATED), refused, answer(200, CREATED));
      assert.equal((await adapter.createPayment(byBank(), { returnUrl: RETURN_URL })).kind, 'in_doubt');
    }));

  it('is in doubt about a key that another request has used', () =>
    inWorld('open-banking', async ({ adapter, script }) => {
      script(TOKEN, answer(422, { title: 'Idempotency-Key Reuse', status: 422 }));
      assert.equal((await adapter.createPayment(byBank(), { returnUrl: RETURN_URL })).kind, 'in_doubt');
    }));

  it('goes on with a creation whose answer does not repeat the metadata', () =>
    inWorld('open-banking', async ({ adapter, script }) => {
      const { metadata: _, ...bare } = CREATED;
      script(TOKEN, answer(201, bare), answer(200, STARTED));
      const { kind } = await adapter.createPayment(byBank(), { returnUrl: RETURN_URL });
      assert.equal(kind, 'requires_action');
    }));

  it('does not take an answer about another reference for its own', () =>
    inWorld('open-banking', async ({ adapter, script }) => {
      const other = { ...CREATED, metadata: { reference: 'att_2' }, status: 'settled' };
      script(TOKEN, answer(201, other), answer(200, other));
      const created = await adapter.createPayment(byBank(), { returnUrl: RETURN_URL });
      assert.ok(created.kind === 'in_doubt' && created.aboutAnother === true);
      const read = await adapter.queryPayment({ ...byBank(), pspReference: 'id_1' });
      assert.ok(read.kind === 'in_doubt' && read.aboutAnother === true);
    }));

  for (const [status, more, kind] of [
    ['settled', {}, 'approved'],
    ['executed', {}, 'pending'],
    ['authorized', {}, 'pending'],
    ['authorizing', { authorization_flow: PAGE }, 'requires_action'],
    ['authorizing', {}, 'pending'],
    ['failed', { failure_reason: 'provider_rejected' }, 'declined'],
    ['failed', { failure_reason: 'canceled' }, 'canceled'],
    ['something_new', {}, 'pending'],
  ] as const)
    it(`reads ${status} ${JSON.stringify(more)} as ${kind}`, () =>
      inWorld('open-banking', async ({ adapter, script }) => {
        script(TOKEN, answer(200, { ...CREATED, status, ...more }));
        assert.equal((await adapter.queryPayment({ ...byBank(), pspReference: 'id_1' })).kind, kind);
      }));

  it('cannot be asked without the id: it says so and sends nothing', () =>
    inWorld('open-banking', async ({ adapter, seen }) => {
      assert.equal((await adapter.queryPayment(byBank())).kind, 'in_doubt');
      assert.equal((await adapter.queryPayout(payoutAttempt({ method: 'bank' }))).kind, 'in_doubt');
      assert.equal(seen.length, 0);
    }));

  it('pays out to an IBAN, and back to the account that a payment came from', () =>
    inWorld('open-banking', async ({ adapter, script, seen }) => {
      script(TOKEN, answer(202, { id: 'out_1' }), answer(202, { id: 'out_2' }));
      const asked = payoutAttempt({ method: 'bank', destinationToken: 'bank_payout_ok' });
      assert.deepEqual(await adapter.createPayout(asked), { kind: 'pending', pspReference: 'out_1' });
      await adapter.createPayout({ ...asked, destinationToken: 'source:src_1' });
      const bodies = seen.slice(1).map(({ body }) => JSON.parse(body) as { beneficiary: Record<string, unknown> });
      assert.deepEqual(bodies[0]?.beneficiary, {
        type: 'external_account',
        account_holder_name: 'player-1',
        account_identifier: { type: 'iban', iban: 'GB31ASSA00000000000001' },
        reference: 'out-1',
      });
      assert.equal(bodies[1]?.beneficiary['payment_source_id'], 'src_1');
      assert.ok(seen.slice(1).every(isSigned));
    }));

  it('gives no list of statements rather than one with gaps', () =>
    inWorld('open-banking', async ({ adapter, script }) => {
      script(TOKEN, answer(200, { pagination: {} }));
      await assert.rejects(adapter.fetchSettlements?.(0) ?? Promise.resolve(), /without a list/);
      const page = answer(200, { items: [], pagination: { next_cursor: 'more' } });
      script(page, page, page);
      await assert.rejects(adapter.fetchSettlements?.(0) ?? Promise.resolve(), /more than 1500/);
    }));

  it('refuses to sign with what is no key', () =>
    inWorld(
      'open-banking',
      async ({ adapter, seen }) => {
        const result = await adapter.createPayment(byBank(), { returnUrl: RETURN_URL });
        assert.ok(result.kind === 'refused' && result.code === 'unauthorized', JSON.stringify(result));
        assert.equal(seen.length, 0);
      },
      { credentials: { ...CREDENTIALS['open-banking'], signingPrivateKey: 'nonsense' } },
    ));
});
