/**
 * Events about things that are not in the books (customers, payment methods, reports): sent by
 * the call that makes them, where the endpoint is subscribed to their type.
 */
import type { PspContext } from '../dialect.ts';
import { eventDraft, isSubscribed } from './event.ts';

export function customerEvent(psp: PspContext, type: string, customer: Record<string, unknown>): void {
  announce(psp, type, customer);
}

export function methodEvent(psp: PspContext, type: string, method: Record<string, unknown>): void {
  announce(psp, type, method);
}

export function reportEvent(psp: PspContext, run: Record<string, unknown>): void {
  announce(psp, 'reporting.report_run.succeeded', run);
}

function announce(psp: PspContext, type: string, object: Record<string, unknown>): void {
  if (!isSubscribed(psp, type)) return;
  const claim = {
    kind: 'settlement',
    state: type,
    reference: null,
    pspReference: String(object['id']),
    amountMinor: 0,
    currency: 'EUR',
  } as const;
  psp.announce(eventDraft({ eventId: psp.ids.next('evt'), type, object, atMs: psp.nowMs(), claim }));
}
