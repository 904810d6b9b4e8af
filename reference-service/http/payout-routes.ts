/**
 * Routes of payouts.
 */
import type * as Api from '../../openapi/generated/payments.ts';
import type { ServiceContext } from '../application/context.ts';
import { initiatePayout } from '../application/initiate-payout.ts';
import { ServiceError } from '../domain/errors.ts';
import { json } from './answer.ts';
import { NEUTRAL_DESTINATIONS } from './defaults.ts';
import { amountOf, idempotencyOf } from './exchange.ts';
import type { RateLimit } from './rate-limit.ts';
import type { Routes } from './routes.ts';
import { payoutStartedView, payoutView } from './views.ts';

export function payoutRoutes(context: ServiceContext, limit: RateLimit): Routes {
  return {
    async initPayout(exchange, operation) {
      const idempotency = idempotencyOf(exchange, operation);
      const body = exchange.body as Api.PayoutInit;
      const amountMinor = amountOf(body);
      limit.take(body.player_id, context.clock.now());
      const { payout, replayed } = await initiatePayout(context, {
        ...idempotency,
        amountMinor,
        currency: body.currency,
        playerId: body.player_id,
        method: body.method,
        destinationToken: body.destination_token ?? NEUTRAL_DESTINATIONS[body.method],
        preferredPsp: body.meta?.psp ?? null,
        traceId: exchange.traceId,
      });
      return json(201, payoutStartedView(payout), replayed);
    },

    async getPayout({ parameters }) {
      const id = String(parameters['payout_id']);
      const found = await context.stores.payouts.find(context.database.autocommit, id);
      if (found === null) throw new ServiceError('not_found', `There is no payout ${id}.`);
      return json(200, payoutView(found.payout, found.attempts));
    },
  };
}
