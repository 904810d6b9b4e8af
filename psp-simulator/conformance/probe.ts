/**
 * Probe: how the conformance suite speaks to one dialect. A probe is a small merchant client in
 * the PSP's own wire format, written by hand from the PSP's facts; it shares no code with the
 * dialect (it may read the dialect's magic values), so that one mistake cannot cancel itself.
 * Each dialect has one in `test/probe.ts`; the suite asks for neutral wishes and compares what
 * comes back with the books.
 */

export interface WireRequest {
  readonly method: string;
  /** With query. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

export interface WireAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
  /** The body as JSON; undefined when it is none. */
  readonly json: unknown;
}

/** What a probe can do besides its own thinking. */
export interface ProbeSession {
  readonly baseUrl: string;
  readonly credentials: Readonly<Record<string, string>>;
  /** Where the payer comes back to. */
  readonly returnUrl: string;
  send(request: WireRequest): Promise<WireAnswer>;
  /** A number that was not given before, for keys and nonces. */
  next(): number;
}

/** What is wished of the payer's card, in neutral words; the probe knows the magic value. */
export type ProbeCard =
  | 'approved'
  | 'declined'
  | 'insufficient-funds'
  | 'frictionless'
  | 'frictionless-attempted'
  | 'challenge'
  /** The issuer declines unless the payer is authenticated; a second try with `challenge` passes. */
  | 'soft-decline'
  | 'disputed-won'
  | 'disputed-lost'
  | 'refund-fails'
  | 'refund-fails-late';

export interface PayWish {
  readonly reference: string;
  readonly amountMinor: number;
  readonly currency: string;
  readonly card: ProbeCard;
  readonly capture: 'automatic' | 'manual';
  readonly idempotencyKey: string;
}

export type SeenState =
  'captured' | 'authorized' | 'declined' | 'requires_action' | 'canceled' | 'expired' | 'refunded' | 'open';

export interface SeenPayment {
  readonly pspReference: string;
  readonly state: SeenState;
  /** Where the payer must go, or null. */
  readonly redirectUrl: string | null;
  /** The last answer, for messages of failing checks. */
  readonly answer: WireAnswer;
}

/** Something that this PSP does not have, in one sentence for `docs/DIALECTS.md`. */
export interface NotOffered {
  readonly notOffered: string;
}

export interface SeenEvent {
  readonly id: string;
  readonly type: string;
}

/** A request that must be refused, and how. */
export interface Refusal {
  readonly request: WireRequest;
  readonly status: number;
  /** Part of the body that shows the PSP's own error format. */
  readonly bodyHas: string;
}

export interface DialectProbe {
  readonly dialect: string;
  readonly currency: string;
  /** The whole story until the PSP has answered; a state of `requires_action` waits for the payer. */
  pay(session: ProbeSession, wish: PayWish): Promise<SeenPayment>;
  /** After the payer came back to `returned` (null when he did not): what the merchant's code does then. */
  afterReturn(
    session: ProbeSession,
    payment: SeenPayment,
    returned: URL | null,
    idempotencyKey: string,
  ): Promise<SeenPayment>;
  /** Cards that this PSP cannot play, with the reason. */
  readonly cardsNotOffered: Readonly<Partial<Record<ProbeCard, string>>>;
  capture:
    | ((
        session: ProbeSession,
        pspReference: string,
        amountMinor: number,
        options: { currency: string; final: boolean; key: string },
      ) => Promise<WireAnswer>)
    | NotOffered;
  void: ((session: ProbeSession, pspReference: string, key: string) => Promise<WireAnswer>) | NotOffered;
  refund(
    session: ProbeSession,
    pspReference: string,
    amountMinor: number,
    options: { currency: string; key: string },
  ): Promise<WireAnswer>;
  payout:
    | ((
        session: ProbeSession,
        wish: {
          reference: string;
          amountMinor: number;
          currency: string;
          outcome: 'paid' | 'failed' | 'returned';
          key: string;
        },
      ) => Promise<WireAnswer>)
    | NotOffered;
  retrieve: ((session: ProbeSession, pspReference: string) => Promise<SeenPayment>) | NotOffered;
  /** Reads every page, `pageSize` at a time; answers PSP references in the order of the pages. */
  list: ((session: ProbeSession, pageSize: number) => Promise<string[]>) | NotOffered;
  /** Saves a card and charges it by its token. */
  saveMethod: ((session: ProbeSession, key: string) => Promise<{ token: string }>) | NotOffered;
  payWithToken: ((session: ProbeSession, token: string, wish: PayWish) => Promise<SeenPayment>) | NotOffered;
  submitEvidence:
    ((session: ProbeSession, disputePspReference: string, key: string) => Promise<WireAnswer>) | NotOffered;
  /** The plainest creation of a payment, as one request: for keys, limits and nonsense. */
  createRequest(session: ProbeSession, wish: PayWish): WireRequest;
  unauthorized(session: ProbeSession): Refusal;
  malformed(session: ProbeSession): Refusal;
  notSimulated(session: ProbeSession): Refusal;
  /** Answer to the same key with another body, while in flight, after the limit (null where the PSP does not refuse), and to `ZZZ`. */
  readonly refusals: {
    readonly otherBody: { status: number; bodyHas: string } | null;
    readonly inFlight: { status: number; bodyHas: string } | null;
    readonly rateLimited: { status: number; bodyHas: string; header?: string };
    readonly unknownCurrency: { status: number; bodyHas: string };
  };
  /** Checks a delivery's signature as a merchant would; true where the PSP does not sign at all. */
  verifyWebhook(
    delivery: { headers: Readonly<Record<string, string>>; body: string },
    session: ProbeSession,
  ): Promise<boolean> | boolean;
  /** False: this PSP's webhooks carry no signature, so a forged one looks like a true one. */
  readonly webhooksSigned: boolean;
  eventOf(delivery: { headers: Readonly<Record<string, string>>; body: string }): SeenEvent;
}
