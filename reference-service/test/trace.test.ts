/**
 * Goal: one trace leads from the platform's request to the last call to a PSP, however much later
 * and by whatever work it is made: a due step, an event, the player's return, a probe.
 * Method: a PSP that notes the trace of each call; answers that get lost, so that others follow.
 */
import assert from 'node:assert/strict';
import { currentTrace } from '../observability/trace.ts';
import { FakePsp } from './fake-psp.ts';
import { closeSharedDatabase, startVirtualService } from './virtual-service.ts';

after(closeSharedDatabase);

const HOUR = 3_600_000;
const LOST = { kind: 'in_doubt', requestMayHaveArrived: true, reason: 'time-out' } as const;

const traceOf = (digit: string): { traceId: string; traceparent: string } => {
  const traceId = digit.repeat(32);
  return { traceId, traceparent: `00-${traceId}-00f067aa0ba902b7-01` };
};

/** The PSP, and what it saw: `[call, trace]`. */
function watchedPsp(options: ConstructorParameters<typeof FakePsp>[1] = {}) {
  const seen: [string, string | undefined][] = [];
  const psp = new FakePsp('alpha', options);
  const watched = new Proxy(psp, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name, target);
      if (typeof value !== 'function' || !/Pay(ment|out)$|^submitReturn$/.test(String(name))) return value;
      return (...given: unknown[]): unknown => {
        seen.push([String(name), currentTrace()?.traceId]);
        return (value as (...given: unknown[]) => unknown).apply(target, given);
      };
    },
  });
  return { psp, watched, seen };
}

async function send(
  service: Awaited<ReturnType<typeof startVirtualService>>,
  path: string,
  body: Record<string, unknown>,
  headers: Record<string, string>,
): Promise<Record<string, unknown>> {
  const answer = await service.request('POST', path, body, headers);
  assert.ok(answer.status < 300, JSON.stringify(answer.body));
  return answer.body;
}

const DEPOSIT = {
  amount: '50.00',
  currency: 'EUR',
  method: 'card',
  return_url: 'https://casino.example/done',
  player_id: 'player-1',
};

describe('the trace of a payment', () => {
  it('is that of the request in every later question, and each payment has its own', async () => {
    const { psp, watched, seen } = watchedPsp();
    const service = await startVirtualService({ psps: [watched] });
    try {
      const [first, second] = [traceOf('a'), traceOf('b')];
      for (const { traceId, traceparent } of [first, second]) {
        psp.script.push({ commit: true, result: LOST });
        psp.queryScript.push(LOST, LOST);
        await send(service, '/v1/payments/init', DEPOSIT, { 'idempotency-key': traceId, traceparent });
      }
      await service.pass(HOUR);
      for (const { traceId } of [first, second]) {
        const calls = seen.filter(([, trace]) => trace === traceId).map(([call]) => call);
        assert.equal(calls[0], 'createPayment');
        assert.ok(calls.includes('queryPayment'), calls.join());
      }
      assert.equal(seen.filter(([, trace]) => trace !== first.traceId && trace !== second.traceId).length, 0);
    } finally {
      await service.stop();
    }
  });

  it('is kept by what an event and the return of the player make the service ask', async () => {
    const { psp, watched, seen } = watchedPsp({ needsReturn: true });
    Object.assign(psp, { submitReturn: () => Promise.resolve({ kind: 'pending', pspReference: null }) });
    const service = await startVirtualService({ psps: [watched] });
    try {
      const { traceId, traceparent } = traceOf('c');
      psp.script.push({ commit: true, result: LOST });
      const { payment_id: id } = (
        await service.request('POST', '/v1/payments/init', DEPOSIT, {
          'idempotency-key': 'event',
          traceparent,
        })
      ).body;
      const [attempt] = await service.attempts(id);
      // Another trace: the webhook's own.
      await service.request('POST', '/v1/payments/webhook/alpha', psp.event(attempt?.attempt_id ?? '', 'succeeded'), {
        'x-fake-signature': 'genuine',
        authorization: '',
        traceparent: traceOf('d').traceparent,
      });
      await service.pass(1_000);
      assert.equal((await service.payment(id))['status'], 'succeeded');

      const { payment_id: other } = await send(
        service,
        '/v1/payments/init',
        { ...DEPOSIT, payment_token: 'card_3ds' },
        { 'idempotency-key': 'return', traceparent },
      );
      await service.text(`/v1/payments/${String(other)}/return?code=1`, '*/*');
      assert.ok(seen.some(([call]) => call === 'submitReturn') && seen.some(([call]) => call === 'queryPayment'));
      assert.deepEqual(new Set(seen.map(([, trace]) => trace)), new Set([traceId]));
    } finally {
      await service.stop();
    }
  });

  it('is kept by payouts and refunds that have to be repeated', async () => {
    const { psp, watched, seen } = watchedPsp();
    const service = await startVirtualService({ psps: [watched] });
    try {
      const { traceId, traceparent } = traceOf('e');
      const headers = (key: string) => ({ 'idempotency-key': key, traceparent });
      const { payment_id: id } = await send(service, '/v1/payments/init', DEPOSIT, headers('deposit'));
      await service.pass(HOUR);
      psp.payoutScript.push({ commit: true, result: LOST });
      await send(
        service,
        '/v1/payouts/init',
        { amount: '20.00', currency: 'EUR', method: 'card', player_id: 'player-1' },
        headers('payout'),
      );
      psp.refundScript.push({ commit: false, result: LOST });
      await send(service, `/v1/payments/${String(id)}/refunds`, { amount: '10.00' }, headers('refund'));
      await service.pass(2 * HOUR);
      const count = (name: string): number => seen.filter(([call]) => call === name).length;
      assert.ok(count('queryPayout') > 0 && count('refundPayment') > 1, JSON.stringify(seen));
      assert.deepEqual(new Set(seen.map(([, trace]) => trace)), new Set([traceId]));
    } finally {
      await service.stop();
    }
  });
});
