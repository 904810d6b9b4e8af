/** Requests and webhooks are signed so that a library that we did not write agrees, and only so. */
import assert from 'node:assert/strict';
import { createLocalJWKSet, flattenedVerify } from 'jose';
import type { JSONWebKeySet } from 'jose';
import { PspProblem } from '../../core/problem.ts';
import type { PspContext, PspRequest } from '../dialect.ts';
import type { SigningRequest } from '../webhook.ts';
import { openBanking } from './index.ts';
import { publicJwk, testKey } from './keys.ts';
import { checkSignature, detachedJws, merchantKeys, signWebhook, webhookKeys } from './signature.ts';

const credentials = openBanking.credentials('bank');
const clientId = credentials['clientId'] ?? '';
const psp = { credentials } as unknown as PspContext;

const BODY = '{"currency":"GBP","amount_in_minor":100}';
const parts = {
  method: 'POST',
  path: '/v3/payments',
  headers: [['Idempotency-Key', 'key-1'] as const],
  body: BODY,
};

function request(more: Partial<PspRequest> & { signature?: string } = {}): PspRequest {
  const [key] = merchantKeys(clientId);
  assert.ok(key);
  const signature = more.signature ?? detachedJws(parts, key);
  return {
    method: 'POST',
    path: '/v3/payments',
    query: new URLSearchParams(),
    headers: { 'idempotency-key': 'key-1', 'tl-signature': signature },
    rawBody: Buffer.from(BODY),
    ...more,
  };
}

const refused = (sent: PspRequest, why: RegExp): void =>
  assert.throws(
    () => checkSignature(sent, psp),
    (error) => error instanceof PspProblem && error.code === 'unauthorized' && why.test(error.message),
  );

describe('the signature of a request', () => {
  it('is taken with either of the registered keys', () => {
    for (const key of merchantKeys(clientId)) checkSignature(request({ signature: detachedJws(parts, key) }), psp);
  });

  it('is what jose verifies with the public half', async () => {
    for (const key of merchantKeys(clientId)) {
      const [header = '', , signature = ''] = detachedJws(parts, key).split('.');
      const payload = Buffer.from(`POST /v3/payments\nIdempotency-Key: key-1\n${BODY}`).toString('base64url');
      await flattenedVerify({ protected: header, payload, signature }, key.publicKey);
    }
  });

  it('is refused when anything that it covers is another', () => {
    const mismatch = /does not fit/;
    refused(request({ path: '/v3/payouts' }), mismatch);
    refused(request({ method: 'PUT' }), mismatch);
    refused(request({ rawBody: Buffer.from(BODY.replace('100', '900')) }), mismatch);
    const { headers } = request();
    refused(request({ headers: { ...headers, 'idempotency-key': 'key-2' } }), mismatch);
  });

  it('is refused for an unknown key, another algorithm, or a header that names too little', () => {
    const [key] = merchantKeys(clientId);
    assert.ok(key);
    refused(request({ signature: detachedJws(parts, testKey('somebody else')) }), /kid/);
    refused(request({ signature: detachedJws(parts, { ...key, algorithm: 'ES256' }) }), /ES512/);
    refused(request({ signature: detachedJws({ ...parts, headers: [] }, key) }), /Idempotency-Key/);
    refused(request({ signature: detachedJws(parts, key, { tl_version: '1' }) }), /tl_version/);
    const unsigned = Buffer.from(JSON.stringify({ alg: 'none', kid: key.kid })).toString('base64url');
    refused(request({ signature: `${unsigned}..AA` }), /ES512/);
  });

  for (const signature of ['', 'x', '..', 'e30..', 'bm9uc2Vuc2U..AA', 'a.b.c'])
    it(`is refused when it is ${JSON.stringify(signature)}`, () =>
      refused(request({ signature }), /Invalid request signature/));
});

describe('the signature of a webhook', () => {
  const signing: SigningRequest = {
    body: '{"type":"payment_executed"}',
    key: 'current',
    form: 'signed',
    atMs: Date.UTC(2026, 0, 5, 9),
    credentials,
    targetUrl: 'https://shop.example.com/hooks/bank?x=1',
    pspUrl: 'http://127.0.0.1:9101',
  };
  const jwks = createLocalJWKSet({ keys: webhookKeys(clientId).map(publicJwk) } as unknown as JSONWebKeySet);

  async function verified(more: Partial<SigningRequest>): Promise<boolean> {
    const { headers, body } = signWebhook({ ...signing, ...more });
    const [header = '', , signature = ''] = (headers['tl-signature'] ?? '').split('.');
    const time = headers['x-tl-webhook-timestamp'] ?? '';
    const payload = Buffer.from(`POST /hooks/bank\nX-Tl-Webhook-Timestamp: ${time}\n${body}`).toString('base64url');
    return flattenedVerify({ protected: header, payload, signature }, jwks).then(
      () => true,
      () => false,
    );
  }

  it('is verified by jose with the published keys, before and after a rotation, and not with a wrong one', async () => {
    assert.equal(await verified({}), true);
    assert.equal(await verified({ key: 'previous' }), true);
    assert.equal(await verified({ key: 'wrong' }), false);
    assert.equal(await verified({ sendInstead: '{}' }), false);
    assert.equal(await verified({ form: 'missing' }), false);
    assert.equal(await verified({ form: 'malformed' }), false);
  });

  it('says when it was sent and where its key is read', () => {
    const { headers } = signWebhook(signing);
    assert.equal(headers['x-tl-webhook-timestamp'], '2026-01-05T09:00:00.000Z');
    const [header = ''] = (headers['tl-signature'] ?? '').split('.');
    const { jku } = JSON.parse(Buffer.from(header, 'base64url').toString('utf8')) as { jku: string };
    assert.equal(jku, 'http://127.0.0.1:9101/.well-known/jwks');
  });
});

describe('test keys', () => {
  it('are the same for one text and others for another', () => {
    assert.equal(openBanking.credentials('bank')['signingPrivateKey'], credentials['signingPrivateKey']);
    assert.notEqual(openBanking.credentials('other')['signingPrivateKey'], credentials['signingPrivateKey']);
    assert.match(credentials['signingPrivateKey'] ?? '', /^-----BEGIN PRIVATE KEY-----\n/);
  });

  it('are valid for every text, on both curves', () => {
    for (let index = 0; index < 30; index += 1) {
      for (const algorithm of ['ES512', 'ES256'] as const) {
        const { privateKey, publicKey } = testKey(`text ${index}`, algorithm);
        assert.deepEqual([privateKey.type, publicKey.type], ['private', 'public']);
      }
    }
  });
});
