/** A book change as an event of the run's history: the facts that invariants compare everything else with. */
import type { HistoryEventInput } from '../../kernel/index.ts';
import type { BookChange } from '../core/book-change.ts';

export function bookEntry(
  { name: psp, proc, dialect }: { name: string; proc: string; dialect: { name: string } },
  change: BookChange,
  cause: number | undefined,
): HistoryEventInput {
  const { record } = change;
  const payment = 'payment' in change ? change.payment : undefined;
  const amounts = record.kind === 'payment' ? record : { capturedMinor: 0, refundedMinor: 0 };
  const value: Record<string, unknown> = {
    psp,
    dialect: dialect.name,
    kind: record.kind,
    change: change.type,
    psp_reference: record.pspReference,
    reference: record.reference,
    state: record.state,
    amount_minor: record.amountMinor,
    captured_minor: amounts.capturedMinor,
    refunded_minor: amounts.refundedMinor,
    currency: record.currency,
  };
  if (payment !== undefined) value['payment_psp_reference'] = payment.pspReference;
  const { reference, pspReference } = payment ?? record;
  const key = reference ?? pspReference;
  // Each written out: an event is kept, and what is added to an object later takes room of its own.
  if (cause === undefined) return { proc, type: 'obs', f: 'books', key, value };
  return { proc, type: 'obs', f: 'books', key, value, cause };
}
