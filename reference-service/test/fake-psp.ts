/**
 * A scripted PSP for flows: an adapter without a wire, with books of its own. Each call takes
 * the next scripted answer, else the honest one. It knows what was really captured, so a test
 * can compare what the service believes with what is true. By token: `…_declined` and
 * `card_insufficient_funds` are declined, `card_3ds`, `bank_ok`, `p2p_ok` and a card with
 * `challenge: 'force'` send the player away (`finishAction` brings him back), all else is
 * approved at once. What happens there without a call of ours is in `fake-psp-back.ts`.
 */
import type {
  CapturePaymentResult,
  CancelPaymentResult,
  CreatePaymentResult,
  CreatePayoutResult,
  PspAdapter,
  PspCapabilities,
  PspCaptureRequest,
  PspEvent,
  PspPaymentReport,
  PspPaymentAttempt,
  PspPayoutAttempt,
  PspRefundRequest,
  QueryPaymentResult,
  QueryPayoutResult,
  RefundPaymentResult,
  WebhookInput,
  WebhookVerifier,
} from '../ports/psp-adapter.ts';
import { MalformedWebhookError } from '../ports/psp-adapter.ts';
import { FakePspBack } from './fake-psp-back.ts';
import { keptMinor, takenMinor } from './fake-psp-books.ts';
import type { FakeBook } from './fake-psp-books.ts';

export type { FakeBook } from './fake-psp-books.ts';

/** Tokens whose payer has to act at the PSP's page first. */
const ACTIVE_TOKENS: ReadonlySet<string> = new Set(['card_3ds', 'card_3ds_declined', 'bank_ok', 'p2p_ok']);

/** What one call should do instead of the honest thing. `commit` says whether the books change first. */
export type Script<Result> = { commit: boolean; result: Result };

export class FakePsp extends FakePspBack implements PspAdapter {
  readonly dialect = 'acme' as const;
  readonly environment = 'test' as const;
  readonly capabilities: PspCapabilities;
  /** Further captured payments of an attempt, by PSP id: the PSP processed a request twice. */
  readonly surplus = new Map<string, { attemptId: string; amountMinor: number; refunded: boolean }>();
  /** Further payouts that it made of one request, by its id: the attempt that they belong to. */
  readonly surplusPayouts = new Map<string, string>();
  /** Methods that it keeps, by its own token: the token that was paid with. */
  readonly kept = new Map<string, string>();
  readonly calls: string[] = [];
  readonly keys: string[] = [];
  readonly script: Script<CreatePaymentResult>[] = [];
  readonly payoutScript: Script<CreatePayoutResult>[] = [];
  readonly queryScript: QueryPaymentResult[] = [];
  readonly payoutQueryScript: QueryPayoutResult[] = [];
  readonly captureScript: Script<CapturePaymentResult>[] = [];
  readonly cancelScript: Script<CancelPaymentResult>[] = [];
  readonly refundScript: Script<RefundPaymentResult>[] = [];
  /** Runs during `createPayment`, after the books changed and before the answer. */
  duringCreate: (() => Promise<void>) | null = null;

  constructor(name: string, capabilities: Partial<PspCapabilities> = {}) {
    super(name);
    this.capabilities = {
      methods: ['card', 'ewallet', 'bank', 'p2p', 'voucher'],
      payoutMethods: ['card', 'ewallet', 'bank'],
      twoStepMethods: ['card', 'ewallet'],
      storableMethods: ['card'],
      statusQuery: true,
      keyLifeMs: 86_400_000,
      visibilityLagMs: 2_000,
      needsReturn: false,
      cancelByReference: true,
      ...capabilities,
    };
  }

  /** Money that really left players' cards at this PSP and was not given back, in minor units. */
  captured(): number {
    const own = [...this.books.values()].map(keptMinor);
    const beside = [...this.surplus.values()].map(({ amountMinor, refunded }) => (refunded ? 0 : amountMinor));
    return [...own, ...beside].reduce((sum, amountMinor) => sum + amountMinor, 0);
  }

  async createPayment(attempt: PspPaymentAttempt): Promise<CreatePaymentResult> {
    this.calls.push(`create ${attempt.attemptId}`);
    this.keys.push(attempt.idempotencyKey);
    const script = this.script.shift();
    if (script === undefined || script.commit) this.#commit(attempt);
    await this.duringCreate?.();
    return script?.result ?? this.#report(attempt.attemptId);
  }

  #commit(attempt: PspPaymentAttempt): void {
    if (this.books.has(attempt.attemptId)) return;
    const book: FakeBook = { attempt, state: this.#firstState(attempt) };
    if (attempt.storeMethod && book.state !== 'declined') {
      book.storedToken = `kept_${this.name}_${this.kept.size + 1}`;
      this.kept.set(book.storedToken, attempt.token);
    }
    this.books.set(attempt.attemptId, book);
  }

