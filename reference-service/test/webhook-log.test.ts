/**
 * Flows of what PSPs tell us: the log of deliveries, replays of captured ones, dead letters and
 * processing them again.
 */
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { acmeWebhookVerifier } from '../adapters/psp/acme/signature.ts';
import type { PspEvent, WebhookVerifier } from '../ports/psp-adapter.ts';
import { FakePsp } from './fake-psp.ts';
import { closeSharedDatabase, startVirtualService, type Answered, type VirtualService } from './virtual-service.ts';

const MINUTE = 60_000;
const FIFTY = [{ currency: 'EUR', available: '50.00', held: '0.00' }];

after(closeSharedDatabase);

interface Listed {
  event_id: string;
  status: string;
  outcome: string | null;
  tries: number;
  replays: number;
}

describe('events of PSPs', () => {
  let service: VirtualService;
  let alpha: FakePsp;
  let isBroken: boolean;
  /** How the adapter of the day reads an event. */
  let readToday: (event: PspEvent) => PspEvent;

  beforeEach(async () => {
    alpha = new FakePsp('alpha');
    readToday = (event) => event;
    const read = alpha.parseWebhook.bind(alpha);
    alpha.parseWebhook = (input) => read(input).map((event) => readToday(event));
    isBroken = false;
    service = await startVirtualService({
      psps: [alpha],
      parts: ({ ledger }) => ({
        ledger: {
          ...ledger,
          post: (unit, commands) => {
            if (isBroken) throw new Error('the ledger is out of order');
            return ledger.post(unit, commands);
          },
        },
      }),
    });
  });
  afterEach(() => service.stop());

  async function started(): Promise<string> {
    const { body } = await service.deposit();
    return (await service.attempts(body['payment_id']))[0]?.attempt_id ?? '';
  }

  const dead = async (): Promise<Listed[]> =>
    (await service.request('GET', '/v1/webhooks/events')).body['events'] as Listed[];

  it('are logged by delivery; what is refused is only counted', async () => {
    const event = alpha.event(await started(), 'succeeded');
    await service.webhook('alpha', event);
    await service.webhook('alpha', event);
    await service.webhook('alpha', event, 'forged');
    await service.webhook('alpha', event, 'forged');
    const { body } = await service.request('GET', '/v1/webhooks/deliveries?psp=alpha');
    assert.deepEqual(
      (body['deliveries'] as { status: string; event_ids: string[] }[]).map((one) => [one.status, one.event_ids]),
      [
        ['duplicate', [event.eventId]],
        ['stored', [event.eventId]],
      ],
    );
    const [refused] = body['refused'] as { reason: string; count: number }[];
    assert.deepEqual([refused?.reason, refused?.count], ['mismatch', 2]);
    const only = await service.request('GET', '/v1/webhooks/deliveries?status=duplicate&limit=1');
    assert.equal((only.body['deliveries'] as unknown[]).length, 1);
  });

  it('that cannot be processed are dead after ten tries, with a case; a replay processes them once and closes it', async () => {
    const event = alpha.event(await started(), 'succeeded');
    isBroken = true;
    const down = { kind: 'in_doubt', requestMayHaveArrived: true, reason: 'down' } as const;
    alpha.queryScript.push(...Array.from({ length: 200 }, () => down));
    await service.webhook('alpha', event);
    await service.pass(8 * MINUTE);
    assert.deepEqual(await dead(), []);
    await service.pass(MINUTE);
    const [letter] = await dead();
    assert.deepEqual([letter?.event_id, letter?.status, letter?.tries], [event.eventId, 'dead', 10]);
    const ofLetter = async (): Promise<string | undefined> =>
      (await service.cases()).find(({ kind }) => kind === 'dead_letter')?.status;
    assert.equal(await ofLetter(), 'open');

    const path = `/v1/webhooks/events/alpha/${event.eventId}/replay`;
    const failed = await service.request('POST', path);
    assert.equal(failed.body['status'], 'waiting', 'it is tried again by the worker');
    await service.pass(10 * MINUTE);
    assert.equal((await dead()).length, 1, 'dead again, under the same case');

    isBroken = false;
    const replayed = await service.request('POST', path);
    assert.deepEqual(
      [replayed.body['status'], replayed.body['outcome'], replayed.body['replays']],
      ['done', 'applied', 2],
    );
    assert.deepEqual(await service.wallet(), FIFTY);
    assert.equal(await ofLetter(), 'resolved');
    const again = await service.request('POST', path);
    assert.equal(again.body['status'], 'done');
    assert.deepEqual(await service.wallet(), FIFTY, 'what was done is not done twice');
    assert.deepEqual(await dead(), []);
  });

  it('are read again from their bytes by the adapter of the day', async () => {
    const event = { ...alpha.event(await started(), 'succeeded'), outcome: 'irrelevant' as const };
    await service.webhook('alpha', event);
    await service.pass(1_000);
    assert.deepEqual(await service.wallet(), []);
    readToday = (one) => ({ ...one, outcome: 'succeeded' });
    const { body } = await service.request('POST', `/v1/webhooks/events/alpha/${event.eventId}/replay`);
    assert.equal(body['outcome'], 'applied');
    assert.deepEqual(await service.wallet(), FIFTY);
    assert.equal((await service.request('POST', '/v1/webhooks/events/alpha/evt_none/replay')).status, 404);
  });

  it('that nobody signed are not believed by reading them differently', async () => {
    const event: PspEvent = { ...alpha.event(await started(), 'succeeded'), outcome: 'pending', askFirst: true };
    await service.webhook('alpha', event);
    readToday = ({ askFirst: _, ...one }) => ({ ...one, outcome: 'succeeded' });
    const path = `/v1/webhooks/events/alpha/${event.eventId}`;
    await service.request('POST', `${path}/replay`);
    await service.pass(1_000);
    assert.deepEqual(await service.wallet(), []);
    assert.equal((await service.request('GET', path)).body['reports'], 'pending');
  });
});

