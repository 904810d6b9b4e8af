import assert from 'node:assert/strict';
import { UserError } from '../../kernel/index.ts';
import { EVENT_SCHEDULE_MS, pauseBeforeNextTry, readRetryAfter } from '../domain/event-schedule.ts';
import { readEventEndpoint } from './event-endpoint.ts';
import { signedHeaders, signerOf } from './sign-event.ts';

const SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';

describe('signing events', () => {
  it('gives the signature that the convention publishes as its example', () => {
    const signer = signerOf(SECRET);
    assert.ok(signer !== null);
    const message = {
      id: 'msg_p5jXN8AQM9LWM0D4loKWxJek',
      timestampSeconds: 1_614_265_330,
      body: '{"test": 2432232314}',
    };
    assert.deepEqual(signedHeaders([signer], message), {
      'webhook-id': 'msg_p5jXN8AQM9LWM0D4loKWxJek',
      'webhook-timestamp': '1614265330',
      'webhook-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
    });
    const twice = signedHeaders([signer, signer], message)['webhook-signature'] ?? '';
    assert.equal(twice.split(' ').length, 2);
  });

  for (const wrong of ['', 'secret', 'whsec_', 'whsec_c2hvcnQ=', 'whsk_c2hvcnQ=', `whsec_${'A'.repeat(100)}`])
    it(`knows that "${wrong.slice(0, 16)}" is no secret`, () => assert.equal(signerOf(wrong), null));
});

describe('the endpoint', () => {
  const wrong: [string, string, readonly string[]][] = [
    ['plain http to elsewhere', 'http://platform.example/hook', [SECRET]],
    ['another scheme', 'file:///etc/passwd', [SECRET]],
    ['a password in the address', 'https://user:password@platform.example/', [SECRET]],
    ['no address', 'platform', [SECRET]],
    ['no secret', 'https://platform.example/', []],
    ['a secret of another form', 'https://platform.example/', [SECRET, 'hunter2']],
  ];
  for (const [what, url, secrets] of wrong) {
    it(`refuses ${what}, without saying a secret`, () => {
      assert.throws(
        () => readEventEndpoint('EVENTS', { url, secrets }),
        (error: unknown) => error instanceof UserError && !/hunter2|password/.test(error.message + error.advice),
      );
    });
  }
  it('takes https, this machine, and plain http where it is allowed', () => {
    for (const url of ['https://platform.example/a?token=b', 'http://127.0.0.1:1/', 'http://[::1]:1/'])
      assert.equal(readEventEndpoint('EVENTS', { url, secrets: [SECRET] }).url, url);
    const config = { url: 'http://platform/', secrets: [SECRET], allowHttp: true };
    assert.equal(readEventEndpoint('EVENTS', config).signers.length, 1);
  });
});

describe('the schedule of events', () => {
  it('is that of Standard Webhooks, never shorter and at most a tenth longer, and the same at every look', () => {
    assert.equal(
      EVENT_SCHEDULE_MS.reduce((sum, ms) => sum + ms, 0),
      (75 * 3_600 + 35 * 60 + 5) * 1_000,
    );
    for (let tried = 1; tried < EVENT_SCHEDULE_MS.length; tried += 1) {
      const pauses = ['msg_a', 'msg_b', 'msg_c'].map((id) => pauseBeforeNextTry(id, tried, null) ?? 0);
      const wanted = EVENT_SCHEDULE_MS[tried] ?? 0;
      assert.ok(pauses.every((ms) => ms >= wanted && ms <= wanted * 1.1));
      assert.equal(new Set(pauses).size, 3);
      assert.equal(pauseBeforeNextTry('msg_a', tried, null), pauses[0]);
    }
    assert.equal(pauseBeforeNextTry('msg_a', EVENT_SCHEDULE_MS.length, 1_000), null);
  });

  it('respects Retry-After in both forms, within a day', () => {
    const nowMs = Date.parse('2026-01-05T09:00:00Z');
    assert.equal(readRetryAfter('120', nowMs), 120_000);
    assert.equal(readRetryAfter('Mon, 05 Jan 2026 09:02:00 GMT', nowMs), 120_000);
    assert.equal(readRetryAfter('Mon, 05 Jan 2026 08:00:00 GMT', nowMs), 0);
    assert.equal(readRetryAfter('soon', nowMs), null);
    assert.equal(readRetryAfter(undefined, nowMs), null);
    assert.equal(pauseBeforeNextTry('msg_a', 1, 120_000), 120_000);
    assert.equal(pauseBeforeNextTry('msg_a', 1, 1e12), 24 * 3_600_000);
  });
});
