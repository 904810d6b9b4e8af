import assert from 'node:assert/strict';
import { generateKeyPairSync, sign } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { MalformedWebhookError, WebhookKeysUnavailableError } from '../../../ports/psp-adapter.ts';
import { answer, inWorld, resetBeforeAnswer } from '../test/scripted-psp.ts';
import { parseBankWebhook } from './events.ts';
import { bankWebhookVerifier } from './signature.ts';

const NOW_MS = Date.parse('2026-01-05T09:00:00.000Z');
const TOLERANCE_MS = 300_000;
const PATH = '/v1/payments/webhook/bank';
const CURRENT = generateKeyPairSync('ec', { namedCurve: 'secp521r1' });
const PREVIOUS = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
const EVENT = {
  type: 'payment_settled',
  event_id: 'evt_1',
  event_version: 1,
  payment_id: 'id_1',
  settled_at: '2026-01-05T08:59:59.000Z',
  metadata: { reference: 'att_1' },
  amount_in_minor: 5_000,
  currency: 'EUR',
};
const BODY = Buffer.from(JSON.stringify(EVENT));

function jwk(key: KeyObject, kid: string): object {
  return { ...key.export({ format: 'jwk' }), kid };
}
const JWKS = JSON.stringify({
  keys: [jwk(CURRENT.publicKey, 'kid-current'), jwk(PREVIOUS.publicKey, 'kid-previous')],
});

interface Signing {
  key?: KeyObject;
  alg?: string;
  kid?: string;
  path?: string;
  time?: string;
  body?: Buffer;
  header?: object;
}

/** Written here from the published scheme, and not by the code that it tests. */
function signed(options: Signing = {}): Record<string, string> {
  const { key = CURRENT.privateKey, alg = 'ES512', kid = 'kid-current', path = PATH, body = BODY } = options;
  const time = options.time ?? new Date(NOW_MS).toISOString();
  const base64url = (content: Buffer | string): string => Buffer.from(content).toString('base64url');
  const header = base64url(
    JSON.stringify({
      alg,
      kid,
      tl_version: '2',
      tl_headers: 'X-Tl-Webhook-Timestamp',
      jku: 'http://evil/jwks',
      ...options.header,
    }),
  );
  const payload = Buffer.concat([Buffer.from(`POST ${path}\nX-Tl-Webhook-Timestamp: ${time}\n`), body]);
  const hash = alg === 'ES512' ? 'sha512' : 'sha256';
  const signature = sign(hash, Buffer.from(`${header}.${base64url(payload)}`), { key, dsaEncoding: 'ieee-p1363' });
  return { 'x-tl-webhook-timestamp': time, 'tl-signature': `${header}..${base64url(signature)}` };
}

function verify(headers: Record<string, string>, more: { body?: Buffer; path?: string; credentials?: object } = {}) {
  return bankWebhookVerifier.verify({
    rawBody: more.body ?? BODY,
    headers,
    path: more.path ?? PATH,
    credentials: { webhookJwks: JWKS, ...more.credentials },
    receivedAtMs: NOW_MS,
    toleranceMs: TOLERANCE_MS,
  });
}

const at = (offsetMs: number) => new Date(NOW_MS + offsetMs).toISOString();

