/**
 * Routes of what is known about players, and of judgements of risk.
 */
import { isoTime } from '../../kernel/index.ts';
import type * as Api from '../../openapi/generated/payments.ts';
import type { ServiceContext } from '../application/context.ts';
import { changeProfile, readProfile, type Profile, type ProfileChange } from '../application/player-profile.ts';
import { ServiceError } from '../domain/errors.ts';
import { formatAmount } from '../domain/money.ts';
import { json, type Answer } from './answer.ts';
import { amountOf } from './exchange.ts';
import type { Routes } from './routes.ts';

export function playerRoutes(context: ServiceContext): Routes {
  async function risk(subjectId: string): Promise<Answer> {
    const found = await context.stores.risk.find(context.database.autocommit, subjectId);
    if (found === null) throw new ServiceError('not_found', `No risk was judged for ${subjectId}.`);
    const view: Api.RiskDecision = {
      subject_id: found.subjectId,
      kind: found.kind,
      player_id: found.playerId,
      decision: found.decision,
      score: found.score,
      reasons: [...found.reasons],
      decided_at: isoTime(found.decidedAt),
    };
    return json(200, view);
  }

  return {
    async getPlayerProfile({ parameters }) {
      return json(200, profileView(await readProfile(context, String(parameters['player_id']))));
    },

    async putPlayerProfile({ parameters, body }) {
      const change = changeOf(body as Api.ProfileChange);
      return json(200, profileView(await changeProfile(context, String(parameters['player_id']), change)));
    },

    getPaymentRisk: ({ parameters }) => risk(String(parameters['payment_id'])),
    getPayoutRisk: ({ parameters }) => risk(String(parameters['payout_id'])),
  };
}

function changeOf(body: Api.ProfileChange): ProfileChange {
  const change: ProfileChange = {
    wageringRequired: (body.wagering_required ?? []).map((one) => ({
      reference: one.reference,
      currency: one.currency,
      amountMinor: amountOf(one),
    })),
  };
  if (body.country !== undefined) change.country = body.country;
  if (body.registered_at !== undefined)
    change.registeredAt = body.registered_at === null ? null : Date.parse(body.registered_at);
  if (body.kyc_level !== undefined) change.kycLevel = body.kyc_level;
  if (body.kyc_requested !== undefined) change.kycRequested = body.kyc_requested;
  return change;
}

function profileView({ player, wagering }: Profile): Api.Profile {
  const time = (epochMs: number | null): string | null => (epochMs === null ? null : isoTime(epochMs));
  return {
    player_id: player.id,
    country: player.country,
    registered_at: time(player.registeredAt),
    kyc_level: player.kycLevel,
    kyc_requested_at: time(player.kycRequestedAt),
    kyc_verified_at: time(player.kycVerifiedAt),
    wagering: wagering.map(({ currency, outstandingMinor }) => ({
      currency,
      outstanding: formatAmount(outstandingMinor, currency),
    })),
  };
}
