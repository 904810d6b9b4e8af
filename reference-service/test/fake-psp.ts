/**
 * A scripted PSP for flows: an adapter without a wire, with books of its own. Each call takes
 * the next scripted answer, else the honest one. It knows what was really captured, so a test
 * can compare what the service believes with what is true.
 */
import type {
  CapturePaymentResult,
  CancelPaymentResult,
  CreatePaymentResult,
  CreatePayoutResult,
  PspAdapter,
  PspCapabilities,
  PspEvent,
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

export interface FakeBook {
  attempt: PspPaymentAttempt;
  state: 'requires_action' | 'captured' | 'declined' | 'canceled' | 'refunded';
}

/** What one call should do instead of the honest thing. `commit` says whether the books change first. */
export type Script<Result> = { commit: boolean; result: Result };

export class FakePsp implements PspAdapter {
  readonly dialect = 'acme' as const;
  readonly environment = 'test' as const;
  readonly name: string;
  readonly capabilities: PspCapabilities;
  readonly books = new Map<string, FakeBook>();
  /** Further captured payments of an attempt, by PSP id: the PSP processed a request twice. */
  readonly surplus = new Map<string, { attemptId: string; amountMinor: number; refunded: boolean }>();
  readonly payouts = new Map<string, { attempt: PspPayoutAttempt; state: 'pending' | 'paid' | 'failed' }>();
  readonly calls: string[] = [];
  readonly keys: string[] = [];
  readonly script: Script<CreatePaymentResult>[] = [];
  readonly payoutScript: Script<CreatePayoutResult>[] = [];
  readonly queryScript: QueryPaymentResult[] = [];
  /** Runs during `createPayment`, after the books changed and before the answer. */
  duringCreate: (() => Promise<void>) | null = null;
  #events = 0;

  constructor(name: string, capabilities: Partial<PspCapabilities> = {}) {
    this.name = name;
    this.capabilities = {
      methods: ['card'],
      payoutMethods: ['card'],
      twoStepMethods: [],
      storableMethods: [],
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
    const own = [...this.books.values()].map(({ attempt, state }) => (state === 'captured' ? attempt.amountMinor : 0));
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
    const state =
      attempt.token === 'card_declined' ? 'declined' : attempt.token === 'card_3ds' ? 'requires_action' : 'captured';
    this.books.set(attempt.attemptId, { attempt, state });
  }

  #report(attemptId: string): CreatePaymentResult {
    const book = this.books.get(attemptId);
    const pspReference = `psp_${attemptId}`;
    switch (book?.state) {
      case 'captured':
        return {
          kind: 'approved',
          pspReference,
          money: { amountMinor: book.attempt.amountMinor, currency: book.attempt.currency },
        };
      case 'requires_action':
        return { kind: 'requires_action', pspReference, redirectUrl: `http://${this.name}/challenge` };
      case 'declined':
        return { kind: 'declined', pspReference, code: 'do_not_honor', declineClass: 'issuer' };
      case 'canceled':
        return { kind: 'canceled', pspReference };
      case 'refunded':
        return { kind: 'refunded', pspReference };
      case undefined:
        return { kind: 'pending', pspReference: null };
    }
  }

  capturePayment(): Promise<CapturePaymentResult> {
    return Promise.resolve({ kind: 'rejected', reason: 'captured at once' });
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
    const book = this.books.get(attempt.attemptId);
    if (book === undefined) return Promise.resolve({ kind: 'not_found' });
    if (book.state === 'captured') return Promise.resolve({ kind: 'too_late', reason: 'captured' });
    book.state = 'canceled';
    return Promise.resolve({ kind: 'canceled' });
  }

  refundPayment(refund: PspRefundRequest): Promise<RefundPaymentResult> {
    this.calls.push(`refund ${refund.attemptId}`);
    const beside = this.surplus.get(refund.pspReference);
    if (beside !== undefined) {
      beside.refunded = true;
      return Promise.resolve({ kind: 'refunded', refundReference: `re_${refund.refundId}` });
    }
    if (refund.pspReference !== `psp_${refund.attemptId}`)
      return Promise.resolve({ kind: 'rejected', reason: 'no such payment' });
    const book = this.books.get(refund.attemptId);
    if (book !== undefined) book.state = 'refunded';
    return Promise.resolve({ kind: 'refunded', refundReference: `re_${refund.refundId}` });
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
    const payout = this.payouts.get(attempt.attemptId);
    if (payout === undefined) return Promise.resolve({ kind: 'not_found' });
    const pspReference = `po_${attempt.attemptId}`;
    if (payout.state === 'paid')
      return Promise.resolve({
        kind: 'paid',
        pspReference,
        money: { amountMinor: attempt.amountMinor, currency: attempt.currency },
      });
    return Promise.resolve(
      payout.state === 'failed'
        ? { kind: 'failed', pspReference, code: 'bank_refused' }
        : { kind: 'pending', pspReference },
    );
  }

  /** The body of a webhook about an attempt, as this PSP would send it. */
  event(attemptId: string, outcome: PspEvent['outcome'], more: Partial<PspEvent> = {}): PspEvent {
    this.#events += 1;
    const attempt = this.books.get(attemptId)?.attempt ?? this.payouts.get(attemptId)?.attempt;
    return {
      eventId: `evt_${this.name}_${this.#events}`,
      subject: this.payouts.has(attemptId) ? 'payout' : 'payment',
      outcome,
      reference: attemptId,
      pspReference: this.payouts.has(attemptId) ? `po_${attemptId}` : `psp_${attemptId}`,
      money: attempt === undefined ? null : { amountMinor: attempt.amountMinor, currency: attempt.currency },
      code: null,
      type: `fake.${outcome}`,
      occurredAt: 0,
      ...more,
    };
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