describe('open-banking webhook signature', () => {
  it('accepts each of the published keys, of both curves', () => {
    assert.deepEqual(verify(signed()), { kind: 'verified' });
    const previous = { key: PREVIOUS.privateKey, alg: 'ES256', kid: 'kid-previous' };
    assert.deepEqual(verify(signed(previous)), { kind: 'verified' });
  });

  it('takes the path that was configured where a proxy changes paths', () => {
    const headers = signed({ path: '/outside/bank' });
    assert.deepEqual(verify(headers, { credentials: { webhookPath: '/outside/bank' } }), { kind: 'verified' });
    assert.equal(verify(headers).kind, 'invalid_signature');
  });

  it('accepts a time exactly at the tolerance, on both sides', () => {
    assert.deepEqual(verify(signed({ time: at(-TOLERANCE_MS) })), { kind: 'verified' });
    assert.deepEqual(verify(signed({ time: at(TOLERANCE_MS) })), { kind: 'verified' });
  });

  const changed = Buffer.from(BODY.toString().replace('5000', '9000'));
  const refusals: readonly [string, () => ReturnType<typeof verify>, string][] = [
    ['one changed byte of the body', () => verify(signed(), { body: changed }), 'mismatch'],
    ['another path', () => verify(signed(), { path: '/v1/payments/webhook/other' }), 'mismatch'],
    ['another time than the signed one', () => verify({ ...signed(), 'x-tl-webhook-timestamp': at(1) }), 'mismatch'],
    ['a key that is not published', () => verify(signed({ kid: 'kid-other' })), 'mismatch'],
    ['a published name under another key', () => verify(signed({ kid: 'kid-previous' })), 'mismatch'],
    ['an algorithm that is not that of the key', () => verify(signed({ alg: 'ES256' })), 'mismatch'],
    ['no keys at all', () => verify(signed(), { credentials: { webhookJwks: '{}' } }), 'mismatch'],
    ['no signature', () => verify({ 'x-tl-webhook-timestamp': at(0) }), 'missing'],
    ['no time', () => verify({ 'tl-signature': signed()['tl-signature'] ?? '' }), 'missing'],
    ['a time that is not among what is signed', () => verify(signed({ header: { tl_headers: '' } })), 'malformed'],
    ['another version of the scheme', () => verify(signed({ header: { tl_version: '1' } })), 'malformed'],
    ['a signature that is none', () => verify({ ...signed(), 'tl-signature': 'not-a-signature' }), 'malformed'],
    ['a JWS with content', () => verify({ ...signed(), 'tl-signature': 'e30.e30.e30' }), 'malformed'],
    ['a time beyond the tolerance in the past', () => verify(signed({ time: at(-TOLERANCE_MS - 1_000) })), 'stale'],
    ['a time beyond the tolerance in the future', () => verify(signed({ time: at(TOLERANCE_MS + 1) })), 'future'],
  ];
  for (const [what, run, reason] of refusals)
    it(`refuses ${what}`, () => assert.deepEqual(run(), { kind: 'invalid_signature', reason }));
});

describe('open-banking webhook keys', () => {
  const input = (headers: Record<string, string>) => ({ rawBody: BODY, headers });
  const jwks = answer(200, JWKS);

  it('are fetched from the configured address and kept; an unknown name is looked for once a minute', () =>
    inWorld('open-banking', async ({ adapter, script, seen, clock }) => {
      script(jwks);
      assert.deepEqual(await adapter.webhookKeys?.(input(signed())), { webhookJwks: JWKS });
      assert.deepEqual(await adapter.webhookKeys?.(input(signed())), { webhookJwks: JWKS });
      assert.deepEqual(await adapter.webhookKeys?.(input(signed({ kid: 'kid-new' }))), { webhookJwks: JWKS });
      assert.deepEqual(
        seen.map(({ path }) => path),
        ['/.well-known/jwks'],
      );
      await clock.sleep(60_000);
      script(jwks);
      assert.deepEqual(await adapter.webhookKeys?.(input(signed({ kid: 'kid-new' }))), { webhookJwks: JWKS });
      assert.equal(seen.length, 2);
    }));

  it('are not asked for by a message that names none, or when they are configured', async () => {
    await inWorld('open-banking', async ({ adapter, seen }) => {
      assert.deepEqual(await adapter.webhookKeys?.(input({})), {});
      assert.deepEqual(await adapter.webhookKeys?.(input({ 'tl-signature': 'nonsense' })), {});
      assert.equal(seen.length, 0);
    });
    const credentials = { webhookJwks: JWKS };
    await inWorld(
      'open-banking',
      async ({ adapter, seen }) => {
        assert.deepEqual(await adapter.webhookKeys?.(input(signed())), {});
        assert.equal(seen.length, 0);
      },
      { credentials },
    );
  });

  for (const [what, step] of [
    ['a reset', resetBeforeAnswer],
    ['an error', answer(503, {})],
    ['a set without keys', answer(200, { keys: [] })],
  ] as const)
    it(`cannot be had after ${what}, and are asked for again a little later`, () =>
      inWorld('open-banking', async ({ adapter, script, clock }) => {
        script(step);
        await assert.rejects(async () => adapter.webhookKeys?.(input(signed())), WebhookKeysUnavailableError);
        await assert.rejects(async () => adapter.webhookKeys?.(input(signed())), WebhookKeysUnavailableError);
        await clock.sleep(5_000);
        script(jwks);
        assert.deepEqual(await adapter.webhookKeys?.(input(signed())), { webhookJwks: JWKS });
      }));

  it('are forgotten after a day', () =>
    inWorld('open-banking', async ({ adapter, script, seen, clock }) => {
      script(jwks);
      await adapter.webhookKeys?.(input(signed()));
      await clock.sleep(24 * 3_600_000);
      script(jwks);
      await adapter.webhookKeys?.(input(signed()));
      assert.equal(seen.length, 2);
    }));
});

