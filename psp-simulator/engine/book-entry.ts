/** A book change as an event of the run's history: the facts that invariants compare everything else with. */
import type { HistoryEventInput } from '../../kernel/index.ts';
import type { BookChange } from '../core/book-change.ts';

export function bookEntry(psp: string, dialect: string, change: BookChange): HistoryEventInput {
  const { record } = change;
  const payment = 'payment' in change ? change.payment : undefined;
  const amounts = record.kind === 'payment' ? record : { capturedMinor: 0, refundedMinor: 0 };
  const value: Record<string, unknown> = {
    psp,
    dialect,
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
  return { proc: `psp:${psp}`, type: 'obs', f: 'books', key: reference ?? pspReference, value };
}
