/** Goal: what an attempt's end says about its PSP: sick, strict, or nothing. */
import assert from 'node:assert/strict';
import type { Attempt, Payment } from '../domain/deposit.ts';
import { observeAttempt } from './route-observe.ts';

const PAYMENT = { method: 'bank', country: null, currency: 'SEK' } as Payment;
const attempt = (more: Partial<Attempt>): Attempt => ({ psp: 'alpha', status: 'sent', ...more }) as Attempt;

describe('what an attempt says about its PSP', () => {
  const seen = (after: Partial<Attempt>, before: Partial<Attempt> = {}): string[] => {
    const kinds: string[] = [];
    observeAttempt({ observe: ({ kind }) => kinds.push(kind) }, PAYMENT, attempt(before), attempt(after));
    return kinds;
  };
  const declined = (declineCode: string, declineClass: 'technical' | 'issuer') =>
    seen({ status: 'declined', declineCode, declineClass });

  it('is trouble when the PSP could not do it', () => {
    assert.deepEqual(declined('processing_error', 'technical'), ['declinedTechnically']);
  });

  it('is no trouble when the PSP never does this: a currency that it does not serve must not look like an outage', () => {
    assert.deepEqual(declined('unsupported', 'technical'), ['declined']);
    assert.deepEqual(declined('invalid_request', 'technical'), ['declined']);
    assert.deepEqual(declined('do_not_honor', 'issuer'), ['declined']);
  });

  it('is nothing while nothing is known', () => {
    for (const status of ['sent', 'in_doubt', 'not_reached', 'absent_proven'] as const)
      assert.deepEqual(seen({ status }, { status: 'created' }), [], status);
  });
});
