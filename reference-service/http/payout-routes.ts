/**
 * Routes of payouts.
 */
import type * as Api from '../../openapi/generated/payments.ts';
import type { ServiceContext } from '../application/context.ts';
import { initiatePayout } from '../application/initiate-payout.ts';
import { reviewPayout } from '../application/review-payout.ts';
import { ServiceError } from '../domain/errors.ts';
import type { PayoutListFilter } from '../ports/players.ts';
import { json, type Answer } from './answer.ts';
import { NEUTRAL_DESTINATIONS } from './defaults.ts';
import { amountOf, idempotencyOf, type Exchange } from './exchange.ts';
import type { Routes } from './routes.ts';
import { payoutStartedView, payoutSummaryView, payoutView } from './views.ts';

const NOTHING_CHECKED = { review: null, route: null };

export function payoutRoutes(context: ServiceContext): Routes {
  async function review(verdict: 'approved' | 'rejected', { parameters, body }: Exchange): Promise<Answer> {
    const note = (body as Api.ReviewDecision).note ?? null;
    const reviewed = await reviewPayout(context, { payoutId: String(parameters['payout_id']), verdict, note });
    return json(200, payoutView(reviewed.payout, reviewed.attempts, reviewed.check), reviewed.replayed);
  }

  return {
    async initPayout(exchange, operation) {
      const idempotency = idempotencyOf(exchange, operation);
      const body = exchange.body as Api.PayoutInit;
      const amountMinor = amountOf(body);
      const { payout, replayed } = await initiatePayout(context, {
        ...idempotency,
        amountMinor,
        currency: body.currency,
        playerId: body.player_id,
        method: body.method,
        destinationToken: body.destination_token ?? null,
        defaultDestination: NEUTRAL_DESTINATIONS[body.method],
        country: body.meta?.country ?? null,
        bank: body.meta?.bank ?? null,
        preferredPsp: body.meta?.psp ?? null,
        traceId: exchange.traceId,
      });
      return json(201, payoutStartedView(payout), replayed);
    },

    async getPayout({ parameters }) {
      const id = String(parameters['payout_id']);
      const found = await context.stores.payouts.find(context.database.autocommit, id);
      if (found === null) throw new ServiceError('not_found', `There is no payout ${id}.`);
      const check = await context.stores.payoutChecks.find(context.database.autocommit, id);
      return json(200, payoutView(found.payout, found.attempts, check ?? NOTHING_CHECKED));
    },

    async listPayouts({ parameters }) {
      const text = (name: string): string | null => (parameters[name] === undefined ? null : String(parameters[name]));
      const limit = Number(parameters['limit']);
      const filter = {
        status: text('status'),
        review: text('review') as PayoutListFilter['review'],
        playerId: text('player_id'),
        after: text('after'),
        limit: limit + 1,
      };
      const found = await context.stores.payouts.list(context.database.autocommit, filter);
      const page = found.slice(0, limit);
      const next = found.length > limit ? (page.at(-1)?.payout.id ?? null) : null;
      return json(200, { payouts: page.map(({ payout, review }) => payoutSummaryView(payout, review)), next });
    },

    approvePayout: (exchange) => review('approved', exchange),
    rejectPayout: (exchange) => review('rejected', exchange),
  };
}
