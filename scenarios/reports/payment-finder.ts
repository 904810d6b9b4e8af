/** Finds the payment that an event of a history belongs to, by whatever name the event uses. */
import type { HistoryEvent, RunModel } from '../history/index.ts';

/** Built once per run; each look-up is by map. */
export function paymentFinder(run: RunModel): (event: HistoryEvent) => string | undefined {
  const byOperation = new Map<string, string>();
  for (const payment of run.payments.values()) {
    for (const operation of payment.operations) byOperation.set(operation.op, payment.id);
  }
  return (event) => {
    const { key } = event;
    if (key === undefined) return undefined;
    return byOperation.get(key) ?? run.ownerOf(key) ?? (run.payments.has(key) ? key : undefined);
  };
}