describe('open-banking events', () => {
  const parse = (changes: object) =>
    parseBankWebhook({ rawBody: Buffer.from(JSON.stringify({ ...EVENT, ...changes })), headers: {} });
  const REFUND = { type: 'refund_executed', refund_id: 'ref_id', metadata: { reference: 'ref_1' } };
  const PAYOUT = {
    type: 'payout_executed',
    payout_id: 'out_id',
    payment_id: undefined,
    metadata: { reference: 'pot_1' },
  };

  it('reads a settled payment', () => {
    assert.deepEqual(parse({}), [
      {
        eventId: 'evt_1',
        type: 'payment_settled',
        occurredAt: Date.parse(EVENT.settled_at),
        subject: 'payment',
        outcome: 'succeeded',
        reference: 'att_1',
        pspReference: 'id_1',
        money: { amountMinor: 5_000, currency: 'EUR' },
        code: null,
      },
    ]);
  });

  for (const [changes, subject, outcome] of [
    [{ type: 'payment_authorized' }, 'payment', 'pending'],
    [{ type: 'payment_executed' }, 'payment', 'pending'],
    [{ type: 'payment_failed', failure_reason: 'provider_rejected' }, 'payment', 'failed'],
    [{ type: 'payment_failed', failure_reason: 'canceled' }, 'payment', 'canceled'],
    [REFUND, 'refund', 'succeeded'],
    [{ ...REFUND, type: 'refund_failed', failure_reason: 'returned' }, 'refund', 'failed'],
    [PAYOUT, 'payout', 'succeeded'],
    [{ ...PAYOUT, type: 'payout_failed', failure_reason: 'scheme_error' }, 'payout', 'failed'],
    [{ ...PAYOUT, type: 'payout_failed', failure_reason: 'returned' }, 'payout', 'returned'],
    [{ type: 'payment_creditable' }, 'payment', 'irrelevant'],
    [{ type: 'external_payment_received' }, 'payment', 'irrelevant'],
    [{ type: 'payment_settled_too' }, 'payment', 'irrelevant'],
  ] as const)
    it(`reads ${JSON.stringify(changes)} as ${outcome} of a ${subject}`, () => {
      const [event] = parse(changes);
      assert.deepEqual([event?.subject, event?.outcome], [subject, outcome]);
    });

  it('names payment and refund of a refund', () => {
    const [event] = parse(REFUND);
    assert.deepEqual([event?.pspReference, event?.partReference, event?.reference], ['id_1', 'ref_id', 'ref_1']);
  });

  it('is a hint when money moved and no amount is stated', () => {
    for (const [changes, subject, id] of [
      [{}, 'payment', 'id_1'],
      [REFUND, 'refund', 'id_1'],
      [PAYOUT, 'payout', 'out_id'],
    ] as const) {
      const [event] = parse({ ...changes, amount_in_minor: undefined });
      assert.deepEqual(
        [event?.subject, event?.outcome, event?.pspReference, event?.askFirst],
        [subject, 'pending', id, true],
      );
    }
  });

  const malformed: readonly [string, object][] = [
    ['no event id', { event_id: undefined }],
    ['no type', { type: undefined }],
    ['no time', { settled_at: undefined }],
    ['neither an amount nor anything to ask for', { amount_in_minor: undefined, payment_id: undefined }],
  ];
  for (const [what, changes] of malformed)
    it(`refuses ${what} as malformed`, () => assert.throws(() => parse(changes), MalformedWebhookError));

  it('refuses what is no JSON object as malformed', () => {
    for (const body of ['', '[]', '{'])
      assert.throws(() => parseBankWebhook({ rawBody: Buffer.from(body), headers: {} }), MalformedWebhookError);
  });
});
