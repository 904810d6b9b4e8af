/**
 * Typed client of the payments API (openapi/payments.yaml): what players, the platform and the
 * probes of a run call. It neither retries nor interprets: behaviour belongs to the runner.
 */
import type { Network } from '../../kernel/index.ts';
import type {
  Case,
  Entry,
  LimitsChange,
  Payment,
  PaymentInit,
  Payout,
  PayoutInit,
  Problem,
  Refund,
  RoundRollback,
  StoredMethod,
  WalletMovement,
  Wallet,
} from '../../openapi/generated/payments.ts';
import { callJson, type JsonAnswer, type JsonCall } from './json-call.ts';

/** Probes wait this long: they are asked in calm moments, and a lost one is only not observed. */
const PROBE_TIMEOUT_MS = 10_000;

/** Entries of a page; the API's own limit. */
const ENTRIES_PAGE = 1_000;

export interface TargetAddress {
  /** Without a trailing slash. */
  url: string;
  apiKey: string;
}

export interface LedgerAccount {
  account: string;
  currency: string;
  balance: string;
}

/** A probe got an answer that is not 200. */
export class ProbeRefused extends Error {
  constructor(path: string, answer: JsonAnswer) {
    super(`${path} answered ${answer.status}${isProblem(answer.body) ? ` ${answer.body.error}` : ''}`);
    this.name = 'ProbeRefused';
  }
}

export interface Patience {
  timeoutMs: number;
}

/** A request under a key of the client's own. */
export interface KeyedCall extends Patience {
  idempotencyKey: string;
}

export interface ServiceClient {
  initPayment(body: PaymentInit, options: KeyedCall): Promise<JsonAnswer>;
  initPayout(body: PayoutInit, options: KeyedCall): Promise<JsonAnswer>;
  /** `amount` null: all that is authorized. */
  capturePayment(paymentId: string, amount: string | null, options: KeyedCall): Promise<JsonAnswer>;
  voidPayment(paymentId: string, options: KeyedCall): Promise<JsonAnswer>;
  refundPayment(paymentId: string, amount: string, options: KeyedCall): Promise<JsonAnswer>;
  creditWallet(body: WalletMovement, options: Patience): Promise<JsonAnswer>;
  debitWallet(body: WalletMovement, options: Patience): Promise<JsonAnswer>;
  rollBackRound(roundId: string, body: RoundRollback, options: Patience): Promise<JsonAnswer>;
  removeStoredMethod(playerId: string, storedMethodId: string, options: Patience): Promise<JsonAnswer>;
  putLimits(playerId: string, body: LimitsChange, options: Patience): Promise<JsonAnswer>;
  /** `until` as an ISO time; null for an exclusion without an end. */
  exclude(
    playerId: string,
    how: 'cool-off' | 'self-exclusion',
    until: string | null,
    options: Patience,
  ): Promise<JsonAnswer>;
  setPspService(psp: string, inService: boolean): Promise<JsonAnswer>;
  payment(paymentId: string): Promise<Payment>;
  payout(payoutId: string): Promise<Payout>;
  refund(refundId: string): Promise<Refund>;
  /** Newest first, removed ones too. */
  storedMethods(playerId: string): Promise<StoredMethod[]>;
  wallets(playerId: string): Promise<Wallet[]>;
  /** All pages, oldest first. */
  entries(playerId: string): Promise<Entry[]>;
  ledger(): Promise<LedgerAccount[]>;
  cases(): Promise<Case[]>;
}

