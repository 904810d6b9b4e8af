/**
 * Routes of responsible gaming: a player's deposit limits, cool-off and self-exclusion.
 */
import { isoTime } from '../../kernel/index.ts';
import type * as Api from '../../openapi/generated/payments.ts';
import type { ServiceContext } from '../application/context.ts';
import {
  changeLimits,
  coolOff,
  readLimits,
  selfExclude,
  type PlayerLimits,
  type WantedLimits,
} from '../application/player-limits.ts';
import { ServiceError } from '../domain/errors.ts';
import { LIMIT_PERIODS, periodWindow } from '../domain/limits/period.ts';
import { currencyExponent, formatAmount, parseAmount } from '../domain/money.ts';
import { json } from './answer.ts';
import type { Routes } from './routes.ts';

export function limitsRoutes(context: ServiceContext): Routes {
  const view = (limits: PlayerLimits): Api.PlayerLimits => playerLimitsView(limits, context.clock.now());
  return {
    async getPlayerLimits({ parameters }) {
      return json(200, view(await readLimits(context, String(parameters['player_id']))));
    },

    async putPlayerLimits({ parameters, body }) {
      const change = body as Api.LimitsChange;
      // A change that only takes limits away has no amount to read, and is kept all the same.
      if (currencyExponent(change.currency) === null)
        throw refused('currency', `${change.currency} is not a currency of ISO 4217`);
      const wanted: WantedLimits = {};
      for (const period of LIMIT_PERIODS) {
        const amount = change[period];
        if (amount !== undefined) wanted[period] = amount === null ? null : limitMinor(period, amount, change.currency);
      }
      const playerId = String(parameters['player_id']);
      return json(200, view(await changeLimits(context, playerId, { currency: change.currency, wanted })));
    },

    async putCoolOff({ parameters, body }) {
      const until = Date.parse((body as Api.CoolOffChange).until);
      return json(200, view(await coolOff(context, String(parameters['player_id']), until)));
    },

    async putSelfExclusion({ parameters, body }) {
      const { until } = body as Api.SelfExclusionChange;
      const end = until === null ? null : Date.parse(until);
      return json(200, view(await selfExclude(context, String(parameters['player_id']), end)));
    },
  };
}

/** Zero is a limit too: no deposits. */
function limitMinor(field: string, amount: string, currency: string): number {
  const parsed = parseAmount(amount, currency);
  if (parsed.ok) return parsed.amountMinor;
  throw refused(field, parsed.reason);
}

function refused(field: string, message: string): ServiceError {
  return new ServiceError('validation_failed', `The limit is not allowed: ${message}.`, {
    details: { errors: [{ field, message }] },
  });
}

function playerLimitsView({ player, limits, usedByCurrency }: PlayerLimits, nowMs: number): Api.PlayerLimits {
  const time = (epochMs: number | null): string | null => (epochMs === null ? null : isoTime(epochMs));
  const { coolOffUntil, excludedAt, excludedUntil } = player;
  const isExcluded = excludedAt !== null && (excludedUntil === null || excludedUntil > nowMs);
  return {
    player_id: player.id,
    cool_off: coolOffUntil !== null && coolOffUntil > nowMs ? { until: isoTime(coolOffUntil) } : null,
    self_exclusion: isExcluded ? { since: isoTime(excludedAt), until: time(excludedUntil) } : null,
    limits: limits.map(({ currency, period, amountMinor, pending }) => {
      const amount = (minor: number | null): string | null => (minor === null ? null : formatAmount(minor, currency));
      const usedMinor = usedByCurrency.get(currency)?.[period] ?? 0;
      return {
        currency,
        period,
        amount: amount(amountMinor),
        pending:
          pending === null ? null : { amount: amount(pending.amountMinor), effective_at: isoTime(pending.effectiveAt) },
        used: formatAmount(usedMinor, currency),
        available: amount(amountMinor === null ? null : Math.max(0, amountMinor - usedMinor)),
        resets_at: isoTime(periodWindow(period, nowMs).endsAt),
      };
    }),
  };
}
