/**
 * Broken promises to players and to the platform: limits, removed methods, game rounds, and what
 * the platform is told.
 */
import { sqlOf } from '../../../reference-service/index.ts';
import type { Mutant } from '../mutant.ts';
import { withStore } from './swaps.ts';

const CACHED_MS = 60_000;

const cachesTheLimitsSum: Mutant = {
  name: 'caches-the-limits-sum',
  title: 'Remembers for a minute what a player has deposited',
  breaks: 'The sum that a limit is compared with comes from a cache, so several deposits use the same room.',
  against: 'I19',
  alsoIn: ['limits-under-concurrency'],
  mutation: (acted) => {
    const cached = new Map<string, { at: number; sums: { day: number; week: number; month: number } }>();
    return withStore('limits', (shipped) => ({
      deposited: async (unit, playerId, currency, nowMs) => {
        const name = `${playerId} ${currency}`;
        const known = cached.get(name);
        if (known !== undefined && nowMs - known.at < CACHED_MS) {
          acted();
          return known.sums;
        }
        const sums = await shipped.deposited(unit, playerId, currency, nowMs);
        cached.set(name, { at: nowMs, sums });
        return sums;
      },
    }));
  },
};

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** Auckland in January. */
const SERVER_IS_AHEAD_MS = 13 * HOUR_MS;

const countsDaysByTheServersClock: Mutant = {
  name: 'counts-days-by-the-servers-clock',
  title: 'Begins the day of a limit at midnight of the server',
  breaks: 'The day ends at midnight where the server stands, hours before the day that the player was told.',
  against: 'I19',
  alsoIn: ['limits-around-midnight'],
  mutation: (acted) =>
    withStore('limits', (shipped) => ({
      deposited: async (unit, playerId, currency, nowMs) => {
        const sums = await shipped.deposited(unit, playerId, currency, nowMs);
        const midnight = Math.floor((nowMs + SERVER_IS_AHEAD_MS) / DAY_MS) * DAY_MS - SERVER_IS_AHEAD_MS;
        const [row] = await sqlOf(unit)<{ day: string }>(
          `select coalesce(sum(coalesce(credited_minor, amount_minor)), 0) as day from payment
           where player_id = :playerId and created_at >= :midnight and currency = :currency
             and status in ('pending', 'authorized', 'succeeded')`,
          { playerId, midnight, currency },
        );
        const day = Number(row?.day ?? 0);
        if (day < sums.day) acted();
        return { ...sums, day };
      },
    })),
};

const overlooksAnExclusion: Mutant = {
  name: 'overlooks-an-exclusion',
  title: 'Asks for limits only, not for an exclusion',
  breaks: 'The check before a deposit compares sums with limits, and a player who excluded himself deposits on.',
  against: 'I19',
  alsoIn: ['limits-under-concurrency'],
  mutation: (acted) =>
    withStore('players', (shipped) => ({
      lock: async (unit, playerId) => {
        const player = await shipped.lock(unit, playerId);
        if (player === null || (player.excludedAt === null && player.coolOffUntil === null)) return player;
        acted();
        return { ...player, excludedAt: null, excludedUntil: null, coolOffUntil: null };
      },
    })),
};

const onlyHidesARemovedMethod: Mutant = {
  name: 'only-hides-a-removed-method',
  title: 'Hides a removed method and keeps its token',
  breaks: 'A method that the player removed disappears from the list and can still be charged by its id.',
  against: 'I19',
  alsoIn: ['kept-methods'],
  mutation: (acted) =>
    withStore('methods', (shipped) => ({
      remove: async (unit, playerId, id, nowMs) => {
        const found = await shipped.find(unit, id);
        if (found === null || found.playerId !== playerId) return null;
        acted();
        return { ...found, status: 'removed', pspToken: null, removedAt: nowMs };
      },
    })),
};

/** A ledger that takes a repeated movement of a game for a new one. */
const takesABetAgain: Mutant = {
  name: 'takes-a-bet-again',
  title: 'Takes a bet again when the game repeats it',
  breaks: 'The transaction id of the game is not compared, so a repeated bet is taken from the wallet twice.',
  against: 'I20',
  alsoIn: ['game-rounds'],
  mutation: (acted) => {
    const counts = new Map<string, number>();
    return {
      parts: ({ ledger }) => ({
        ledger: {
          ...ledger,
          post: (unit, commands) =>
            ledger.post(
              unit,
              commands.map((command) => {
                if (command.kind !== 'platform_debit' || command.txnId === null) return command;
                const count = (counts.get(command.txnId) ?? 0) + 1;
                counts.set(command.txnId, count);
                if (count === 1) return command;
                acted();
                return { ...command, txnId: `${command.txnId} ${count}`, idempotencyKey: null };
              }),
            ),
        },
      }),
    };
  },
};

const tellsTheFirstStatusOnly: Mutant = {
  name: 'tells-the-first-status-only',
  title: 'Tells the platform one event of each payment',
  breaks: 'Outgoing events are deduplicated by the payment, so what becomes of it after a success is never told.',
  precedent: 'Medusa issue 13301: about one order in twenty was missing after two writes of one event',
  against: 'I17',
  alsoIn: ['returned-payouts', 'contradictory-finals'],
  mutation: (acted) => ({
    parts: ({ outbox }) => ({
      outbox: {
        add: async (unit, event, nextStepAt) => {
          const told = await sqlOf(unit)('select 1 as told from outbox where subject_id = :subjectId limit 1', {
            subjectId: event.subjectId,
          });
          if (told.length === 0) return outbox.add(unit, event, nextStepAt);
          acted();
        },
      },
    }),
  }),
};

export const PLAYER_MUTANTS: readonly Mutant[] = [
  cachesTheLimitsSum,
  countsDaysByTheServersClock,
  overlooksAnExclusion,
  onlyHidesARemovedMethod,
  takesABetAgain,
  tellsTheFirstStatusOnly,
];