describe('a captured delivery', () => {
  const SECRET = 'secret';
  const verifier: WebhookVerifier = {
    verify: (input) => acmeWebhookVerifier.verify({ ...input, credentials: { webhookSecret: SECRET } }),
  };
  /** A signature that does not bind the body, as PayPal's CRC. */
  const loose: WebhookVerifier = {
    verify: ({ headers }) => ({ kind: 'verified', nonce: headers['x-transmission'] ?? '' }),
  };
  let service: VirtualService;
  let alpha: FakePsp;

  async function begin(acme: WebhookVerifier): Promise<string> {
    alpha = new FakePsp('alpha');
    service = await startVirtualService({ psps: [alpha], parts: () => ({ webhookVerifiers: { acme } }) });
    const { body } = await service.deposit();
    return (await service.attempts(body['payment_id']))[0]?.attempt_id ?? '';
  }
  afterEach(() => service.stop());

  const post = (body: string, headers: Record<string, string>): Promise<Answered> =>
    service.request('POST', '/v1/payments/webhook/alpha', body, { authorization: '', ...headers });

  it('is a duplicate as long as its time is valid, and refused afterwards', async () => {
    const body = JSON.stringify(eventOf(await begin(verifier)));
    const time = String(Math.floor(service.clock.now() / 1_000));
    const signature = createHmac('sha256', SECRET).update(`${time}.${body}`).digest('hex');
    const headers = { 'x-timestamp': time, 'x-signature': `sha256=${signature}` };
    assert.deepEqual((await post(body, headers)).body, { received: true, duplicate: false });
    await service.pass(4 * MINUTE);
    assert.deepEqual((await post(body, headers)).body, { received: true, duplicate: true });
    await service.pass(2 * MINUTE);
    const late = await post(body, headers);
    assert.equal(late.status, 401);
    assert.deepEqual(await service.wallet(), FIFTY);
  });

  it('with another body under the same nonce is refused, also by a process that never saw it', async () => {
    const attempt = await begin(loose);
    const event = alpha.event(attempt, 'succeeded');
    const headers = { 'x-transmission': 't-1' };
    assert.equal((await post(JSON.stringify(event), headers)).status, 200);
    const forged = { ...event, eventId: 'evt_forged', reference: 'att_other' };
    const refused = await post(JSON.stringify(forged), headers);
    assert.equal(refused.status, 401);
    assert.deepEqual(refused.body['details'], { reason: 'replayed' });
    assert.deepEqual((await post(JSON.stringify(event), headers)).body, { received: true, duplicate: true });
    const { body } = await service.request('GET', '/v1/webhooks/deliveries');
    assert.deepEqual(
      (body['refused'] as { reason: string; count: number }[]).map(({ reason, count }) => [reason, count]),
      [['replayed', 1]],
    );
    assert.equal((await service.request('GET', '/v1/webhooks/events/alpha/evt_forged')).status, 404);
  });

  function eventOf(attempt: string): ReturnType<FakePsp['event']> {
    return alpha.event(attempt, 'succeeded');
  }
});
