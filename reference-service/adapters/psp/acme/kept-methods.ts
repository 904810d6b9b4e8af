/**
 * Keeping a card at acme: a call of its own, made after the payment, so that a vault in trouble
 * never stands between a player and a deposit. It is repeatable (one key per attempt), and made
 * again by the status query when the payment was approved out of our sight (3DS). A payment that
 * acme took is reported whatever becomes of the card.
 */
import type { PspPaymentAttempt, StoredMethodReport } from '../../../ports/psp-adapter.ts';
import { derivedKey } from '../failures.ts';
import { textOf } from '../fields.ts';
import type { AcmeClient } from './client.ts';
import { acmeToken } from './status.ts';

/** The same result, with the kept card when it was to be kept and could be. */
export async function withKeptMethod<T extends { kind: string }>(
  client: AcmeClient,
  attempt: PspPaymentAttempt,
  result: T,
): Promise<T> {
  const token = acmeToken(attempt.token);
  const taken = result.kind === 'approved' || result.kind === 'authorized';
  if (!attempt.storeMethod || attempt.storedToken !== null || token === null || !taken) return result;
  const answer = await client.post(
    '/payment-methods',
    { customer: attempt.playerId, token },
    derivedKey(attempt.idempotencyKey, 'keep'),
  );
  const kept = answer.kind === 'ok' ? textOf(answer.body, 'method_token') : null;
  if (answer.kind !== 'ok' || kept === null) return result;
  const stored: StoredMethodReport = {
    token: kept,
    brand: textOf(answer.body, 'brand'),
    last4: textOf(answer.body, 'last4'),
  };
  return { ...result, stored };
}
