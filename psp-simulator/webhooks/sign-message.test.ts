/** What is signed and what is sent, where a message is forged and its body broken at once. */
import assert from 'node:assert/strict';
import type { Dialect } from '../dialects/dialect.ts';
import type { SigningRequest } from '../dialects/webhook.ts';
import type { Message } from './message.ts';
import { signMessage, type SigningOptions } from './sign-message.ts';

const TRUE_BODY = '{"amount":5}';
const ALTERED = '{"amount":50}';

/** @returns what the dialect was asked to sign and to send */
function asked(message: Partial<Message>, broken: SigningOptions['broken']): SigningRequest {
  const requests: SigningRequest[] = [];
  const dialect = {
    sign: (request: SigningRequest) => {
      requests.push(request);
      return { body: request.sendInstead ?? request.body, headers: {} };
    },
  } as unknown as Dialect;
  const whole = { draft: { body: TRUE_BODY }, signature: 'valid', ageMs: 0, alteredBody: null, ...message };
  signMessage(dialect, whole as Message, {
    ...{ nowMs: 0, credentials: {}, targetUrl: '', pspUrl: '', condition: {} as SigningOptions['condition'], broken },
  });
  const [request] = requests;
  assert.ok(request);
  return request;
}

describe('signing a message', () => {
  it('signs a body altered on its way as it was', () => {
    const { body, sendInstead } = asked({ signature: 'altered-body', alteredBody: ALTERED }, undefined);
    assert.deepEqual([body, sendInstead], [TRUE_BODY, ALTERED]);
  });

  it('signs it as it was also when the body is giant or breaks off', () => {
    const forged = { signature: 'altered-body', alteredBody: ALTERED } as const;
    const giant = asked(forged, { as: 'giant', bytes: 500 });
    assert.equal((JSON.parse(giant.body) as { amount: number }).amount, 5);
    assert.equal((JSON.parse(giant.sendInstead ?? '{}') as { amount: number }).amount, 50);
    assert.ok(Math.min(giant.body.length, giant.sendInstead?.length ?? 0) >= 500);
    const cut = asked(forged, { as: 'malformed' });
    assert.ok(TRUE_BODY.startsWith(cut.body) && ALTERED.startsWith(cut.sendInstead ?? 'x'));
  });

  it('signs an honest giant body as it is', () => {
    const { body, sendInstead } = asked({}, { as: 'giant', bytes: 500 });
    assert.ok(body.length >= 500 && sendInstead === undefined);
  });
});
