/**
 * A service whose inbox is its only net against double credits.
 *
 * The reference service has three: the inbox, the deposit machine and a unique index of the
 * ledger. With the other two in place a broken inbox does no harm, and most real services that
 * had such a bug had no others. They are taken away here; with a sound inbox what is left is
 * still sound.
 */
import type { Knex } from 'knex';
import type { DepositMachine, InboxPort } from '../../../reference-service/index.ts';
import type { ServiceMutation } from '../../drivers/index.ts';

/** @param inbox makes the inbox from the one that the service ships. */
export function onlyNet(
  inbox: (shipped: InboxPort) => InboxPort,
  alterInbox: (knex: Knex) => Promise<void> = () => Promise.resolve(),
): ServiceMutation {
  return {
    parts: (shipped) => ({ inbox: inbox(shipped.inbox), depositMachine: creditsEachEvent(shipped.depositMachine) }),
    alterSchema: async (knex) => {
      await knex.raw('drop index transfer_payment_kind_once');
      await alterInbox(knex);
    },
  };
}

/**
 * Trusts the inbox: each event of a success that comes out of it credits. An attempt that a
 * status query settled is left alone, so that with a sound inbox nothing is credited twice.
 */
function creditsEachEvent(machine: DepositMachine): DepositMachine {
  const settledByQuestion = new Set<string>();
  return (snapshot, fact) => {
    const decision = machine(snapshot, fact);
    const { payment, attempt } = snapshot;
    if (decision.credit && fact.source !== 'webhook') settledByQuestion.add(attempt.id);
    const again =
      fact.source === 'webhook' &&
      fact.outcome === 'succeeded' &&
      payment.creditedAttemptId === attempt.id &&
      !settledByQuestion.has(attempt.id);
    return again ? { ...decision, credit: true } : decision;
  };
}
