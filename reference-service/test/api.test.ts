/**
 * The HTTP face: what is accepted, what is refused and how, idempotent replay, wallets.
 */
import assert from 'node:assert/strict';
import { FakePsp } from './fake-psp.ts';
import { closeSharedDatabase, startVirtualService, type VirtualService } from './virtual-service.ts';

after(closeSharedDatabase);

const MOVEMENT = {
  player_id: 'player-1',
  payment_id: 'round-1',
  txn_id: 'win-1',
  amount: '5.00',
  currency: 'EUR',
  idempotency_key: 'win-1',
};

describe('the API', () => {
  let service: VirtualService;
  let alpha: FakePsp;
  before(async () => {
    alpha = new FakePsp('alpha');
    service = await startVirtualService({ psps: [alpha] });
  });
  after(() => service.stop());

  const body = {
    amount: '50.00',
    currency: 'EUR',
    method: 'card',
    return_url: 'https://casino.example/done',
    player_id: 'player-1',
  };

  const refusals: {
    name: string;
    send: () => Promise<{ status: number; body: Record<string, unknown> }>;
    status: number;
    error: string;
  }[] = [
    {
      name: 'no API key',
      send: () => service.request('GET', '/v1/cases', undefined, { authorization: '' }),
      status: 401,
      error: 'unauthorized',
    },
    {
      name: 'a wrong API key',
      send: () => service.request('GET', '/v1/cases', undefined, { authorization: 'Bearer other' }),
      status: 401,
      error: 'unauthorized',
    },
    {
      name: 'no Idempotency-Key',
      send: () => service.request('POST', '/v1/payments/init', body),
      status: 400,
      error: 'missing_idempotency_key',
    },
    {
      name: 'a body that is not JSON',
      send: () => service.request('POST', '/v1/payments/init', '{"amount":', { 'idempotency-key': 'a' }),
      status: 400,
      error: 'bad_request',
    },
    {
      name: 'a body above 1 MB',
      send: () =>
        service.request('POST', '/v1/payments/init', `"${'x'.repeat(1_100_000)}"`, { 'idempotency-key': 'a' }),
      status: 413,
      error: 'payload_too_large',
    },
    {
      name: 'a missing member',
      send: () => service.deposit({ amount: undefined }),
      status: 422,
      error: 'validation_failed',
    },
    {
      name: 'an unknown member',
      send: () => service.deposit({ card_holder: 'A. Player' }),
      status: 422,
      error: 'validation_failed',
    },
    {
      name: 'a card number in a member that nobody knows',
      send: () => service.deposit({ card_number: '4111111111111111' }),
      status: 422,
      error: 'card_number_refused',
    },
    {
      name: 'a body that is not JSON by its own word',
      send: () => service.request('POST', '/v1/payments/init', 'a=b', { 'content-type': 'text/plain' }),
      status: 415,
      error: 'unsupported_media_type',
    },
    {
      name: 'another method',
      send: () => service.request('DELETE', '/v1/payments/pay_1'),
      status: 405,
      error: 'method_not_allowed',
    },
    {
      name: 'another method of a path that looks like an id',
      send: () => service.request('GET', '/v1/events/replay'),
      status: 405,
      error: 'method_not_allowed',
    },
    {
      name: 'an amount with too few decimals',
      send: () => service.deposit({ amount: '50' }),
      status: 422,
      error: 'validation_failed',
    },
    {
      name: 'an amount with decimals in yen',
      send: () => service.deposit({ amount: '50.00', currency: 'JPY' }),
      status: 422,
      error: 'validation_failed',
    },
    { name: 'zero', send: () => service.deposit({ amount: '0.00' }), status: 422, error: 'validation_failed' },
    {
      name: 'a currency that does not exist',
      send: () => service.deposit({ currency: 'ZZZ' }),
      status: 422,
      error: 'validation_failed',
    },
    {
      name: 'a payout in a currency that does not exist',
      send: () => service.payout({ currency: 'ZZZ' }),
      status: 422,
      error: 'validation_failed',
    },
    {
      name: 'a return_url of another scheme',
      send: () => service.deposit({ return_url: 'javascript:alert(1)' }),
      status: 422,
      error: 'validation_failed',
    },
    {
      name: 'an unknown payment',
      send: () => service.request('GET', '/v1/payments/pay_none'),
      status: 404,
      error: 'not_found',
    },
    {
      name: 'an id of the wrong form',
      send: () => service.request('GET', '/v1/payments/a%20b'),
      status: 400,
      error: 'bad_request',
    },
    {
      name: 'a wait beyond 30 seconds',
      send: () => service.request('GET', '/v1/payments/pay_none?wait=31'),
      status: 400,
      error: 'bad_request',
    },
    {
      name: 'an address that cannot be decoded',
      send: () => service.request('GET', '/v1/payments/%E0%A4%A'),
      status: 400,
      error: 'bad_request',
    },
    { name: 'an unknown path', send: () => service.request('GET', '/v2/anything'), status: 404, error: 'not_found' },
    {
      name: 'a webhook of a PSP that is not configured',
      send: () => service.webhook('gamma', []),
      status: 404,
      error: 'unknown_psp',
    },
    {
      name: 'a debit beyond the balance',
      send: () =>
        service.request('POST', '/v1/wallet/debit', { ...MOVEMENT, txn_id: 'bet-x', idempotency_key: 'bet-x' }),
      status: 402,
      error: 'insufficient_funds',
    },
  ];
  for (const { name, send, status, error } of refusals) {
    it(`refuses ${name} with ${status} ${error}`, async () => {
      const answer = await send();
      assert.equal(answer.status, status);
      assert.equal(answer.body['error'], error);
      for (const member of ['type', 'title', 'status', 'message', 'trace_id', 'details'])
        assert.ok(member in answer.body, member);
      assert.deepEqual(alpha.calls, [], 'a PSP was called');
    });
  }

  it('sends problems as application/problem+json and keeps the trace of the caller', async () => {
    const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';
    const answer = await service.request('GET', '/v1/payments/pay_none', undefined, {
      traceparent: `00-${traceId}-00f067aa0ba902b7-01`,
    });
    assert.match(answer.headers['content-type'] ?? '', /^application\/problem\+json/);
    assert.equal(answer.body['trace_id'], traceId);
  });

  it('answers a repetition with the same ids and a later status, and refuses another body', async () => {
    const first = await service.deposit({}, 'intent-1');
    const again = await service.deposit({}, 'intent-1');
    assert.equal(again.status, 201);
    assert.deepEqual(again.body, first.body);
    assert.equal(again.headers['idempotent-replayed'], 'true');
    assert.equal(first.headers['idempotent-replayed'], undefined);
    await service.pass(60_000);
    const later = await service.deposit({}, 'intent-1');
    assert.equal(later.body['txn_id'], first.body['txn_id']);
    assert.equal(later.body['status'], 'succeeded');
    const other = await service.deposit({ amount: '60.00' }, 'intent-1');
    assert.equal(other.status, 422);
    assert.equal(other.body['error'], 'idempotency_key_reused');
    assert.equal(
      [...alpha.books.values()].filter(({ attempt }) => attempt.paymentId === first.body['payment_id']).length,
      1,
    );
  });

  it('repeats a decline as the same decline', async () => {
    const first = await service.deposit({ payment_token: 'card_declined' }, 'declined-1');
    const again = await service.deposit({ payment_token: 'card_declined' }, 'declined-1');
    assert.equal(again.status, 402);
    assert.deepEqual(again.body['details'], first.body['details']);
    assert.equal(again.headers['idempotent-replayed'], 'true');
  });

  it('tells a second request with the same key to wait while the first is worked on', async () => {
    let overlapping: Promise<unknown> | undefined;
    let second: { status: number; headers: Record<string, string> } | undefined;
    alpha.duringCreate = async () => {
      alpha.duringCreate = null;
      overlapping = service
        .raw('POST', '/v1/payments/init', body, { 'idempotency-key': 'busy' })
        .then((answer) => (second = answer));
      await overlapping;
    };
    const first = await service.deposit({}, 'busy');
    assert.equal(first.status, 201);
    assert.equal(second?.status, 409);
    assert.equal(second?.headers['retry-after'], '1');
  });

  it('treats a key of yesterday as new', async () => {
    const first = await service.deposit({}, 'daily');
    await service.pass(25 * 3_600_000);
    const next = await service.deposit({}, 'daily');
    assert.notEqual(next.body['payment_id'], first.body['payment_id']);
  });

  it('credits and debits once per txn_id', async () => {
    const credited = await service.request('POST', '/v1/wallet/credit', { ...MOVEMENT, player_id: 'player-2' });
    const repeated = await service.request('POST', '/v1/wallet/credit', { ...MOVEMENT, player_id: 'player-2' });
    assert.deepEqual([credited.status, credited.body['available']], [200, '5.00']);
    assert.deepEqual(repeated.body, credited.body);
    assert.equal(repeated.headers['idempotent-replayed'], 'true');
    const other = await service.request('POST', '/v1/wallet/credit', {
      ...MOVEMENT,
      player_id: 'player-2',
      amount: '6.00',
    });
    assert.deepEqual([other.status, other.body['error']], [409, 'txn_conflict']);
    const reused = await service.request('POST', '/v1/wallet/credit', {
      ...MOVEMENT,
      player_id: 'player-2',
      txn_id: 'win-2',
    });
    assert.deepEqual([reused.status, reused.body['error']], [422, 'idempotency_key_reused']);
    const bet = { ...MOVEMENT, player_id: 'player-2', txn_id: 'bet-2', idempotency_key: 'bet-2' };
    assert.equal((await service.request('POST', '/v1/wallet/debit', bet)).body['available'], '0.00');
    assert.equal((await service.request('POST', '/v1/wallet/debit', bet)).body['available'], '0.00');
    const entries = (await service.request('GET', '/v1/wallets/player-2/entries')).body['entries'] as {
      kind: string;
      amount: string;
      entry_id: number;
    }[];
    assert.deepEqual(
      entries.map(({ kind, amount }) => `${kind} ${amount}`),
      ['platform_credit 5.00', 'platform_debit -5.00'],
    );
    const rest = (await service.request('GET', `/v1/wallets/player-2/entries?after=${entries[0]?.entry_id}&limit=1`))
      .body['entries'] as unknown[];
    assert.equal(rest.length, 1);
  });

  it('keeps the decimals of each currency', async () => {
    for (const [currency, amount] of [
      ['JPY', '500'],
      ['KWD', '1.250'],
    ] as const) {
      const movement = {
        ...MOVEMENT,
        player_id: 'player-3',
        txn_id: `t-${currency}`,
        idempotency_key: `t-${currency}`,
        amount,
        currency,
      };
      assert.equal((await service.request('POST', '/v1/wallet/credit', movement)).body['available'], amount);
    }
    assert.deepEqual(
      (await service.wallet('player-3')).map(({ currency, available }) => `${currency} ${available}`),
      ['JPY 500', 'KWD 1.250'],
    );
  });

  it('says that it lives and is ready', async () => {
    for (const path of ['/health/live', '/health/ready'])
      assert.deepEqual((await service.request('GET', path, undefined, { authorization: '' })).body, { status: 'ok' });
  });
});
