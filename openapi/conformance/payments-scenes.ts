/**
 * What no body alone brings about: payments, payouts, rounds, cases and files that exist. Plays
 * the answers of the payments API that need a past, and hands on the ids for generated calls.
 */
import assert from 'node:assert/strict';
import { createRealClock } from '../../kernel/index.ts';
import { signWebhook } from '../../psp-simulator/index.ts';
import type { Hints } from './valid-values.ts';
import type { Call, Wire } from './wire.ts';
import type { ServiceWorld } from './world.ts';

type Body = Record<string, unknown>;

const clock = createRealClock();
/** Looked again so often for what comes by itself, until a limit that only a defect meets. */
const LOOK_MS = 20;
const PATIENCE_MS = 60_000;

let keys = 0;
/** The header that every call needs which must not happen twice. */
export function freshKey(): { headers: Record<string, string> } {
  keys += 1;
  return { headers: { 'Idempotency-Key': `scene-${keys}` } };
}

async function until<T>(what: string, look: () => Promise<T | undefined>): Promise<T> {
  const limit = clock.now() + PATIENCE_MS;
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    assert.ok(clock.now() < limit, `${what} did not happen within ${PATIENCE_MS / 1_000} s`);
    await clock.sleep(LOOK_MS);
  }
}

export async function playScenes(wire: Wire, world: ServiceWorld): Promise<Hints> {
  const deposits = await playDeposits(wire, world);
  await playMethods(wire);
  const payouts = await playPayouts(wire);
  await playRounds(wire);
  await playPlayers(wire);
  const events = await playWebhooks(wire, world, deposits.credited);
  await playReconciliation(wire, world);
  const cases = await playCases(wire, world);
  await playPlatform(wire);
  await wire.expect('setPspService', 200, { path: { psp: 'acme' }, body: { in_service: true, reason: 'in order' } });
  await wire.expect('setPspService', 404, { path: { psp: 'nobody' }, body: { in_service: true, reason: 'unknown' } });
  return {
    payment_id: [deposits.credited, deposits.waiting],
    refund_id: [deposits.refund],
    payout_id: [payouts],
    case_id: [cases],
    event_id: [events],
    round_id: ['round-1'],
    player_id: ['player-1'],
    psp: ['acme'],
    currency: ['EUR'],
    amount: ['5.00'],
    method: ['card'],
    return_url: ['https://casino.example/cashier/done'],
    payment_token: ['tok_ok', 'tok_3ds', 'tok_declined'],
    destination_token: ['tok_payout_ok'],
    file_name: ['settlement.csv'],
    level: ['automatic', 'normal'],
    in_service: [true],
  };
}

export const depositOf = (more: Body = {}): Call => ({
  ...freshKey(),
  body: {
    ...{ amount: '50.00', currency: 'EUR', method: 'card', player_id: 'player-1' },
    ...{ return_url: 'https://casino.example/cashier/done', payment_token: 'tok_ok', ...more },
  },
});

async function playDeposits(wire: Wire, world: ServiceWorld) {
  const start = async (more?: Body): Promise<{ path: { payment_id: string } }> => {
    const { payment_id: id } = await wire.expect('initPayment', 201, depositOf(more));
    return { path: { payment_id: String(id) } };
  };
  const statusOf = (path: Call): Promise<Body> => wire.expect('getPayment', 200, { ...path, query: { wait: 1 } });
  const arrive = (path: Call, status: string): Promise<Body> =>
    until(`a payment that is ${status}`, async () => {
      const payment = await statusOf(path);
      return payment['status'] === status ? payment : undefined;
    });

  const credited = await start({ amount: '500.00', store_method: true });
  await arrive(credited, 'succeeded');
  const same = depositOf();
  await wire.expect('initPayment', 201, same);
  const replayed = await wire.call('initPayment', same);
  assert.equal(replayed.headers.get('idempotent-replayed'), 'true');
  await wire.expect('initPayment', 422, { ...same, body: { ...(same.body as Body), amount: '51.00' } });
  await wire.expect('initPayment', 402, depositOf({ payment_token: 'tok_declined' }));

  const waiting = await start({ payment_token: 'tok_3ds' });
  await wire.expect('returnFromPsp', 303, waiting);
  await wire.expect('getPaymentRisk', 200, credited);
  await wire.expect('getPaymentRouting', 200, credited);

  const held = await start({ capture: 'manual' });
  await arrive(held, 'authorized');
  await wire.expect('capturePayment', 200, { ...held, ...freshKey(), body: { amount: '30.00' } });
  await arrive(held, 'succeeded');
  await wire.expect('capturePayment', 409, { ...held, ...freshKey(), body: {} });
  const released = await start({ capture: 'manual' });
  await arrive(released, 'authorized');
  await wire.expect('voidPayment', 200, { ...released, ...freshKey(), body: { reason: 'changed his mind' } });
  await wire.expect('voidPayment', 409, { ...credited, ...freshKey(), body: {} });

  const refund = await wire.expect('refundPayment', 201, { ...credited, ...freshKey(), body: { amount: '20.00' } });
  const path = { path: { refund_id: refund['refund_id'] } };
  await until('a refund that succeeds', async () =>
    (await wire.expect('getRefund', 200, path))['status'] === 'succeeded' ? true : undefined,
  );
  await wire.expect('refundPayment', 409, { ...waiting, ...freshKey(), body: { amount: '20.00' } });
  // The wallet no longer holds what the deposit brought.
  const spent = await start({ player_id: 'spender' });
  await arrive(spent, 'succeeded');
  await wire.expect('debitWallet', 200, { body: movement('bet-spent', { player_id: 'spender', amount: '45.00' }) });
  await wire.expect('refundPayment', 402, { ...spent, ...freshKey(), body: { amount: '50.00' } });
  assert.ok(world.acme.url);
  return {
    credited: credited.path.payment_id,
    waiting: waiting.path.payment_id,
    refund: String(refund['refund_id']),
  };
}

