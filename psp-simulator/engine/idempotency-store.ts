/**
 * Idempotency: what a PSP remembers about keys. The rules are the dialect's; this store only
 * keeps key, fingerprint and answer for the key's life.
 *
 *   first use ──► in flight ──► kept (answer replayed until the key's life ends)
 *                     └───────► released (the next use is a first use)
 */
import { hash } from 'node:crypto';
import type { Clock } from '../../kernel/index.ts';
import { BoundedMap } from '../core/bounded-map.ts';
import { PspProblem } from '../core/problem.ts';
import type { IdempotencyRules, PspAnswer, PspRequest } from '../dialects/dialect.ts';

interface Entry {
  fingerprint: string;
  startedAtMs: number;
  /** Of the latest use: requests of one PSP may have different lives. */
  lifeMs: number;
  /** Undefined while in flight. */
  answer: PspAnswer | undefined;
}

/** One use of a key. */
export type KeyUse =
  | { kind: 'none' }
  | { kind: 'first'; key: string; keep(answer: PspAnswer): void; release(): void }
  | { kind: 'replay'; key: string; answer: PspAnswer };

/**
 * Keys are dropped lazily; at least this many uses lie between two sweeps of those past their
 * life, and never fewer than there are keys, so that a sweep costs little per use.
 */
const USES_BETWEEN_SWEEPS = 1_000;

/**
 * Keys kept whatever their life is: a day of keys at full speed would not fit into any memory.
 * The newest so many are always known, and up to twice as many; older ones are forgotten as if
 * their life had ended. A key with its answer takes about a kilobyte.
 */
const MOST_KEYS = 50_000;

export class IdempotencyStore {
  readonly #clock: Pick<Clock, 'now'>;
  readonly #rules: IdempotencyRules;
  readonly #entries: BoundedMap<Entry>;
  #uses = 0;

  constructor(clock: Pick<Clock, 'now'>, rules: IdempotencyRules, mostKeys = MOST_KEYS) {
    this.#clock = clock;
    this.#rules = rules;
    this.#entries = new BoundedMap(mostKeys);
  }

  /** Throws the PspProblem that the rules demand. */
  use(request: PspRequest, keyLifeMs: number): KeyUse {
    if (!this.#rules.methods.includes(request.method)) return { kind: 'none' };
    const key = request.headers[this.#rules.keyHeader];
    if (key === undefined || key === '') {
      if (!this.#rules.required) return { kind: 'none' };
      throw new PspProblem('idempotency-key-missing', `The header ${this.#rules.keyHeader} is required`);
    }
    if (key.length > this.#rules.maxKeyLength) {
      throw new PspProblem(
        'idempotency-key-invalid',
        `An idempotency key has at most ${this.#rules.maxKeyLength} characters`,
      );
    }
    this.#sweep();
    const scope = this.#rules.scope(request);
    // No header has a line break, so a key alone is never taken for a scoped one.
    const slot = scope === '' ? key : `${scope}\n${key}`;
    const fingerprint = hash('sha256', this.#rules.fingerprint(request), 'base64');
    const entry = this.#entries.get(slot);
    if (entry === undefined || this.#clock.now() - entry.startedAtMs >= keyLifeMs)
      return this.#first(slot, key, {
        fingerprint,
        startedAtMs: this.#clock.now(),
        lifeMs: keyLifeMs,
        answer: undefined,
      });
    entry.lifeMs = keyLifeMs;
    return this.#repeat(entry, key, fingerprint);
  }

  clear(): void {
    this.#entries.clear();
  }

  #first(slot: string, key: string, entry: Entry): KeyUse {
    this.#entries.set(slot, entry);
    return {
      kind: 'first',
      key,
      keep: (answer) => {
        entry.answer = answer;
      },
      release: () => {
        if (this.#entries.get(slot) === entry && entry.answer === undefined) this.#entries.delete(slot);
      },
    };
  }

  #repeat(entry: Entry, key: string, fingerprint: string): KeyUse {
    if (entry.fingerprint !== fingerprint && this.#rules.otherBody === 'refuse') {
      throw new PspProblem('idempotency-other-body', `The idempotency key '${key}' was used with another request`, {
        extra: { key },
      });
    }
    if (entry.answer === undefined) {
      throw new PspProblem('idempotency-in-flight', `A request with the idempotency key '${key}' is in progress`, {
        extra: { key },
      });
    }
    return { kind: 'replay', key, answer: entry.answer };
  }

  #sweep(): void {
    this.#uses += 1;
    if (this.#uses < Math.max(USES_BETWEEN_SWEEPS, this.#entries.size)) return;
    this.#uses = 0;
    const nowMs = this.#clock.now();
    this.#entries.sweep((entry) => nowMs - entry.startedAtMs >= entry.lifeMs);
  }
}
