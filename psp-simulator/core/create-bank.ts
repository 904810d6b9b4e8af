/**
 * The one implementation of `Bank`: commands over `Books`. Each command checks the record's
 * state first, so that a refused command has changed nothing.
 */
import type { Clock, Ids } from '../../kernel/index.ts';
import type { Bank, BankRules, ChangeListener, ConfirmPayment, CreatePayment } from './bank.ts';
import { Books } from './books.ts';
import { actOnChallenge, chargeCard, closeChallenge, expireChallenge, submitChallenge } from './charge-card.ts';
import type { ChargeSetting } from './charge-card.ts';
import { checkAmount } from './check-amount.ts';
import { createPayout, createRefund, settlePayout, settleRefund } from './money-out.ts';
import { PspProblem } from './problem.ts';
import type { PaymentRecord } from './records.ts';

export interface BankOptions {
  clock: Pick<Clock, 'now'>;
  ids: Ids;
  rules: BankRules;
  /** Asked at each new challenge, so that a changed profile takes effect. */
  challengeLifeMs(): number;
  onChange: ChangeListener;
}

export function createBank(options: BankOptions): Bank {
  const books = new Books(options.clock, options.onChange);
  const setting: ChargeSetting = {
    books,
    rules: options.rules,
    ids: options.ids,
    challengeLifeMs: options.challengeLifeMs,
  };
  return {
    createPayment: (command) => createPayment(setting, command),
    confirmPayment: (command) => confirmPayment(setting, command),
    capture: (pspReference, amountMinor) => capture(books, pspReference, amountMinor),
    cancel: (pspReference) => end(setting, pspReference, 'canceled'),
    expire: (pspReference) => end(setting, pspReference, 'expired'),
    createRefund: (command) => createRefund(books, command),
    settleRefund: (pspReference, outcome) => settleRefund(books, pspReference, outcome),
    createPayout: (command) => createPayout(books, command),
    settlePayout: (pspReference, outcome) => settlePayout(books, pspReference, outcome),
    actOnChallenge: (challengeId, action) => actOnChallenge(setting, challengeId, action),
    submitChallenge: (challengeId) => submitChallenge(setting, challengeId),
    expireChallenge: (challengeId) => expireChallenge(setting, challengeId),
    setDetails: (pspReference, details) => books.setDetails(pspReference, details),
    payment: (pspReference) => books.get('payment', pspReference),
    refund: (pspReference) => books.get('refund', pspReference),
    payout: (pspReference) => books.get('payout', pspReference),
    challenge: (challengeId) => {
      const challenge = books.challenges.get(challengeId);
      if (challenge === undefined) throw new PspProblem('not-found', `No such challenge: '${challengeId}'`);
      return challenge;
    },
    findPayment: (pspReference) => books.find('payment', pspReference),
    findRefund: (pspReference) => books.find('refund', pspReference),
    findPayout: (pspReference) => books.find('payout', pspReference),
    payments: (filter) => books.list('payment', filter?.reference),
    refunds: (filter) => {
      const refunds =
        filter?.paymentPspReference === undefined
          ? books.list('refund', filter?.reference)
          : books.refundsOf(filter.paymentPspReference);
      return refunds.filter((refund) => filter?.reference === undefined || refund.reference === filter.reference);
    },
    payouts: (filter) => books.list('payout', filter?.reference),
    challenges: () => [...books.challenges.values()],
  };
}

function createPayment(setting: ChargeSetting, command: CreatePayment): PaymentRecord {
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
    declineReason: null,
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

function confirmPayment(setting: ChargeSetting, command: ConfirmPayment): PaymentRecord {
  const payment = setting.books.get('payment', command.pspReference);
  const again = payment.state === 'declined' && setting.rules.confirmAfterDecline;
  if (payment.state !== 'created' && !again) refuse(payment, 'confirmed');
  const details = { ...payment.details, ...command.details };
  const returnUrl = command.returnUrl ?? payment.returnUrl;
  return chargeCard(setting, { ...payment, details, returnUrl }, command.outcome);
}

function capture(books: Books, pspReference: string, amountMinor?: number): PaymentRecord {
  const payment = books.get('payment', pspReference);
  if (payment.state !== 'authorized') refuse(payment, 'captured');
  const capturedMinor = amountMinor ?? payment.amountMinor;
  checkAmount(capturedMinor);
  if (capturedMinor > payment.amountMinor) {
    throw new PspProblem(
      'amount-too-large',
      `Cannot capture ${capturedMinor}: only ${payment.amountMinor} was authorized`,
      { field: 'amount' },
    );
  }
  return books.writePayment('payment-captured', { ...payment, state: 'captured', capturedMinor }, capturedMinor);
}

function end(setting: ChargeSetting, pspReference: string, state: 'canceled' | 'expired'): PaymentRecord {
  const payment = setting.books.get('payment', pspReference);
  const open = payment.state === 'created' || payment.state === 'requires_action' || payment.state === 'authorized';
  const declinedButOpen = payment.state === 'declined' && setting.rules.confirmAfterDecline;
  if (!open && !declinedButOpen) refuse(payment, state);
  if (payment.challengeId !== null) closeChallenge(setting, payment.challengeId);
  return setting.books.writePayment(`payment-${state}`, { ...payment, state });
}

function refuse(payment: PaymentRecord, wanted: string): never {
  throw new PspProblem(
    'invalid-state',
    `The payment '${payment.pspReference}' is ${payment.state} and cannot be ${wanted}`,
    {
      extra: { state: payment.state },
    },
  );
}
