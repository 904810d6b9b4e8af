/**
 * Admission: whether a request may go on at all, before and after its body is read. Who calls,
 * with which scopes, and whether the limits of the caller, the player or the PSP have room.
 */
import type { Clock } from '../../kernel/index.ts';
import { ALL_SCOPES, ApiKeys, digestOfKey, PLATFORM, type ApiKeyConfig, type Caller } from './api-keys.ts';
import type { Operation } from './contract.ts';
import { RateLimit, RateLimited, type Budget } from './rate-limit.ts';

/** Requests per minute; Infinity is no limit. Each process counts by itself. */
export interface RateLimits {
  /** Of one name of API keys. */
  perKey: number;
  /** Of one player, over all operations that name him. */
  perPlayer: number;
  /** Deposits and payouts that one player may start. */
  startsPerPlayer: number;
  /** Webhooks of one PSP: a PSP that catches up after an outage sends many. */
  webhooksPerPsp: number;
}

export const NO_LIMITS: RateLimits = {
  perKey: Infinity,
  perPlayer: Infinity,
  startsPerPlayer: Infinity,
  webhooksPerPsp: Infinity,
};

/** What starts a movement of money at a PSP. */
const STARTS: ReadonlySet<string> = new Set(['initPayment', 'initPayout']);

export interface Admitted {
  caller: Caller | null;
  budgets: Budget[];
}

export class Admission {
  readonly #clock: Clock;
  readonly #keys: ApiKeys;
  readonly #perKey: RateLimit;
  readonly #perPlayer: RateLimit;
  readonly #starts: RateLimit;
  readonly #webhooks: RateLimit;

  constructor(options: { clock: Clock; keys: readonly ApiKeyConfig[]; limits: RateLimits }) {
    const { limits } = options;
    this.#clock = options.clock;
    this.#keys = new ApiKeys(options.keys);
    this.#perKey = new RateLimit('key', limits.perKey);
    this.#perPlayer = new RateLimit('player', limits.perPlayer);
    this.#starts = new RateLimit('start', limits.startsPerPlayer);
    this.#webhooks = new RateLimit('psp', limits.webhooksPerPsp);
  }

  /**
   * Before the body is read.
   * @param authorization the header
   * @param path path parameters
   * @throws ServiceError unauthorized, forbidden, rate_limited
   */
  admit(operation: Operation, authorization: string | undefined, path: Record<string, string>): Admitted {
    const nowMs = this.#clock.now();
    if (operation.secured) {
      const caller = this.#keys.callerOf(authorization, operation);
      return { caller, budgets: present(this.#perKey.take(caller.name, nowMs, caller.perMinute ?? undefined)) };
    }
    if (operation.operationId === 'receiveWebhook') this.#webhooks.take(path['psp'] ?? '', nowMs);
    return { caller: null, budgets: [] };
  }

  /**
   * After the body is read: whom the request is about.
   * @throws ServiceError rate_limited
   */
  admitPlayer(operation: Operation, player: unknown): Budget[] {
    if (!operation.secured || typeof player !== 'string') return [];
    const nowMs = this.#clock.now();
    const budgets = present(this.#perPlayer.take(player, nowMs));
    return STARTS.has(operation.operationId) ? [...budgets, ...present(this.#starts.take(player, nowMs))] : budgets;
  }
}

/** One key that may do everything. */
export function platformKey(key: string): ApiKeyConfig {
  return { name: PLATFORM, sha256: digestOfKey(key), scopes: [ALL_SCOPES] };
}

/** The limit that refused, as far as one did. */
export function budgetsOf(error: unknown): Budget[] {
  return error instanceof RateLimited ? [error.budget] : [];
}

function present(budget: Budget | null): Budget[] {
  return budget === null ? [] : [budget];
}
