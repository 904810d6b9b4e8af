/** The one implementation of `Bank`: commands over `Books`, bounded in size. */
import type { Clock, Ids } from '../../kernel/index.ts';
import type { Bank, BankRules, ChangeListener } from './bank.ts';
import { Books } from './books.ts';
import { actOnChallenge, expireChallenge, submitChallenge } from './charge-card.ts';
import type { ChargeSetting } from './charge-card.ts';
import { closeDispute, openDispute, reverseDispute, submitEvidence } from './disputes.ts';
import { keepBounded } from './keep-bounded.ts';
import { createPayout, createRefund, failRefundLate, settlePayout, settleRefund } from './money-out.ts';
import { capturePayment, confirmPayment, createPayment, endPayment } from './payments.ts';
import { PspProblem } from './problem.ts';
import type { PaymentRecord } from './records.ts';

export interface BankOptions {
  clock: Pick<Clock, 'now'>;
  ids: Ids;
  rules: BankRules;
  /** Asked at each new challenge, so that a changed profile takes effect. */
  challengeLifeMs(): number;
  /** Id of a capture whose caller gave none; default the payment's id and a number. */
  captureId?(payment: PaymentRecord): string;
  /** Payments and payouts that are kept, each; default all. */
  mostRecords?: number;
  onChange: ChangeListener;
}

export function createBank(options: BankOptions): Bank {
  const books = new Books(options.clock, options.onChange);
  const bounds = { mostRecords: options.mostRecords ?? Infinity };
  let forgotten = 0;
  const setting: ChargeSetting = {
    books,
    rules: options.rules,
    ids: options.ids,
    challengeLifeMs: options.challengeLifeMs,
    captureId: options.captureId ?? ((payment) => `${payment.pspReference}-c${payment.captures.length + 1}`),
  };
  return {
    createPayment: (command) => {
      forgotten += keepBounded(books, 'payment', bounds);
      return createPayment(setting, command);
    },
    confirmPayment: (command) => confirmPayment(setting, command),
    capture: (pspReference, part) => capturePayment(setting, pspReference, part),
    cancel: (pspReference) => endPayment(setting, pspReference, 'canceled'),
    expire: (pspReference) => endPayment(setting, pspReference, 'expired'),
    createRefund: (command) => createRefund(books, command),
    settleRefund: (pspReference, outcome) => settleRefund(books, pspReference, outcome),
    failRefundLate: (pspReference) => failRefundLate(books, pspReference),
    createPayout: (command) => {
      forgotten += keepBounded(books, 'payout', bounds);
      return createPayout(books, command);
    },
    settlePayout: (pspReference, outcome) => settlePayout(books, pspReference, outcome),
    openDispute: (command) => openDispute(books, command),
    submitEvidence: (pspReference, details) => submitEvidence(books, pspReference, details),
    closeDispute: (pspReference, outcome) => closeDispute(books, pspReference, outcome),
    reverseDispute: (pspReference) => reverseDispute(books, pspReference),
    saveMethod: (method) => {
      const saved = { ...method, createdAtMs: books.methods.get(method.token)?.createdAtMs ?? books.now() };
      books.methods.set(method.token, saved);
      return saved;
    },
    removeMethod: (token) => books.methods.delete(token),
    actOnChallenge: (challengeId, action) => actOnChallenge(setting, challengeId, action),
    submitChallenge: (challengeId) => submitChallenge(setting, challengeId),
    expireChallenge: (challengeId) => expireChallenge(setting, challengeId),
    setDetails: (pspReference, details) => books.setDetails(pspReference, details),
    forgotten: () => forgotten,

    payment: (pspReference) => books.get('payment', pspReference),
    refund: (pspReference) => books.get('refund', pspReference),
    payout: (pspReference) => books.get('payout', pspReference),
    dispute: (pspReference) => books.get('dispute', pspReference),
    challenge: (challengeId) => {
      const challenge = books.challenges.get(challengeId);
      if (challenge === undefined) throw new PspProblem('not-found', `No such challenge: '${challengeId}'`);
      return challenge;
    },
    findPayment: (pspReference) => books.find('payment', pspReference),
    findRefund: (pspReference) => books.find('refund', pspReference),
    findPayout: (pspReference) => books.find('payout', pspReference),
    findDispute: (pspReference) => books.find('dispute', pspReference),
    findMethod: (token) => books.methods.get(token),
    payments: (filter) => books.list('payment', filter?.reference),
    refunds: (filter) => {
      const refunds =
        filter?.paymentPspReference === undefined
          ? books.list('refund', filter?.reference)
          : books.refundsOf(filter.paymentPspReference);
      return refunds.filter((refund) => filter?.reference === undefined || refund.reference === filter.reference);
    },
    payouts: (filter) => books.list('payout', filter?.reference),
    disputes: (filter) =>
      filter?.paymentPspReference === undefined
        ? books.list('dispute', filter?.reference)
        : books.disputesOf(filter.paymentPspReference),
    challenges: () => [...books.challenges.values()],
    methods: (filter) =>
      [...books.methods.values()].filter(
        (method) => filter?.customer === undefined || method.customer === filter.customer,
      ),
  };
}
