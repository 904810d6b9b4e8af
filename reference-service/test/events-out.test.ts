/**
 * Flows of telling the platform, in virtual time over real SQL.
 */
import assert from 'node:assert/strict';
import { verify } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import { EVENT_SCHEDULE_MS } from '../domain/event-schedule.ts';
import { DEFAULT_TIMINGS } from '../domain/timings.ts';
import { OUTGOING_TYPES } from '../ports/outbox.ts';
import { asymmetricSecret, FakePlatform, OLD_SECRET, SECRET } from './fake-platform.ts';
import { FakePsp } from './fake-psp.ts';
import { exampleOf, faultOf, TOLD_TYPES } from './outgoing-contract.ts';
import { closeSharedDatabase, startVirtualService, type VirtualService } from './virtual-service.ts';

const HOUR = 3_600_000;
const ASYMMETRIC = asymmetricSecret();

after(closeSharedDatabase);

interface Told {
  event_id: string;
  type: string;
  status: string;
  tries: number;
  next_try_at: string | null;
}

describe('telling the platform', () => {
  let service: VirtualService;
  let platform: FakePlatform;
  let alpha: FakePsp;

  beforeEach(async () => {
    alpha = new FakePsp('alpha');
    platform = new FakePlatform();
    service = await startVirtualService({
      psps: [alpha],
      events: { url: platform.url, secrets: [SECRET, OLD_SECRET, ASYMMETRIC.secret], allowHttp: true },
    });
    await platform.listen(service.network, () => service.clock.now());
  });
  afterEach(async () => {
    await service.stop();
    assert.equal(service.clock.pendingTimers(), 0, 'stop left a timer behind');
  });

  async function credited(): Promise<string> {
    const { body } = await service.deposit();
    const attempt = (await service.attempts(body['payment_id']))[0]?.attempt_id ?? '';
    await service.webhook('alpha', alpha.event(attempt, 'succeeded'));
    await service.pass(100);
    return String(body['payment_id']);
  }

  async function told(query = ''): Promise<Told[]> {
    return (await service.request('GET', `/v1/events${query}`)).body['events'] as Told[];
  }

  it('happens after the commit, once, in the form of Standard Webhooks', async () => {
    const paymentId = await credited();
    assert.equal(platform.arrivals.length, 1);
    const [arrival] = platform.arrivals;
    const body = JSON.parse(arrival?.body ?? '') as { type: string; data: { payment_id: string; status: string } };
    assert.equal(body.type, 'deposit.succeeded');
    assert.equal(body.data.payment_id, paymentId);
    assert.equal(body.data.status, 'succeeded');
    const [event] = await told(`?subject_id=${paymentId}`);
    assert.equal(event?.status, 'delivered');
    assert.equal(event.event_id, arrival?.headers['webhook-id']);
    await service.pass(100 * HOUR);
    assert.equal(platform.arrivals.length, 1);
  });

  it('is signed so that the reference library believes it, with the old secret and the new', async () => {
    await credited();
    const { headers, body, atMs } = platform.arrivals[0] ?? assert.fail('nothing arrived');
    assert.equal(headers['webhook-timestamp'], String(Math.floor(atMs / 1_000)));
    // The library judges the time by the wall clock; its own time of signing is what is verified here.
    const at = new Date(atMs);
    for (const secret of [SECRET, OLD_SECRET]) {
      const own = new Webhook(secret).sign(headers['webhook-id'] ?? '', at, body);
      assert.ok((headers['webhook-signature'] ?? '').split(' ').includes(own));
    }
    const asymmetric = (headers['webhook-signature'] ?? '').split(' ').find((one) => one.startsWith('v1a,'));
    const content = Buffer.from(`${headers['webhook-id']}.${headers['webhook-timestamp']}.${body}`);
    assert.ok(verify(null, content, ASYMMETRIC.publicKey, Buffer.from(asymmetric?.slice(4) ?? '', 'base64')));
  });

  it('is tried ten times within the schedule, under one id, with a new time each; then it is dead, and a case', async () => {
    platform.otherwise = { status: 500 };
    const paymentId = await credited();
    await service.pass(90 * HOUR);
    const mine = platform.arrivals.filter(({ body }) => body.includes('"deposit.succeeded"'));
    assert.equal(mine.length, EVENT_SCHEDULE_MS.length);
    assert.equal(new Set(mine.map(({ headers }) => headers['webhook-id'])).size, 1);
    assert.equal(new Set(mine.map(({ body }) => body)).size, 1);
    mine.slice(1).forEach(({ atMs, headers }, index) => {
      const gapMs = atMs - (mine[index]?.atMs ?? 0);
      const wantedMs = EVENT_SCHEDULE_MS[index + 1] ?? 0;
      assert.ok(gapMs >= wantedMs && gapMs <= wantedMs * 1.1 + 1_000, `gap ${index + 1} was ${gapMs} ms`);
      assert.equal(headers['webhook-timestamp'], String(Math.floor(atMs / 1_000)));
    });
    const [event] = await told(`?subject_id=${paymentId}`);
    assert.deepEqual([event?.status, event?.tries, event?.next_try_at], ['dead', 10, null]);
    const { body } = await service.request('GET', `/v1/events/${event?.event_id}`);
    const attempts = body['attempts'] as { try: number; status: number; error: string }[];
    assert.deepEqual(
      attempts.map(({ try: number, status, error }) => [number, status, error]),
      EVENT_SCHEDULE_MS.map((_, index) => [index + 1, 500, 'answered 500']),
    );
    const open = (await service.cases()).filter(({ kind }) => kind === 'dead_letter');
    assert.deepEqual(
      open.map(({ subject_id: id, status }) => [id, status]),
      [[event?.event_id, 'open']],
    );

    platform.otherwise = { status: 204 };
    const since = new Date(service.clock.now() - 1_000 * HOUR).toISOString();
    const replayed = await service.request('POST', '/v1/events/replay', { since, only: 'dead' });
    assert.equal(replayed.status, 202);
    assert.equal(replayed.body['replayed'], 1);
    await service.pass(1_000);
    assert.equal((await told(`?subject_id=${paymentId}`))[0]?.status, 'delivered');
    assert.equal((await service.cases()).find(({ kind }) => kind === 'dead_letter')?.status, 'resolved');
  });

  it('fails on a redirect, and never follows it', async () => {
    platform.script.push({ status: 302, headers: { location: 'http://platform/elsewhere' } });
    await credited();
    assert.equal(platform.arrivals.length, 1);
    assert.equal((await told())[0]?.status, 'waiting');
    await service.pass(10_000);
    assert.equal(platform.arrivals.length, 2);
    assert.equal((await told())[0]?.status, 'delivered');
  });

  it('stops at 410 until a person resumes it, and loses nothing', async () => {
    platform.script.push({ status: 410 });
    await credited();
    await credited();
    await service.pass(50 * HOUR);
    assert.equal(platform.arrivals.length, 1, 'a disabled endpoint is left alone');
    const { body } = await service.request('GET', '/v1/events/endpoint');
    assert.equal(body['status'], 'disabled');
    assert.equal(body['url'], 'http://platform/webhooks', 'the query may hold a secret');
    const resumed = await service.request('POST', '/v1/events/endpoint/resume');
    assert.equal(resumed.body['status'], 'active');
    await service.pass(1_000);
    assert.ok((await told()).every(({ status }) => status === 'delivered'));
    assert.equal(new Set(platform.ids()).size, 2);
  });

  it('waits for Retry-After, with everything, when the platform is too busy', async () => {
    platform.script.push({ status: 429, headers: { 'retry-after': '120' } });
    await credited();
    await credited();
    assert.equal(platform.arrivals.length, 1);
    assert.equal((await service.request('GET', '/v1/events/endpoint')).body['status'], 'paused');
    await service.pass(110_000);
    assert.equal(platform.arrivals.length, 1);
    await service.pass(30_000);
    assert.ok((await told()).every(({ status }) => status === 'delivered'));
  });

  it('tells a delivered event again under its id when asked to', async () => {
    await credited();
    const [event] = await told();
    assert.equal((await service.request('POST', `/v1/events/${event?.event_id}/replay`)).status, 202);
    await service.pass(1_000);
    assert.deepEqual(platform.ids(), [event?.event_id, event?.event_id]);
    assert.equal((await service.request('POST', '/v1/events/msg_none/replay')).status, 404);
  });

  it('pages through its events', async () => {
    for (let count = 0; count < 3; count += 1) await credited();
    const first = await service.request('GET', '/v1/events?limit=2');
    const second = await service.request('GET', `/v1/events?limit=2&after=${String(first.body['next'])}`);
    assert.equal((first.body['events'] as unknown[]).length, 2);
    assert.equal((second.body['events'] as unknown[]).length, 1);
    assert.equal(second.body['next'], undefined);
  });
});