const movement = (id: string, more: Body = {}): Body => ({
  ...{
    player_id: 'player-1',
    payment_id: `game-${id}`,
    round_id: `round-${id}`,
    txn_id: id,
    amount: '5.00',
    currency: 'EUR',
  },
  ...{ idempotency_key: id, ...more },
});

async function playMethods(wire: Wire): Promise<void> {
  const kept = (await wire.expect('listStoredMethods', 200, { path: { player_id: 'player-1' } })) as {
    methods?: { stored_method_id: string }[];
  };
  const [method] = kept.methods ?? [];
  assert.ok(method, 'the first deposit kept its method');
  const path = { player_id: 'player-1', stored_method_id: method.stored_method_id };
  await wire.expect('removeStoredMethod', 200, { path });
}

async function playPayouts(wire: Wire): Promise<string> {
  const pay = (amount: string, player = 'player-1'): Call => ({
    ...freshKey(),
    body: { amount, currency: 'EUR', method: 'card', player_id: player },
  });
  const paid = await wire.expect('initPayout', 201, pay('10.00'));
  await wire.expect('initPayout', 402, pay('10.00', 'nobody-yet'));
  const path = { path: { payout_id: paid['payout_id'] } };
  await until('a payout that succeeds', async () =>
    (await wire.expect('getPayout', 200, path))['status'] === 'succeeded' ? true : undefined,
  );
  await wire.expect('getPayoutRisk', 200, path);
  await wire.expect('getPayoutRouting', 200, path);
  for (const decide of ['approvePayout', 'rejectPayout']) {
    await wire.expect('initPayment', 201, depositOf({ amount: '300.00' }));
    const reviewed = await until('a wallet that can pay', async () => {
      const answered = await wire.call('initPayout', pay('200.00'));
      return answered.status === 201 ? (answered.body as Body) : undefined;
    });
    const call = { path: { payout_id: reviewed['payout_id'] }, body: { note: 'looked at' } };
    await wire.expect(decide, 200, call);
    await wire.expect(decide === 'approvePayout' ? 'rejectPayout' : 'approvePayout', 409, call);
  }
  return String(paid['payout_id']);
}

async function playRounds(wire: Wire): Promise<void> {
  await wire.expect('debitWallet', 200, { body: movement('1') });
  await wire.expect('debitWallet', 409, { body: movement('1', { amount: '6.00', idempotency_key: 'other' }) });
  await wire.expect('debitWallet', 402, { body: movement('far-too-much', { amount: '999999.00' }) });
  await wire.expect('creditWallet', 200, { body: movement('win-1', { round_id: 'round-1', amount: '7.00' }) });
  await wire.expect('creditWallet', 409, {
    body: movement('win-1', { round_id: 'round-1', amount: '8.00', idempotency_key: 'other-win' }),
  });
  await wire.expect('getRound', 200, { path: { round_id: 'round-1' } });
  await wire.expect('debitWallet', 200, { body: movement('2') });
  const back = (id: string): Call => ({ body: { txn_id: id, idempotency_key: id } });
  await wire.expect('rollBackRound', 200, { path: { round_id: 'round-2' }, ...back('back-2') });
  await wire.expect('rollBackRound', 409, { path: { round_id: 'round-1' }, ...back('back-1') });
}

async function playPlayers(wire: Wire): Promise<void> {
  const path = { player_id: 'excluded' };
  const until_ = '2999-01-01T00:00:00.000Z';
  await wire.expect('putSelfExclusion', 200, { path, body: { until: until_ } });
  await wire.expect('putSelfExclusion', 409, { path, body: { until: '2998-01-01T00:00:00.000Z' } });
  await wire.expect('initPayment', 403, depositOf({ player_id: 'excluded' }));
  await wire.expect('initPayout', 402, {
    ...freshKey(),
    body: { amount: '10.00', currency: 'EUR', method: 'card', player_id: 'excluded' },
  });
  const inDays = (days: number): string => new Date(clock.now() + days * 86_400_000).toISOString();
  const resting = { player_id: 'resting' };
  await wire.expect('putCoolOff', 200, { path: resting, body: { until: inDays(20) } });
  await wire.expect('putCoolOff', 409, { path: resting, body: { until: inDays(10) } });
  await wire.expect('putPlayerLimits', 200, { path, body: { currency: 'EUR', day: '100.00' } });
  await wire.expect('putPlayerProfile', 200, { path, body: { country: 'DE' } });
}