/** Reads throw ProbeRefused on any status but 200, and everything throws NetworkError. */
export function createServiceClient(network: Network, target: TargetAddress): ServiceClient {
  const authorization = `Bearer ${target.apiKey}`;
  const call = (path: string, rest: Omit<JsonCall, 'url'>): Promise<JsonAnswer> =>
    callJson(network, { ...rest, url: `${target.url}${path}`, headers: { authorization, ...rest.headers } });

  const post = (path: string, json: object, { idempotencyKey, timeoutMs }: KeyedCall): Promise<JsonAnswer> =>
    call(path, { method: 'POST', json, headers: { 'idempotency-key': idempotencyKey }, timeoutMs });

  const send = (method: 'POST' | 'PUT' | 'DELETE', path: string, { timeoutMs }: Patience, json?: object) =>
    call(path, { method, timeoutMs, ...(json === undefined ? {} : { json }) });

  async function read<T>(path: string): Promise<T> {
    const answer = await call(path, { method: 'GET', timeoutMs: PROBE_TIMEOUT_MS });
    if (answer.status !== 200 || answer.body === null) throw new ProbeRefused(path, answer);
    return answer.body as T;
  }

  async function entries(playerId: string): Promise<Entry[]> {
    const all: Entry[] = [];
    for (;;) {
      const after = all.at(-1)?.entry_id ?? 0;
      const page = await read<{ entries: Entry[] }>(
        `/v1/wallets/${encodeURIComponent(playerId)}/entries?after=${after}&limit=${ENTRIES_PAGE}`,
      );
      all.push(...page.entries);
      if (page.entries.length < ENTRIES_PAGE) return all;
    }
  }

  return {
    initPayment: (body, options) => post('/v1/payments/init', body, options),
    initPayout: (body, options) => post('/v1/payouts/init', body, options),
    capturePayment: (paymentId, amount, options) =>
      post(`${paymentPath(paymentId)}/capture`, amount === null ? {} : { amount }, options),
    voidPayment: (paymentId, options) => post(`${paymentPath(paymentId)}/void`, {}, options),
    refundPayment: (paymentId, amount, options) => post(`${paymentPath(paymentId)}/refunds`, { amount }, options),
    creditWallet: (body, options) => send('POST', '/v1/wallet/credit', options, body),
    debitWallet: (body, options) => send('POST', '/v1/wallet/debit', options, body),
    rollBackRound: (roundId, body, options) =>
      send('POST', `/v1/rounds/${encodeURIComponent(roundId)}/rollback`, options, body),
    removeStoredMethod: (playerId, id, options) =>
      send('DELETE', `${playerPath(playerId)}/methods/${encodeURIComponent(id)}`, options),
    putLimits: (playerId, body, options) => send('PUT', `${playerPath(playerId)}/limits`, options, body),
    exclude: (playerId, how, until, options) => send('PUT', `${playerPath(playerId)}/${how}`, options, { until }),
    setPspService: (psp, inService) =>
      send(
        'PUT',
        `/v1/routing/psps/${encodeURIComponent(psp)}`,
        { timeoutMs: PROBE_TIMEOUT_MS },
        {
          in_service: inService,
          reason: 'as the scenario says',
        },
      ),
    payment: (paymentId) => read<Payment>(`/v1/payments/${encodeURIComponent(paymentId)}`),
    refund: (refundId) => read<Refund>(`/v1/refunds/${encodeURIComponent(refundId)}`),
    storedMethods: async (playerId) =>
      (await read<{ methods: StoredMethod[] }>(`${playerPath(playerId)}/methods`)).methods,
    payout: (payoutId) => read<Payout>(`/v1/payouts/${encodeURIComponent(payoutId)}`),
    wallets: async (playerId) =>
      (await read<{ wallets: Wallet[] }>(`/v1/wallets/${encodeURIComponent(playerId)}`)).wallets,
    entries,
    ledger: async () => (await read<{ accounts: LedgerAccount[] }>('/v1/ledger/balances')).accounts,
    cases: async () => (await read<{ cases: Case[] }>('/v1/cases')).cases,
  };
}

function paymentPath(paymentId: string): string {
  return `/v1/payments/${encodeURIComponent(paymentId)}`;
}

function playerPath(playerId: string): string {
  return `/v1/players/${encodeURIComponent(playerId)}`;
}

/** Whether a body is a problem document of the API. */
export function isProblem(body: unknown): body is Problem {
  return typeof body === 'object' && body !== null && 'error' in body && typeof body.error === 'string';
}
