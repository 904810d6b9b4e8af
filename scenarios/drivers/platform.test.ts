/** The platform's end of the line: what it hears, in whose name, and that nothing said to it can end a run. */
import assert from 'node:assert/strict';
import { Webhook } from 'standardwebhooks';
import { createActivity, createMemoryNetwork, createVirtualClock, type HistoryEventInput } from '../../kernel/index.ts';
import { openPlatform, PLATFORM_SECRET } from './platform.ts';

const STARTED = Date.UTC(2026, 0, 5, 9);
const BODY = JSON.stringify({ type: 'deposit.succeeded', data: { payment_id: 'pay_1', status: 'succeeded' } });

describe('the platform of a run', () => {
  const heard: HistoryEventInput[] = [];

  /** Posts once; answers the status. */
  async function tell(body: string, signature: string): Promise<number> {
    heard.length = 0;
    const activity = createActivity();
    const clock = createVirtualClock({ startMs: STARTED, activity });
    const network = createMemoryNetwork({ clock, activity });
    const platform = await openPlatform(network, { append: (event) => heard.push(event) });
    let status = 0;
    clock.schedule(0, 'telling', async () => {
      const answer = await network.request({
        method: 'POST',
        url: platform.eventsUrl,
        headers: {
          'content-type': 'application/json',
          'webhook-id': 'msg_1',
          'webhook-timestamp': String(STARTED / 1_000),
          'webhook-signature': signature,
        },
        body,
        timeoutMs: 5_000,
      });
      status = answer.status;
    });
    await clock.run();
    await platform.close();
    await network.close();
    return status;
  }

  const signed = (body: string): string => new Webhook(PLATFORM_SECRET).sign('msg_1', new Date(STARTED), body);
  const value = (): Record<string, unknown> => heard[0]?.value as Record<string, unknown>;

  it('writes down what it is told, about whom, and that it was signed', async () => {
    assert.equal(await tell(BODY, signed(BODY)), 204);
    assert.equal(heard[0]?.key, 'pay_1');
    assert.deepEqual(value(), {
      event_id: 'msg_1',
      event_type: 'deposit.succeeded',
      status: 'succeeded',
      verified: true,
    });
  });

  it('finds the signature among others, and knows a wrong one', async () => {
    await tell(BODY, `v1,${Buffer.alloc(32).toString('base64')} ${signed(BODY)}`);
    assert.equal(value()['verified'], true);
    await tell(BODY.replace('pay_1', 'pay_2'), signed(BODY));
    assert.deepEqual([heard[0]?.key, value()['verified']], ['pay_2', false]);
    await tell(BODY, 'nonsense');
    assert.equal(value()['verified'], false);
  });

  for (const body of ['', 'no json', 'null', '7', '[]', '{"data":{}}'])
    it(`writes down that it was told ${body === '' ? 'nothing' : body}`, async () => {
      assert.equal(await tell(body, signed(body)), 204);
      assert.deepEqual([heard.length, value()['event_type'], value()['verified']], [1, 'undefined', true]);
    });
});
