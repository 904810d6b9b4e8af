/**
 * Events about a payment itself, in the order in which Checkout.com makes them. A payment that
 * is captured at once is approved first; an authentication has events of its own before what
 * became of the payment. What a hosted page sees before anybody paid makes no event.
 */
import { isoTime } from '../../../kernel/index.ts';
import type { PaymentChange } from '../../core/book-change.ts';
import type { Authentication, PaymentRecord } from '../../core/records.ts';
import type { WebhookContext } from '../webhook.ts';
import { isPayment, paymentDetails, wasAuthorized } from './details.ts';
import type { EventOf } from './event.ts';
import { actionIdOf, twinId, uuidFrom } from './ids.ts';
import { checkoutAmount } from './money.ts';
import { APPROVED_CODE, responseOf } from './response-codes.ts';
import {
  authCode,
  balances,
  cleaned,
  customerOf,
  links,
  processing,
  schemeId,
  sourceJson,
  threeDsJson,
} from './wire.ts';

const NOT_AUTHENTICATED: ReadonlySet<string> = new Set([
  'authentication_failed',
  'authentication_error',
  'challenge_expired',
]);

export function paymentEvents(change: PaymentChange, context: WebhookContext): EventOf[] {
  const { record } = change;
  if (!isPayment(record)) return [];
  const about = { record, context };
  switch (change.type) {
    case 'payment-created':
    case 'payment-approved':
    case 'payment-refunded':
    case 'payment-refund-returned':
      return [];
    case 'payment-requires-action':
      return [authenticationEvent(about, 'authentication_started'), pending(about)];
    case 'payment-authorized':
      return [...authenticated(about), approved(about)];
    case 'payment-captured': {
      const first = record.captureMode === 'automatic' && record.captures.length <= 1;
      return [...(first ? [...authenticated(about), approved(about)] : []), captured(about, change.movedMinor)];
    }
    case 'payment-declined':
      return declined(about);
    case 'payment-canceled':
    case 'payment-expired':
      if (wasAuthorized(record)) return [voided(about, record.amountMinor)];
      return [ended(about, change.type === 'payment-canceled' ? 'payment_canceled' : 'payment_expired')];
    case 'payment-released':
      return [voided(about, change.movedMinor)];
  }
}

interface About {
  record: PaymentRecord;
  context: WebhookContext;
}

function paymentEvent(
  about: About,
  event: { type: string; actionId: string; amountMinor: number; state: string; data?: Record<string, unknown> },
): EventOf {
  const { record, context } = about;
  const { pspReference, currency } = record;
  const self = links(record, context.psp);
  return {
    type: event.type,
    subject: pspReference,
    data: () =>
      cleaned({
        id: pspReference,
        action_id: event.actionId,
        reference: record.reference,
        amount: checkoutAmount(event.amountMinor, currency),
        currency,
        payment_type: paymentDetails(record).paymentType,
        processed_on: isoTime(context.atMs),
        metadata: paymentDetails(record).metadata,
        customer: customerOf(record),
        event_links: eventLinks(self),
        ...event.data,
      }),
    links: { payment: self['self'] ?? { href: '' }, payment_actions: self['actions'] ?? { href: '' } },
    claim: {
      kind: 'payment',
      state: event.state,
      reference: record.reference,
      pspReference,
      amountMinor: event.amountMinor,
      currency,
    },
  };
}

/** The same links as texts, under the names that events use. */
function eventLinks({
  self,
  actions,
  ...others
}: Record<string, { href: string }>): Record<string, string | undefined> {
  const rest = Object.fromEntries(Object.entries(others).map(([name, { href }]) => [name, href]));
  return { payment: self?.href, payment_actions: actions?.href, ...rest };
}

function authorizationId({ record }: About): string {
  return actionIdOf(record.pspReference, 'authorization');
}

function pending(about: About): EventOf {
  const { record } = about;
  return paymentEvent(about, {
    type: 'payment_pending',
    actionId: authorizationId(about),
    amountMinor: record.amountMinor,
    state: 'requires_action',
    data: { source: sourceJson(paymentDetails(record).card), '3ds': threeDsJson(record) },
  });
}

function approved(about: About): EventOf {
  const { record } = about;
  return paymentEvent(about, {
    type: 'payment_approved',
    actionId: authorizationId(about),
    amountMinor: record.amountMinor,
    state: 'authorized',
    data: {
      auth_code: authCode(record),
      response_code: APPROVED_CODE.code,
      response_summary: APPROVED_CODE.summary,
      source: sourceJson(paymentDetails(record).card),
      '3ds': threeDsJson(record),
      scheme_id: schemeId(record),
      risk: { flagged: false },
      processing: processing(record.pspReference),
      balances: balances(record),
    },
  });
}

