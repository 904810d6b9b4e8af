/**
 * What the tests of money that goes back share: a credited deposit of 50.00 EUR at one scripted PSP,
 * and short words for what they ask and look at.
 */
import assert from 'node:assert/strict';
import type { PspEvent } from '../ports/psp-adapter.ts';
import { FakePsp } from './fake-psp.ts';
import { stopInOrder } from './fresh-service.ts';
import { startVirtualService, type Answered, type VirtualService } from './virtual-service.ts';

export let service: VirtualService;
export let alpha: FakePsp;
export let paymentId: string;
export let attemptId: string;

/** A deposit of 50.00 EUR that the PSP has not told of yet. */
export async function startUncredited(
  more: ConstructorParameters<typeof FakePsp>[1] = {},
  deposit: object = {},
): Promise<void> {
  alpha = new FakePsp('alpha', more);
  service = await startVirtualService({ psps: [alpha] });
  paymentId = String((await service.deposit({ ...deposit })).body['payment_id']);
  attemptId = (await service.attempts(paymentId))[0]?.attempt_id ?? '';
}

/** A credited deposit of 50.00 EUR. */
export async function start(...how: Parameters<typeof startUncredited>): Promise<void> {
  await startUncredited(...how);
  await hear(alpha.event(attemptId, 'succeeded'));
}

export const stop = (): Promise<void> => stopInOrder(service);

export async function hear(...events: PspEvent[]): Promise<void> {
  for (const event of events) await service.webhook('alpha', event);
  await service.pass(100);
}

let keys = 0;
export const refund = (amount: string, key = `refund-${(keys += 1)}`): Promise<Answered> =>
  service.request('POST', `/v1/payments/${paymentId}/refunds`, { amount }, { 'idempotency-key': key });
export const refunds = async (): Promise<{ refund_id: string; status: string; amount: string; origin: string }[]> =>
  (await service.request('GET', `/v1/payments/${paymentId}/refunds`)).body['refunds'] as never;
export const states = async (): Promise<string[]> =>
  (await refunds()).map(({ origin, amount, status }) => `${origin} ${amount} ${status}`);
export const cases = async (): Promise<string[]> =>
  (await service.cases()).map(({ kind, status }) => `${kind} ${status}`);
export const purse = (available: string, held = '0.00') => [{ currency: 'EUR', available, held }];
export const payment = async (): Promise<{ status: string; refunded: string; disputed: string }> =>
  (await service.payment(paymentId)) as never;
export const balance = async (account: string): Promise<string | undefined> =>
  (
    (await service.request('GET', '/v1/ledger/balances')).body['accounts'] as { account: string; balance: string }[]
  ).find((one) => one.account === account)?.balance;
export async function told(like: string): Promise<string[]> {
  const { rows } = await service.knex.raw<{ rows: { type: string }[] }>(
    `select type from outbox where type like '${like}%' order by position`,
  );
  return rows.map(({ type }) => type);
}
export async function spend(amount: string): Promise<void> {
  const txnId = `bet-${(keys += 1)}`;
  const { status } = await service.request('POST', '/v1/wallet/debit', {
    player_id: 'player-1',
    payment_id: 'round',
    txn_id: txnId,
    amount,
    currency: 'EUR',
    idempotency_key: txnId,
  });
  assert.equal(status, 200);
}
