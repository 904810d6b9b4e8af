/**
 * Tracked activity: the counting implementation of `Activity`, for virtual time.
 *
 * The token of the running code travels in an AsyncLocalStorage, so nobody passes it by
 * hand. Where that context is lost (a bare event callback), the token keeps counting: the
 * failure is a stall that names the token, never a clock that moves too early.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import type { ActivityToken, TrackedActivity } from './activity.ts';

interface Token {
  /** The activity that made it: another one leaves it alone. */
  readonly owner: object;
  readonly label: string;
  parks: number;
  open: boolean;
}

/**
 * One storage for all activities. Each storage that was ever used makes every promise of the
 * process slower, and a thousand runs in one process make a thousand activities.
 */
const storage = new AsyncLocalStorage<Token>();

/** Activity that counts; one per virtual clock. */
export function createActivity(): TrackedActivity {
  const owner = {};
  const countingTokens = new Set<Token>();
  let changeCount = 0;
  let pendingChange: { promise: Promise<void>; resolve: () => void } | undefined;

  function touch(): void {
    changeCount += 1;
    const pending = pendingChange;
    pendingChange = undefined;
    pending?.resolve();
  }

  function changed(): Promise<void> {
    if (pendingChange === undefined) {
      let resolve = (): void => undefined;
      const promise = new Promise<void>((settle) => {
        resolve = settle;
      });
      pendingChange = { promise, resolve };
    }
    return pendingChange.promise;
  }

  function park(token: Token): void {
    token.parks += 1;
    countingTokens.delete(token);
    touch();
  }

  function unpark(token: Token): void {
    token.parks -= 1;
    if (token.open && token.parks === 0) countingTokens.add(token);
    touch();
  }

  function ownToken(): Token | undefined {
    const token = storage.getStore();
    return token?.owner === owner ? token : undefined;
  }

  async function runUnder<T>(outer: Token | undefined, label: string, work: () => Promise<T> | T): Promise<T> {
    const token: Token = { owner, label, parks: 0, open: true };
    countingTokens.add(token);
    touch();
    if (outer !== undefined) park(outer);
    try {
      return await storage.run(token, work);
    } finally {
      token.open = false;
      countingTokens.delete(token);
      touch();
      if (outer !== undefined) unpark(outer);
    }
  }

  async function parked<T>(wait: Promise<T>): Promise<T> {
    const token = ownToken();
    if (token === undefined) return wait;
    park(token);
    try {
      return await wait;
    } finally {
      unpark(token);
    }
  }

  function current(): ActivityToken | undefined {
    const token = ownToken();
    if (token === undefined) return undefined;
    return { park: () => park(token), unpark: () => unpark(token) };
  }

  return {
    tracks: true,
    run: (label, work) => runUnder(ownToken(), label, work),
    detached: (label, work) => runUnder(undefined, label, work),
    parked,
    counting: () => [...countingTokens].map((token) => token.label),
    current,
    changes: () => changeCount,
    changed,
    touch,
  };
}
