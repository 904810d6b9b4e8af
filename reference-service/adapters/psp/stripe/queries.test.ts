import assert from 'node:assert/strict';
import { answer, inWorld, paymentAttempt } from '../test/scripted-psp.ts';
import { INTENT, SUCCEEDED, APPROVED, stripeError } from './test/objects.ts';

describe('stripe adapter that is asked', () => {
  it('searches by our reference, then reads the payment itself, because the index lags', () =>
    inWorld('stripe', async ({ adapter, script, seen }) => {
      script(
        answer(200, { object: 'search_result', data: [{ ...INTENT, status: 'processing' }] }),
        answer(200, SUCCEEDED),
      );
      assert.deepEqual(await adapter.queryPayment(paymentAttempt()), APPROVED);
      const search = new URL(seen[0]?.path ?? '', 'http://psp');
      assert.equal(search.pathname, '/v1/payment_intents/search');
      assert.equal(search.searchParams.get('query'), "metadata['reference']:'att_1'");
      assert.equal(seen[1]?.path, '/v1/payment_intents/pi_1?expand[0]=latest_charge');
    }));

  it('finds the success among several payments under one reference', () =>
    inWorld('stripe', async ({ adapter, script }) => {
      script(
        answer(200, { data: [{ id: 'pi_0' }, { id: 'pi_1' }] }),
        answer(200, { ...INTENT, id: 'pi_0', status: 'canceled' }),
        answer(200, SUCCEEDED),
      );
      assert.deepEqual(await adapter.queryPayment(paymentAttempt()), APPROVED);
    }));

  it('takes an empty search and a missing resource for not found, any other 404 for a refusal', () =>
    inWorld('stripe', async ({ adapter, script }) => {
      script(
        answer(200, { data: [] }),
        stripeError(404, { type: 'invalid_request_error', code: 'resource_missing' }),
        stripeError(404, { type: 'invalid_request_error' }),
      );
      assert.deepEqual(await adapter.queryPayment(paymentAttempt()), { kind: 'not_found' });
      assert.deepEqual(await adapter.queryPayment(paymentAttempt({ pspReference: 'pi_1' })), { kind: 'not_found' });
      assert.equal((await adapter.queryPayment(paymentAttempt({ pspReference: 'pi_1' }))).kind, 'refused');
    }));
});