async function playWebhooks(wire: Wire, { acme, service }: ServiceWorld, payment: string): Promise<string> {
  const body = JSON.stringify({
    ...{ event_id: 'aevt_conformance', payment_id: 'apay_unknown', reference: payment, type: 'payment' },
    ...{ status: 'captured', amount: '50.00', currency: 'EUR', timestamp: new Date(clock.now()).toISOString() },
  });
  const { headers } = signWebhook('acme', {
    ...{ body, key: 'current', form: 'signed', atMs: clock.now(), credentials: acme.credentials },
    ...{ targetUrl: service.url, pspUrl: acme.url },
  });
  const delivery: Call = {
    path: { psp: 'acme' },
    headers: { ...headers },
    raw: { text: body, type: 'application/json' },
    authorization: null,
  };
  await wire.expect('receiveWebhook', 200, delivery);
  await wire.expect('receiveWebhook', 401, { ...delivery, headers: { ...headers, 'x-signature': 'sha256=0' } });
  await wire.expect('receiveWebhook', 404, { ...delivery, path: { psp: 'nobody' } });
  const path = { psp: 'acme', event_id: 'aevt_conformance' };
  await wire.expect('getWebhookEvent', 200, { path });
  await wire.expect('replayWebhookEvent', 200, { path });
  return 'aevt_conformance';
}

async function playReconciliation(wire: Wire, world: ServiceWorld): Promise<void> {
  const closed = await fetch(`${world.controlUrl}/psps/acme/settlements`, { method: 'POST' });
  const [batch] = (await closed.json()) as { batch: string; files: { name: string }[] }[];
  const file = batch?.files[0]?.name ?? '';
  const text = await (
    await fetch(`${world.controlUrl}/psps/acme/settlements/${batch?.batch}/files/${encodeURIComponent(file)}`)
  ).text();
  const raw = { text, type: 'application/octet-stream' };
  await wire.expect('importSettlement', 201, { query: { psp: 'acme', file_name: file }, raw });
  await wire.expect('importSettlement', 200, { query: { psp: 'acme', file_name: file }, raw });
  await wire.expect('importSettlement', 404, { query: { psp: 'nobody', file_name: file }, raw });
  const bank = {
    text: 'booked_at,amount,currency,text\n2026-01-06,7.77,EUR,ACME GOODWILL\n',
    type: 'application/octet-stream',
  };
  await wire.expect('importBankLines', 201, { query: { psp: 'acme', file_name: 'bank.csv' }, raw: bank });
  await wire.expect('importBankLines', 200, { query: { psp: 'acme', file_name: 'bank.csv' }, raw: bank });
  await wire.expect('importBankLines', 404, { query: { psp: 'nobody', file_name: 'bank.csv' }, raw: bank });
  for (const operation of ['importSettlement', 'importBankLines'])
    await wire.expect(operation, 422, {
      query: { psp: 'acme', file_name: 'nonsense.csv' },
      raw: { text: 'no,such,columns\n1,2,3\n', type: 'application/octet-stream' },
    });
}

/** The bank line above, which nobody announced, is a case. */
async function playCases(wire: Wire, { service }: ServiceWorld): Promise<string> {
  assert.ok(service.url);
  const [one] = await until('a case', async () => {
    const { cases } = (await wire.expect('listCases', 200)) as { cases: { case_id: string }[] };
    return cases.length > 0 ? cases : undefined;
  });
  const path = { case_id: one?.case_id };
  await wire.expect('getCase', 200, { path });
  await wire.expect('changeCase', 200, { path, body: { by: 'ines', owner: 'ines' } });
  await wire.expect('resolveCase', 200, { path, body: { action: 'accept', by: 'ines', note: 'known' } });
  await wire.expect('resolveCase', 409, { path, body: { action: 'write_off', by: 'otto', note: 'otherwise' } });
  return String(one?.case_id);
}

async function playPlatform(wire: Wire): Promise<void> {
  const [event] = await until('an event', async () => {
    const { events } = (await wire.expect('listEvents', 200)) as { events: { event_id: string }[] };
    return events.length > 0 ? events : undefined;
  });
  const path = { event_id: event?.event_id };
  await wire.expect('getEvent', 200, { path });
  await wire.expect('replayEvent', 202, { path });
  await wire.expect('replayEvents', 202, { body: { since: '2026-01-01T00:00:00.000Z', only: 'dead' } });
  await wire.expect('resumeEventEndpoint', 200);
}
