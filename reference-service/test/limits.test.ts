/**
 * Flows of responsible gaming and of risk, in virtual time over real SQL.
 */
import assert from 'node:assert/strict';
import { FakePsp } from './fake-psp.ts';
import { closeSharedDatabase, startVirtualService, type Answered, type VirtualService } from './virtual-service.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

after(closeSharedDatabase);

describe('limits of a player', () => {
  let service: VirtualService;
  let alpha: FakePsp;

  const start = async (policy?: Parameters<typeof startVirtualService>[0]): Promise<void> => {
    alpha = new FakePsp('alpha');
    service = await startVirtualService({ psps: [alpha], ...policy });
  };
  afterEach(async () => {
    const failures = service.log.filter((line) => line['level'] === 'error');
    await service.stop();
    assert.deepEqual(failures, []);
  });

  const put = (path: string, body: unknown): Promise<Answered> =>
    service.request('PUT', `/v1/players/player-1/${path}`, body);
  const limits = async (): Promise<Record<string, unknown>[]> =>
    (await service.request('GET', '/v1/players/player-1/limits')).body['limits'] as Record<string, unknown>[];
  const refusal = ({ status, body }: Answered): unknown[] => [status, body['error'], body['details']];
  const inDays = (days: number): string => new Date(service.clock.now() + days * DAY).toISOString();

  it('refuse a deposit beyond what is left, with what is left, and give the room of a declined one back', async () => {
    await start();
    assert.equal((await put('limits', { currency: 'EUR', day: '100.00' })).status, 200);
    assert.equal((await service.deposit()).status, 201);
    assert.deepEqual(refusal(await service.deposit({ amount: '50.01' })), [
      422,
      'limit_exceeded',
      {
        period: 'day',
        currency: 'EUR',
        limit: '100.00',
        used: '50.00',
        available: '50.00',
        resets_at: '2026-01-06T00:00:00.000Z',
      },
    ]);
    assert.equal((await service.deposit({ payment_token: 'card_declined' })).status, 402);
    assert.equal((await service.deposit()).status, 201);
    assert.equal((await service.deposit({ amount: '0.01' })).status, 422);
    assert.equal((await service.deposit({ currency: 'SEK', amount: '900.00' })).status, 201);
    assert.equal((await service.deposit({ player_id: 'player-2', amount: '900.00' })).status, 201);
    await service.pass(15 * HOUR);
    assert.equal((await service.deposit({ amount: '100.00' })).status, 201);
  });

  it('tell a repetition what the first answer was, whatever the limits say by now', async () => {
    await start();
    const first = await service.deposit({}, 'accepted');
    await put('limits', { currency: 'EUR', day: '60.00' });
    const refused = await service.deposit({}, 'refused');
    assert.equal(refused.status, 422);
    await service.pass(16 * HOUR);
    const again = await service.deposit({}, 'refused');
    assert.deepEqual([again.status, again.body['details']], [422, refused.body['details']]);
    assert.equal(again.headers['idempotent-replayed'], 'true');
    await put('limits', { currency: 'EUR', day: '0.00' });
    const replayed = await service.deposit({}, 'accepted');
    assert.deepEqual([replayed.status, replayed.body['payment_id']], [201, first.body['payment_id']]);
    assert.equal((await service.deposit({ amount: '51.00' }, 'refused')).body['error'], 'idempotency_key_reused');
  });

  it('are lowered at once and raised after a day that can be seen and taken back', async () => {
    await start();
    await put('limits', { currency: 'EUR', day: '100.00', week: '500.00' });
    await put('limits', { currency: 'EUR', day: '200.00' });
    const [day, week] = await limits();
    assert.deepEqual(
      [day?.['amount'], day?.['pending'], week?.['amount']],
      ['100.00', { amount: '200.00', effective_at: inDays(1) }, '500.00'],
    );
    await put('limits', { currency: 'EUR', day: '100.00' });
    assert.equal((await limits())[0]?.['pending'], null);
    await put('limits', { currency: 'EUR', day: null });
    await service.pass(DAY - 1_000);
    assert.equal((await service.deposit({ amount: '101.00' })).status, 422);
    await service.pass(2_000);
    assert.equal((await limits())[0]?.['amount'], null);
    assert.equal((await service.deposit({ amount: '101.00' })).status, 201);
    await put('limits', { currency: 'EUR', day: '1.00' });
    assert.equal((await service.deposit({ amount: '1.00' })).status, 422);
  });

  it('wait as long as the policy says', async () => {
    await start({ policy: { limitRaiseWaitMs: HOUR } });
    await put('limits', { currency: 'EUR', day: '10.00' });
    await put('limits', { currency: 'EUR', day: '50.00' });
    await service.pass(HOUR);
    assert.equal((await service.deposit()).status, 201);
  });

  it('keep a late success out: it goes back to the card', async () => {
    await start();
    await put('limits', { currency: 'EUR', day: '50.00' });
    const abandoned = await service.deposit({ payment_token: 'card_3ds' });
    const [attempt] = await service.attempts(abandoned.body['payment_id']);
    await service.pass(2 * HOUR);
    assert.equal((await service.payment(abandoned.body['payment_id']))['status'], 'canceled');
    assert.equal((await service.deposit()).status, 201);
    const book = alpha.books.get(attempt?.attempt_id ?? '');
    assert.ok(book);
    book.state = 'captured';
    await service.webhook('alpha', alpha.event(book.attempt.attemptId, 'succeeded'));
    await service.pass(HOUR);
    assert.equal((await service.payment(abandoned.body['payment_id']))['status'], 'refunded');
    assert.deepEqual(await service.wallet(), [{ currency: 'EUR', available: '50.00', held: '0.00' }]);
    assert.ok((await service.cases()).some(({ kind }) => kind === 'late_success'));
  });

  it('do not touch a player who pauses, but for his deposits', async () => {
    await start();
    await service.deposit();
    await service.pass(60_000);
    const until = inDays(7);
    assert.equal((await put('cool-off', { until })).status, 200);
    assert.deepEqual(refusal(await service.deposit()), [403, 'self_excluded', { kind: 'cool_off', until }]);
    assert.equal((await put('cool-off', { until: inDays(6) })).status, 409);
    assert.equal((await put('cool-off', { until: inDays(43) })).status, 422);
    assert.equal((await service.payout()).status, 201);
    await service.pass(7 * DAY);
    assert.equal((await service.deposit()).status, 201);
  });

  it('have no way back from a self-exclusion, however it is asked', async () => {
    await start();
    assert.equal((await put('self-exclusion', { until: inDays(180) })).status, 422);
    assert.equal((await put('self-exclusion', { until: inDays(190) })).status, 200);
    assert.equal((await put('self-exclusion', { until: inDays(185) })).status, 409);
    assert.equal((await put('self-exclusion', { until: null })).status, 200);
    assert.equal((await put('self-exclusion', { until: inDays(400) })).status, 409);
    await put('cool-off', { until: inDays(1) });
    await put('limits', { currency: 'EUR', day: '900.00' });
    assert.deepEqual(refusal(await service.deposit()), [403, 'self_excluded', { kind: 'self_exclusion', until: null }]);
    const { body } = await service.request('GET', '/v1/players/player-1/limits');
    assert.equal((body['self_exclusion'] as { until: string | null }).until, null);
    assert.equal((await service.request('GET', '/v1/players/nobody/limits')).body['self_exclusion'], null);
  });

  it('are set in no currency that does not exist, and can still be read afterwards', async () => {
    await start();
    const taken = await put('limits', { currency: 'ZZZ', day: null });
    assert.deepEqual([taken.status, taken.body['error']], [422, 'validation_failed']);
    assert.equal((await service.request('GET', '/v1/players/player-1/limits')).status, 200);
  });

  it('are written in the decimals of their currency, and say what is wrong', async () => {
    await start();
    assert.equal((await put('limits', { currency: 'JPY', month: '5000' })).status, 200);
    assert.equal((await put('limits', { currency: 'JPY', month: '5000.00' })).status, 422);
    assert.equal((await put('limits', { currency: 'EUR' })).status, 422);
    assert.equal((await put('limits', { currency: 'EUR', year: '1.00' })).status, 422);
    assert.equal((await service.deposit({ currency: 'JPY', amount: '5001' })).status, 422);
    assert.equal((await service.deposit({ currency: 'JPY', amount: '5000' })).status, 201);
  });
});

