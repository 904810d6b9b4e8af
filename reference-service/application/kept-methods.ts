/**
 * Kept methods: what a PSP keeps of a player's method, so that the next deposit needs no form.
 * We hold the PSP's token, never a card number; the token is worth something at that PSP only,
 * so a deposit with it goes there and nowhere else.
 */
import type { Payment } from '../domain/deposit.ts';
import type { DepositFact } from '../domain/deposit-fact.ts';
import { ServiceError } from '../domain/errors.ts';
import type { StoredMethod } from '../ports/stored-methods.ts';
import type { Unit } from '../ports/unit.ts';
import type { ServiceContext } from './context.ts';

/** A run of digits as long as a card number: whatever it is, it is not stored. */
const CARD_NUMBER = /^[0-9]{12,19}$/;

/** Notes the method that the PSP says it keeps; gives its id, or null when there is nothing to note. */
export async function keepMethod(
  context: ServiceContext,
  unit: Unit,
  payment: Payment,
  fact: DepositFact,
): Promise<string | null> {
  const { stored } = fact;
  const isGood = fact.outcome === 'authorized' || fact.outcome === 'succeeded';
  if (stored === undefined || !isGood || !payment.storeMethod || payment.storedMethodId !== null) return null;
  if (CARD_NUMBER.test(stored.token)) {
    context.log({ level: 'warn', msg: 'a kept method looks like a card number and is not kept', psp: fact.psp });
    return null;
  }
  return context.stores.methods.keep(unit, {
    id: context.ids.next('pm'),
    playerId: payment.playerId,
    psp: fact.psp,
    pspToken: stored.token,
    method: payment.method,
    brand: stored.brand,
    last4: stored.last4 !== null && /^[0-9]{4}$/.test(stored.last4) ? stored.last4 : null,
    status: 'active',
    createdAt: context.clock.now(),
    removedAt: null,
  });
}

/**
 * The kept method that a deposit asks for.
 * @throws ServiceError validation_failed when the player has none of this id and method
 */
export async function keptMethodFor(
  context: ServiceContext,
  request: { playerId: string; method: string; storedMethodId: string },
): Promise<StoredMethod> {
  const found = await context.stores.methods.find(context.database.autocommit, request.storedMethodId);
  const fits = found?.status === 'active' && found.playerId === request.playerId && found.method === request.method;
  if (found === null || !fits) {
    const message = 'must be a kept method of this player and of the same kind';
    throw new ServiceError('validation_failed', 'The player has no such kept method.', {
      details: { errors: [{ field: 'stored_method_id', message }] },
    });
  }
  return found;
}
