/**
 * Broken idempotency: keys towards the PSPs, and keys of our own clients. One intent is one key,
 * over tries, processes and restarts, and a key is of one intent only.
 */
import type { KeyClaim, PspAdapter, Stores } from '../../../reference-service/index.ts';
import type { ServiceMutation } from '../../drivers/index.ts';
import type { Mutant } from '../mutant.ts';
import { withAdapter } from './swaps.ts';

/** Each call gets a key of its own: as good as sending none. */
const noPspIdempotencyKey: Mutant = {
  name: 'no-psp-idempotency-key',
  title: 'Repeats a call to the PSP under a new key',
  breaks: 'The key is made for each call instead of once for each attempt, so a repeated call pays again.',
  precedent: 'akash-network/console pull request 3449: customers were charged two and three times',
  against: 'I13',
  alsoIn: ['slow-and-flaky-psp'],
  mutation: (acted) =>
    withAdapter((shipped, { ports }) => {
      const withNewKey = <T extends { idempotencyKey: string }>(attempt: T): T => {
        acted();
        return { ...attempt, idempotencyKey: ports.ids.next('key') };
      };
      return {
        createPayment: (attempt, options) => shipped.createPayment(withNewKey(attempt), options),
        createPayout: (attempt) => shipped.createPayout(withNewKey(attempt)),
      };
    }),
};

const oneKeyForEqualPayments: Mutant = {
  name: 'one-key-for-equal-payments',
  title: 'Makes the key of player and amount',
  breaks: 'The key is derived from who pays how much, so a second payment of the same amount is taken for the first.',
  precedent: 'Stripe: a key must be unique for each operation; keys made of customer and amount collide',
  against: 'I13',
  alsoIn: ['payout-timeout', 'kept-methods'],
  mutation: (acted) => {
    const owners = new Map<string, string>();
    return withAdapter((shipped, { config }) => {
      const keyed = <T extends Parameters<PspAdapter['createPayout']>[0] | Parameters<PspAdapter['createPayment']>[0]>(
        attempt: T,
      ): T => {
        const idempotencyKey = `${attempt.playerId}-${attempt.amountMinor}-${attempt.currency}`.slice(0, 64);
        const owner = owners.get(`${config.name} ${idempotencyKey}`) ?? attempt.attemptId;
        owners.set(`${config.name} ${idempotencyKey}`, owner);
        if (owner !== attempt.attemptId) acted();
        return { ...attempt, idempotencyKey };
      };
      return {
        createPayment: (attempt, options) => shipped.createPayment(keyed(attempt), options),
        createPayout: (attempt) => shipped.createPayout(keyed(attempt)),
      };
    });
  },
};

/** Every claim of a client's key, as the two stores see it that write them. */
function withClaims(
  seen: (claim: KeyClaim) => KeyClaim,
  more: (shipped: Stores) => Partial<Stores['keys']> = () => ({}),
): ServiceMutation {
  return {
    parts: ({ stores }) => ({
      stores: {
        ...stores,
        keys: {
          ...stores.keys,
          claim: (unit, claim, subjectId) => stores.keys.claim(unit, seen(claim), subjectId),
          ...more(stores),
        },
        deposits: {
          ...stores.deposits,
          start: (unit, claim, payment, first, options) =>
            stores.deposits.start(unit, seen(claim), payment, first, options),
        },
      },
    }),
  };
}

const acceptsAnotherBody: Mutant = {
  name: 'accepts-another-body',
  title: 'Answers another request under a known key as a repetition',
  breaks: 'Only the key is compared, so a request for another amount gets the answer of the first one.',
  precedent: 'IETF draft Idempotency-Key header: a key with another payload is refused',
  against: 'I7',
  alsoIn: ['duplicate-burst'],
  mutation: (acted) => {
    const latest = new Map<string, string>();
    const name = (scope: string, key: string): string => `${scope} ${key}`;
    return withClaims(
      (claim) => {
        latest.set(name(claim.scope, claim.key), claim.fingerprint);
        return claim;
      },
      ({ keys }) => ({
        find: async (unit, scope, key) => {
          const stored = await keys.find(unit, scope, key);
          const fingerprint = latest.get(name(scope, key)) ?? stored?.fingerprint;
          if (stored === null || fingerprint === undefined) return stored;
          if (fingerprint !== stored.fingerprint) acted();
          return { ...stored, fingerprint };
        },
      }),
    );
  },
};

const ignoresTheClientsKey: Mutant = {
  name: 'ignores-the-clients-key',
  title: "Makes a new payment of each request, whatever the client's key",
  breaks: 'The header is read and logged, but a repeated request is a new payment.',
  precedent: 'woocommerce-gateway-stripe issue 2339: duplicate charges from repeated requests',
  against: 'I7',
  alsoIn: ['duplicate-burst', 'limits-under-concurrency'],
  mutation: (acted) => {
    const counts = new Map<string, number>();
    return withClaims((claim) => {
      const count = (counts.get(claim.key) ?? 0) + 1;
      counts.set(claim.key, count);
      if (count === 1) return claim;
      acted();
      return { ...claim, key: `${claim.key} ${count}` };
    });
  },
};

export const KEY_MUTANTS: readonly Mutant[] = [
  noPspIdempotencyKey,
  oneKeyForEqualPayments,
  acceptsAnotherBody,
  ignoresTheClientsKey,
];