describe('the risk of a deposit', () => {
  let service: VirtualService;
  let alpha: FakePsp;

  beforeEach(async () => {
    alpha = new FakePsp('alpha');
    const risk = {
      attempts: { deny: 4 },
      declines: { stepUp: 1 },
      countryMismatch: 'step_up' as const,
      binCountries: { '4': 'US' },
    };
    service = await startVirtualService({ psps: [alpha], policy: { risk } });
  });
  afterEach(() => service.stop());

  const risk = async (id: unknown): Promise<Answered> => service.request('GET', `/v1/payments/${String(id)}/risk`);
  const challenges = (): (string | undefined)[] => [...alpha.books.values()].map(({ attempt }) => attempt.challenge);

  it('is judged, stored, and asks the PSP for a challenge where it is raised', async () => {
    const quiet = await service.deposit();
    assert.equal((await risk(quiet.body['payment_id'])).body['decision'], 'allow');
    const foreign = await service.deposit({ meta: { country: 'DE', bin: '422222' } });
    const judged = (await risk(foreign.body['payment_id'])).body;
    assert.deepEqual([judged['decision'], judged['reasons']], ['step_up', ['country_mismatch']]);
    assert.deepEqual(challenges(), ['auto', 'force']);
    await service.request('PUT', '/v1/players/player-2/profile', { country: 'AT' });
    const moved = await service.deposit({ player_id: 'player-2', meta: { country: 'DE' } });
    assert.deepEqual((await risk(moved.body['payment_id'])).body['reasons'], ['country_mismatch']);
  });

  it('is denied with codes, once for all repetitions, and forgotten after an hour', async () => {
    for (const token of ['card_declined', undefined, undefined])
      await service.deposit(token === undefined ? {} : { payment_token: token });
    const denied = await service.deposit({}, 'denied');
    const details = denied.body['details'] as { reasons: string[]; payment_id: string };
    assert.deepEqual([denied.status, denied.body['error']], [403, 'risk_denied']);
    assert.deepEqual(details.reasons, ['velocity_attempts', 'velocity_declines']);
    assert.equal((await risk(details.payment_id)).body['decision'], 'deny');
    assert.equal((await service.request('GET', `/v1/payments/${details.payment_id}`)).status, 404);
    assert.equal((await service.deposit({ player_id: 'player-2' })).status, 201);
    await service.pass(HOUR);
    assert.equal((await service.deposit({}, 'denied')).body['error'], 'risk_denied');
    assert.equal((await service.deposit()).status, 201);
  });
});