function captured(about: About, movedMinor: number): EventOf {
  const { record } = about;
  const capture = record.captures.at(-1);
  const actionId = capture?.id ?? authorizationId(about);
  return paymentEvent(about, {
    type: 'payment_captured',
    actionId,
    amountMinor: movedMinor,
    state: 'captured',
    data: {
      ...givenReference(paymentDetails(record).captures[actionId]?.reference),
      response_code: APPROVED_CODE.code,
      response_summary: APPROVED_CODE.summary,
      processing: processing(actionId),
      balances: balances(record),
    },
  });
}

function voided(about: About, amountMinor: number): EventOf {
  const { record } = about;
  const note = paymentDetails(record).void;
  return paymentEvent(about, {
    type: 'payment_voided',
    actionId: note?.id ?? actionIdOf(record.pspReference, 'void'),
    amountMinor,
    state: record.state,
    data: {
      ...givenReference(note?.reference),
      response_code: APPROVED_CODE.code,
      response_summary: APPROVED_CODE.summary,
      processing: processing(record.pspReference),
      balances: balances(record),
    },
  });
}

function declined(about: About): EventOf[] {
  const { record } = about;
  const { code, summary } = responseOf(record);
  const failed = NOT_AUTHENTICATED.has(record.declineReason ?? '');
  const main = paymentEvent(about, {
    type: failed ? 'payment_authentication_failed' : 'payment_declined',
    actionId: authorizationId(about),
    amountMinor: record.amountMinor,
    state: record.state,
    data: {
      response_code: code,
      response_summary: summary,
      source: sourceJson(paymentDetails(record).card),
      '3ds': threeDsJson(record),
    },
  });
  return [...authenticated(about), main];
}

function ended(about: About, type: string): EventOf {
  const { record } = about;
  return paymentEvent(about, {
    type,
    actionId: authorizationId(about),
    amountMinor: record.amountMinor,
    state: record.state,
  });
}

function givenReference(reference: string | null | undefined): { reference?: string } {
  return reference === null || reference === undefined ? {} : { reference };
}

const AUTHENTICATION_EVENTS: Readonly<Record<Authentication['result'], string | null>> = {
  authenticated: 'authentication_approved',
  attempted: 'authentication_attempted',
  failed: 'authentication_failed',
  rejected: 'authentication_failed',
  unavailable: 'authentication_failed',
  abandoned: 'authentication_expired',
  timed_out: 'authentication_expired',
  exempted: null,
};

/** The event of the authentication that came before; none where there was none. */
function authenticated(about: About): EventOf[] {
  const { authentication } = about.record;
  const type = authentication === null ? null : AUTHENTICATION_EVENTS[authentication.result];
  return type === null ? [] : [authenticationEvent(about, type)];
}

function authenticationEvent(about: About, type: string): EventOf {
  const { record } = about;
  const { pspReference, currency, amountMinor, reference, authentication } = record;
  const { threeDs, card } = paymentDetails(record);
  const transaction = (kind: string): string => uuidFrom(`${pspReference} ${kind}`);
  const failed = type === 'authentication_failed';
  return {
    type,
    subject: pspReference,
    data: () =>
      cleaned({
        session_id: twinId('sid', pspReference),
        payment_id: pspReference,
        reference,
        // A text here, unlike in every other event.
        amount: String(checkoutAmount(amountMinor, currency)),
        currency,
        type: 'regular',
        eci: authentication?.eci,
        xid: authentication === null ? null : transaction('xid'),
        challenged: authentication === null ? null : authentication.flow === 'challenge',
        acs_challenged_mandated: authentication === null ? null : authentication.flow === 'challenge',
        exemption_applied: authentication === null ? null : 'none',
        response_code: authentication?.transStatus,
        reason: failed ? 'cardholder_authentication_failed' : null,
        reason_description: failed ? 'The cardholder could not be authenticated' : null,
        transaction_status_reason: failed ? '01' : null,
        challenge_indicator: threeDs.challengeIndicator,
        protocol_version: authentication?.version ?? '2.2.0',
        scheme: (card?.scheme ?? 'Visa').toLowerCase(),
        experience: '3ds',
        '3ds_transaction_id': transaction('3ds'),
        ds_transaction_id: transaction('ds'),
        acs_transaction_id: transaction('acs'),
      }),
    claim: { kind: 'payment', state: 'requires_action', reference, pspReference, amountMinor, currency },
  };
}
