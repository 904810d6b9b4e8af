/**
 * Error catalogue: every error that a client can meet, once. `docs/ERRORS.md` lists exactly
 * these, and a test proves it in both directions.
 */
export interface ErrorKind {
  status: number;
  title: string;
  /** May the same request succeed later without a change? */
  retryable: boolean;
  /** The next step, for the reader of the documentation. */
  advice: string;
}

export const ERRORS = {
  bad_request: {
    status: 400,
    title: 'The request cannot be read',
    retryable: false,
    advice: 'Send valid JSON of at most 1 MB and parameters of the documented form.',
  },
  missing_idempotency_key: {
    status: 400,
    title: 'Idempotency-Key is missing',
    retryable: false,
    advice: 'Send one Idempotency-Key per intent and keep it over retries.',
  },
  unauthorized: {
    status: 401,
    title: 'API key missing or wrong',
    retryable: false,
    advice: 'Send the platform API key as a bearer token.',
  },
  invalid_signature: {
    status: 401,
    title: 'Webhook signature is not valid',
    retryable: false,
    advice: 'Sign the exact bytes of the body with the shared secret and a current time.',
  },
  declined: {
    status: 402,
    title: 'Declined',
    retryable: false,
    advice: 'Offer the player another card; a new try needs a new Idempotency-Key.',
  },
  insufficient_funds: {
    status: 402,
    title: 'Not enough money in the wallet',
    retryable: true,
    advice: 'Show the available balance; the same request may succeed after a deposit.',
  },
  forbidden: {
    status: 403,
    title: 'The API key lacks a scope',
    retryable: false,
    advice: 'Use a key with the scope in details, or have it added to this one.',
  },
  self_excluded: {
    status: 403,
    title: 'The player excluded himself from deposits',
    retryable: false,
    advice: 'Offer no deposit before the time in details; payouts stay possible.',
  },
  kyc_required: {
    status: 403,
    title: 'The identity of the player must be checked first',
    retryable: false,
    advice: 'Verify the player up to the level in details, store it in his profile, then send a new request.',
  },
  risk_denied: {
    status: 403,
    title: 'Denied by the rules of risk',
    retryable: false,
    advice: 'Do not try again at once; the reasons in details are codes for your support.',
  },
  not_found: { status: 404, title: 'No such thing', retryable: false, advice: 'Check the id and the path.' },
  unknown_psp: {
    status: 404,
    title: 'No such PSP',
    retryable: false,
    advice: 'Use the name under which the PSP is configured.',
  },
  method_not_allowed: {
    status: 405,
    title: 'Not possible with this method',
    retryable: false,
    advice: 'Use a method that the Allow header names.',
  },
  idempotency_in_flight: {
    status: 409,
    title: 'The same request is still being worked on',
    retryable: true,
    advice: 'Wait for the seconds in Retry-After and send the same request again.',
  },
  txn_conflict: {
    status: 409,
    title: 'The txn_id exists with other content',
    retryable: false,
    advice: 'A txn_id names one movement for ever; use a new one for a new movement.',
  },
  invalid_state: {
    status: 409,
    title: 'Not possible in the present state',
    retryable: false,
    advice: 'Ask for the present state; details name it and what is possible in it.',
  },
  round_conflict: {
    status: 409,
    title: 'The game round has another movement already',
    retryable: false,
    advice: 'A round has one debit and one credit; ask for the round to see which.',
  },
  disputed: {
    status: 409,
    title: 'The issuer has taken the money back',
    retryable: false,
    advice: 'Do not refund: a case is open, and a person decides. After a won dispute a refund is possible again.',
  },
  not_refundable: {
    status: 409,
    title: 'There is not so much to give back',
    retryable: false,
    advice: 'Refund at most the refundable amount in details; what is not credited cannot be refunded.',
  },
  payload_too_large: {
    status: 413,
    title: 'The body is too large',
    retryable: false,
    advice: 'Send a smaller body; details name the most that is taken.',
  },
  unsupported_media_type: {
    status: 415,
    title: 'The body is of another type',
    retryable: false,
    advice: 'Send a type that details name, as the Content-Type says.',
  },
  validation_failed: {
    status: 422,
    title: 'A value is not allowed',
    retryable: false,
    advice: 'Correct the fields named in details.',
  },
  card_number_refused: {
    status: 422,
    title: 'A card number is never taken',
    retryable: false,
    advice: 'Send the token of your PSP instead; nothing of the request was kept. Treat it as leaked on your side.',
  },
  idempotency_key_reused: {
    status: 422,
    title: 'The key was used with another request',
    retryable: false,
    advice: 'Use a new key for a new intent.',
  },
  method_not_available: {
    status: 422,
    title: 'No PSP can take this payment',
    retryable: false,
    advice: 'Offer another method; details name what each PSP lacks.',
  },
  limit_exceeded: {
    status: 422,
    title: 'A limit would be exceeded',
    retryable: false,
    advice: 'Offer at most the available amount in details, or wait until resets_at; use a new Idempotency-Key.',
  },
  wagering_not_met: {
    status: 422,
    title: 'Deposits must be wagered before a payout',
    retryable: false,
    advice: 'Show what is outstanding in details; a payout after that needs a new Idempotency-Key.',
  },
  closed_loop_required: {
    status: 422,
    title: 'Money goes back by the way it came first',
    retryable: false,
    advice: 'Offer a payout by the methods in details, up to their amounts.',
  },
  rate_limited: {
    status: 429,
    title: 'Too many requests',
    retryable: true,
    advice: 'Wait for the seconds in Retry-After.',
  },
  internal_error: {
    status: 500,
    title: 'Our fault',
    retryable: true,
    advice: 'Send the same request with the same key again; report the trace_id if it stays.',
  },
  unavailable: {
    status: 503,
    title: 'Not available now',
    retryable: true,
    advice: 'Send the same request with the same key again after a pause.',
  },
} as const satisfies Record<string, ErrorKind>;

export type ErrorCode = keyof typeof ERRORS;

/** An answer from the catalogue; thrown anywhere, written as problem+json by `http/problem.ts`. */
export class ServiceError extends Error {
  readonly code: ErrorCode;
  readonly details: Record<string, unknown>;
  readonly retryAfterSeconds: number | null;
  /** This repeats the answer of an earlier request under the same key. */
  readonly replayed: boolean;
  constructor(
    code: ErrorCode,
    message: string,
    options: { details?: Record<string, unknown>; retryAfterSeconds?: number; replayed?: boolean } = {},
  ) {
    super(message);
    this.name = 'ServiceError';
    this.code = code;
    this.details = options.details ?? {};
    this.retryAfterSeconds = options.retryAfterSeconds ?? null;
    this.replayed = options.replayed ?? false;
  }
}
