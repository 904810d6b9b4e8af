/**
 * Payments over the books: created, confirmed, captured, ended. Each command checks the
 * record's state first, so that a refused command has changed nothing.
 */
import type { CapturePart, ConfirmPayment, CreatePayment } from './bank.ts';
import { chargeCard, closeChallenge } from './charge-card.ts';
import type { ChargeSetting } from './charge-card.ts';
import { checkAmount } from './check-amount.ts';
import { PspProblem } from './problem.ts';
import type { Fate, PaymentRecord } from './records.ts';

/** One for all payments to which nothing happens by itself. */
const NO_FATE: Fate = {};

export function createPayment(setting: ChargeSetting, command: CreatePayment): PaymentRecord {
  checkAmount(command.amountMinor);
  const createdAtMs = setting.books.now();
  const payment = setting.books.writePayment('payment-created', {
    kind: 'payment',
    pspReference: command.pspReference,
    reference: command.reference,
    state: 'created',
    currency: command.currency,
    amountMinor: command.amountMinor,
    capturedMinor: 0,
    refundedMinor: 0,
    captureMode: command.captureMode,
    captures: [],
    capturableMinor: 0,
    disputedMinor: 0,
    method: command.method ?? 'card',
    methodToken: command.methodToken ?? null,
    declineReason: null,
    authentication: null,
    fate: NO_FATE,
    threeDs: 'none',
    challengeId: null,
    returnUrl: command.returnUrl ?? null,
    createdAtMs,
    updatedAtMs: createdAtMs,
    steps: [],
    details: { ...command.details },
  });
  return command.outcome === null ? payment : chargeCard(setting, payment, command.outcome);
}

export function confirmPayment(setting: ChargeSetting, command: ConfirmPayment): PaymentRecord {
  const payment = setting.books.get('payment', command.pspReference);
  const again = payment.state === 'declined' && setting.rules.confirmAfterDecline;
  if (payment.state !== 'created' && !again) refuse(payment, 'confirmed');
  return chargeCard(
    setting,
    {
      ...payment,
      method: command.method ?? payment.method,
      methodToken: command.methodToken ?? payment.methodToken,
      details: { ...payment.details, ...command.details },
      returnUrl: command.returnUrl ?? payment.returnUrl,
    },
    command.outcome,
  );
}

export function capturePayment(setting: ChargeSetting, pspReference: string, part: CapturePart = {}): PaymentRecord {
  const payment = setting.books.get('payment', pspReference);
  if (payment.capturableMinor === 0) refuse(payment, 'captured');
  const amountMinor = part.amountMinor ?? payment.capturableMinor;
  checkAmount(amountMinor);
  if (amountMinor > payment.capturableMinor) {
    throw new PspProblem(
      'amount-too-large',
      `Cannot capture ${amountMinor}: only ${payment.capturableMinor} ${payment.capturedMinor === 0 ? 'was authorized' : 'is left'}`,
      { field: 'amount' },
    );
  }
  const leftMinor = payment.capturableMinor - amountMinor;
  const final = part.final !== false || setting.rules.captures !== 'several' || leftMinor === 0;
  const id = part.captureId ?? setting.captureId(payment);
  return setting.books.writePayment(
    'payment-captured',
    {
      ...payment,
      state: 'captured',
      capturedMinor: payment.capturedMinor + amountMinor,
      capturableMinor: final ? 0 : leftMinor,
      captures: [...payment.captures, { id, amountMinor, atMs: setting.books.now(), final }],
    },
    amountMinor,
  );
}

/** Ends a payment before it is captured, or releases what is left of a partly captured one. */
export function endPayment(setting: ChargeSetting, pspReference: string, state: 'canceled' | 'expired'): PaymentRecord {
  const payment = setting.books.get('payment', pspReference);
  if (payment.state === 'captured' && payment.capturableMinor > 0) return releaseRest(setting, payment);
  const open = payment.state === 'created' || payment.state === 'requires_action' || payment.state === 'authorized';
  const declinedButOpen = payment.state === 'declined' && setting.rules.confirmAfterDecline;
  if (!open && !declinedButOpen) refuse(payment, state);
  if (payment.challengeId !== null) closeChallenge(setting, payment.challengeId);
  return setting.books.writePayment(`payment-${state}`, { ...payment, state, capturableMinor: 0 });
}

function releaseRest(setting: ChargeSetting, payment: PaymentRecord): PaymentRecord {
  const state = payment.refundedMinor === payment.capturedMinor ? 'refunded' : payment.state;
  return setting.books.writePayment(
    'payment-released',
    { ...payment, state, capturableMinor: 0 },
    payment.capturableMinor,
  );
}

function refuse(payment: PaymentRecord, wanted: string): never {
  throw new PspProblem(
    'invalid-state',
    `The payment '${payment.pspReference}' is ${payment.state} and cannot be ${wanted}`,
    { extra: { state: payment.state } },
  );
}