  #firstState(attempt: PspPaymentAttempt): FakeBook['state'] {
    const { storedToken, method, challenge } = attempt;
    const token = storedToken === null ? attempt.token : this.kept.get(storedToken);
    // A token that this PSP does not keep.
    if (token === undefined) return 'declined';
    if (/_declined$|_insufficient_funds$/.test(token) && token !== 'card_3ds_declined') return 'declined';
    const challenged = ACTIVE_TOKENS.has(token) || (method === 'card' && challenge === 'force');
    return challenged && storedToken === null ? 'requires_action' : this.#takenState(attempt);
  }

  #takenState({ capture }: PspPaymentAttempt): FakeBook['state'] {
    return capture === 'manual' ? 'authorized' : 'captured';
  }

  /** The player at the PSP's page: the payment goes on, or is declined. */
  finishAction(attemptId: string, action: 'approve' | 'fail' = 'approve'): void {
    const book = this.book(attemptId);
    if (book.state !== 'requires_action') throw new Error(`bug in a test: ${attemptId} is ${book.state}`);
    const approved = action === 'approve' && book.attempt.token !== 'card_3ds_declined';
    book.state = approved ? this.#takenState(book.attempt) : 'declined';
  }

  #report(attemptId: string): PspPaymentReport {
    const book = this.books.get(attemptId);
    if (book === undefined) return { kind: 'pending', pspReference: null };
    const pspReference = `psp_${attemptId}`;
    const { currency, amountMinor } = book.attempt;
    const { storedToken } = book;
    const stored =
      storedToken === undefined ? {} : { stored: { token: storedToken, brand: 'visa', last4: '1142' } as const };
    switch (book.state) {
      case 'captured':
        return { kind: 'approved', pspReference, money: { amountMinor: takenMinor(book), currency }, ...stored };
      case 'authorized':
        return { kind: 'authorized', pspReference, money: { amountMinor, currency }, ...stored };
      case 'requires_action':
        return { kind: 'requires_action', pspReference, redirectUrl: `http://${this.name}/challenge` };
      case 'declined':
        return { kind: 'declined', pspReference, code: 'do_not_honor', declineClass: 'issuer' };
      case 'canceled':
        return { kind: 'canceled', pspReference };
      case 'refunded':
        return { kind: 'refunded', pspReference };
    }
  }

  capturePayment(capture: PspCaptureRequest): Promise<CapturePaymentResult> {
    this.calls.push(`capture ${capture.attemptId}`);
    this.keys.push(capture.idempotencyKey);
    const script = this.captureScript.shift();
    const honest = script === undefined || script.commit ? this.#capture(capture) : null;
    return Promise.resolve(script?.result ?? honest ?? { kind: 'received' });
  }

  #capture({ attemptId, amountMinor, currency }: PspCaptureRequest): CapturePaymentResult {
    const book = this.books.get(attemptId);
    if (book === undefined) return { kind: 'not_found' };
    if (book.state === 'captured' && book.capturedMinor === amountMinor)
      return { kind: 'captured', money: { amountMinor, currency } };
    if (book.state !== 'authorized') return { kind: 'rejected', reason: `the payment is ${book.state}` };
    if (amountMinor > book.attempt.amountMinor) return { kind: 'rejected', reason: 'more than was authorized' };
    book.state = 'captured';
    book.capturedMinor = amountMinor;
    return { kind: 'captured', money: { amountMinor, currency } };
  }

  queryPayment(attempt: PspPaymentAttempt): Promise<QueryPaymentResult> {
    this.calls.push(`query ${attempt.attemptId}`);
    const scripted = this.queryScript.shift();
    if (scripted !== undefined) return Promise.resolve(scripted);
    if (!this.books.has(attempt.attemptId)) return Promise.resolve({ kind: 'not_found' });
    if (attempt.pspReference === null) return Promise.resolve(this.#listed(attempt));
    const beside = this.surplus.get(attempt.pspReference);
    if (beside?.attemptId === attempt.attemptId) return Promise.resolve(this.#beside(attempt));
    const isOwn = attempt.pspReference === `psp_${attempt.attemptId}`;
    return Promise.resolve(isOwn ? this.#report(attempt.attemptId) : { kind: 'not_found' });
  }

  /** All that is there under our reference: the first payment, and what was taken beside it. */
  #listed(attempt: PspPaymentAttempt): QueryPaymentResult {
    const first = this.#report(attempt.attemptId);
    const others = [...this.surplus].flatMap(([pspReference, { attemptId, refunded }]) =>
      attemptId === attempt.attemptId && !refunded ? [this.#beside({ ...attempt, pspReference })] : [],
    );
    return first.kind === 'approved' && others.length > 0
      ? { ...first, others: others.flatMap((one) => (one.kind === 'approved' ? [one] : [])) }
      : first;
  }

  #beside({ pspReference, currency }: PspPaymentAttempt): CreatePaymentResult {
    const book = pspReference === null ? undefined : this.surplus.get(pspReference);
    if (pspReference === null || book === undefined) return { kind: 'pending', pspReference };
    if (book.refunded) return { kind: 'refunded', pspReference };
    return { kind: 'approved', pspReference, money: { amountMinor: book.amountMinor, currency } };
  }

  cancelPayment(attempt: PspPaymentAttempt): Promise<CancelPaymentResult> {
    this.calls.push(`cancel ${attempt.attemptId}`);
    const script = this.cancelScript.shift();
    const honest = script === undefined || script.commit ? this.#cancel(attempt.attemptId) : null;
    return Promise.resolve(script?.result ?? honest ?? { kind: 'received' });
  }

  #cancel(attemptId: string): CancelPaymentResult {
    const book = this.books.get(attemptId);
    if (book === undefined) return { kind: 'not_found' };
    if (book.state === 'captured' || book.state === 'refunded') return { kind: 'too_late', reason: book.state };
    book.state = 'canceled';
    return { kind: 'canceled' };
  }

  refundPayment(refund: PspRefundRequest): Promise<RefundPaymentResult> {
    this.calls.push(`refund ${refund.attemptId}`);
    this.keys.push(refund.idempotencyKey);
    const script = this.refundScript.shift();
    const honest = script === undefined || script.commit ? this.#refund(refund) : null;
    return Promise.resolve(script?.result ?? honest ?? { kind: 'received', refundReference: null });
  }

  #refund(refund: PspRefundRequest): RefundPaymentResult {
    const refundReference = `re_${refund.refundId}`;
    const beside = this.surplus.get(refund.pspReference);
    if (beside !== undefined) {
      beside.refunded = true;
      return { kind: 'refunded', refundReference };
    }
    const book = this.books.get(refund.attemptId);
    if (book === undefined || refund.pspReference !== `psp_${refund.attemptId}`)
      return { kind: 'rejected', reason: 'no such payment' };
    if (book.refunds?.has(refund.refundId) === true) return { kind: 'refunded', refundReference };
    if (refund.amountMinor > keptMinor(book)) return { kind: 'rejected', reason: 'more than there is' };
    this.giveBack(book, refund.refundId, { partReference: refundReference, amountMinor: refund.amountMinor });
    return { kind: 'refunded', refundReference };
  }

  createPayout(attempt: PspPayoutAttempt): Promise<CreatePayoutResult> {
    this.calls.push(`payout ${attempt.attemptId}`);
    const script = this.payoutScript.shift();
    if ((script === undefined || script.commit) && !this.payouts.has(attempt.attemptId))
      this.payouts.set(attempt.attemptId, { attempt, state: 'pending' });
    return Promise.resolve(script?.result ?? { kind: 'pending', pspReference: `po_${attempt.attemptId}` });
  }

  queryPayout(attempt: PspPayoutAttempt): Promise<QueryPayoutResult> {
    this.calls.push(`query-payout ${attempt.attemptId}`);
    const scripted = this.payoutQueryScript.shift();
    if (scripted !== undefined) return Promise.resolve(scripted);
    const payout = this.payouts.get(attempt.attemptId);
    if (payout === undefined) return Promise.resolve({ kind: 'not_found' });
    const isSurplus = attempt.pspReference !== null && this.surplusPayouts.has(attempt.pspReference);
    if (isSurplus) {
      const { pspReference, amountMinor, currency } = attempt;
      return Promise.resolve({ kind: 'paid', pspReference: pspReference ?? '', money: { amountMinor, currency } });
    }
    const pspReference = `po_${attempt.attemptId}`;
    if (payout.state === 'paid' || payout.state === 'returned')
      return Promise.resolve({
        kind: payout.state,
        pspReference,
        money: { amountMinor: attempt.amountMinor, currency: attempt.currency },
      });
    return Promise.resolve(
      payout.state === 'failed'
        ? { kind: 'failed', pspReference, code: 'bank_refused' }
        : { kind: 'pending', pspReference },
    );
  }

  parseWebhook({ rawBody }: WebhookInput): PspEvent[] {
    try {
      const parsed = JSON.parse(rawBody.toString('utf8')) as PspEvent | PspEvent[];
      return Array.isArray(parsed) ? parsed : [parsed];
    } catch {
      throw new MalformedWebhookError('not JSON');
    }
  }
}

/** Accepts the one header value that the fake PSP signs with. */
export const fakeVerifier: WebhookVerifier = {
  verify: ({ headers }) =>
    headers['x-fake-signature'] === 'genuine'
      ? { kind: 'verified' }
      : { kind: 'invalid_signature', reason: 'mismatch' },
};