describe('without an endpoint', () => {
  it('events say that nobody was told, and are counted and forgotten after a month', async () => {
    const alpha = new FakePsp('alpha');
    const service = await startVirtualService({ psps: [alpha] });
    try {
      await service.deposit({ payment_token: 'card_declined' });
      const { body } = await service.request('GET', '/v1/events');
      const [event] = body['events'] as Told[];
      assert.deepEqual([event?.type, event?.status, event?.next_try_at], ['deposit.declined', 'untold', null]);
      assert.equal((await service.request('POST', `/v1/events/${event?.event_id}/replay`)).status, 409);
      assert.equal((await service.request('GET', '/v1/events/endpoint')).body['status'], 'none');
      assert.match(await service.text('/metrics', 'text/plain'), /^assay_open_work\{what="outbox_untold"\} 1$/m);
      const count = async (): Promise<number> =>
        ((await service.request('GET', '/v1/events?status=untold')).body['events'] as Told[]).length;
      await service.pass(DEFAULT_TIMINGS.untoldEventLifeMs - HOUR);
      assert.equal(await count(), 1);
      await service.pass(3 * HOUR);
      assert.equal(await count(), 0);
    } finally {
      await service.stop();
    }
  });
});

describe('the events of the document', () => {
  it('are those of the code, and each example is one', () => {
    assert.deepEqual(new Set(TOLD_TYPES), new Set(OUTGOING_TYPES));
    for (const type of TOLD_TYPES) {
      const example = exampleOf(type) as { type: string; data: object };
      assert.equal(faultOf(example), null);
      assert.notEqual(faultOf({ ...example, data: {} } as { type: string }), null, 'a check that cannot fail');
    }
  });
});
