/**
 * Routes of the router: its decisions, its health, what the cashier may show, and the
 * operator's word.
 */
import { isoTime } from '../../kernel/index.ts';
import type * as Api from '../../openapi/generated/payments.ts';
import type { ServiceContext } from '../application/context.ts';
import { methodsNow } from '../application/route-methods.ts';
import { PSP_OPERATIONS } from '../domain/circuit-breaker.ts';
import { ServiceError } from '../domain/errors.ts';
import { currencyExponent } from '../domain/money.ts';
import { explain } from '../domain/routing/explain.ts';
import { noCounts, p95Of } from '../domain/routing/observation.ts';
import type { RoutedAttempt } from '../ports/routes.ts';
import { json } from './answer.ts';
import { amountOf } from './exchange.ts';
import type { Routes } from './routes.ts';

export function routingRoutes(context: ServiceContext): Routes {
  const { stores, database, router, clock } = context;

  async function decisionsOf(subjectId: string, exists: () => Promise<boolean>): Promise<Api.RouteDecision[]> {
    const decisions = await stores.routes.decisionsOf(database.autocommit, subjectId);
    if (decisions.length === 0 && !(await exists()))
      throw new ServiceError('not_found', `There is nothing with the id ${subjectId}.`);
    return decisions.map(decisionView);
  }

  return {
    async getPaymentRouting({ parameters }) {
      const id = String(parameters['payment_id']);
      const exists = async (): Promise<boolean> => (await stores.deposits.find(database.autocommit, id)) !== null;
      return json(200, { decisions: await decisionsOf(id, exists) });
    },

    async getPayoutRouting({ parameters }) {
      const id = String(parameters['payout_id']);
      const exists = async (): Promise<boolean> => (await stores.payouts.find(database.autocommit, id)) !== null;
      return json(200, { decisions: await decisionsOf(id, exists) });
    },

    async listMethods({ parameters }) {
      const currency = String(parameters['currency']);
      if (currencyExponent(currency) === null)
        throw new ServiceError('bad_request', `${currency} is not a currency of ISO 4217.`);
      const amount = parameters['amount'] as string | undefined;
      const methods = await methodsNow(context, {
        currency,
        amountMinor: amount === undefined ? 0 : amountOf({ amount, currency }),
        country: (parameters['country'] as string | undefined) ?? null,
        playerId: (parameters['player_id'] as string | undefined) ?? null,
        device: (parameters['device'] as 'mobile' | 'desktop' | 'tablet' | undefined) ?? null,
      });
      const { level, reason } = router.snapshot().level;
      return json(200, {
        level,
        reason,
        methods: methods.map(({ method, hidden }) => ({
          method,
          shown: hidden === null,
          hidden_because: hidden?.because ?? null,
          detail: hidden?.detail ?? null,
        })),
      });
    },

    async getRoutingHealth() {
      await router.fresh(database.autocommit);
      return json(200, healthView(context));
    },

    async setRoutingLevel({ body }) {
      const { level, reason } = body as Api.RoutingLevelChange;
      const wanted = level === 'automatic' ? null : { level, reason };
      await stores.routes.overrideLevel(database.autocommit, wanted, clock.now());
      await router.reload(database.autocommit);
      context.log({ level: 'warn', msg: 'level set by an operator', set: level, reason });
      return json(200, healthView(context));
    },

    async setPspService({ parameters, body }) {
      const psp = String(parameters['psp']);
      if (!context.psps.has(psp)) throw new ServiceError('unknown_psp', `No PSP is configured under the name ${psp}.`);
      const { in_service: inService, reason } = body as Api.PspServiceChange;
      await stores.routes.overridePsp(database.autocommit, psp, inService ? null : reason, clock.now());
      await router.reload(database.autocommit);
      context.log({ level: 'warn', msg: 'service of a PSP set by an operator', psp, in_service: inService, reason });
      return json(200, healthView(context));
    },
  };
}

function decisionView({ decision, attemptId }: RoutedAttempt): Api.RouteDecision {
  return {
    attempt_id: attemptId,
    psp: decision.psp,
    operation: decision.operation,
    segment: decision.segment,
    level: decision.level,
    rule: decision.rule,
    decided_at: isoTime(decision.decidedAtMs),
    ranked: decision.ranked.map(({ psp, place, tries, score, parts }) => ({
      psp,
      place,
      tries,
      score,
      conversion: parts.conversion,
      drawn: parts.drawn,
      outcomes: parts.trials,
      cost: parts.cost,
      technical_errors: parts.technical,
      failed_challenges: parts.challengeFailed,
      p95_ms: parts.p95Ms,
    })),
    rejected: decision.rejected.map(({ psp, reason, detail }) => ({ psp, reason, detail: detail ?? null })),
    explanation: explain(decision),
  };
}

function healthView({ router, psps, breaker, clock }: ServiceContext): Api.RoutingHealth {
  const snapshot = router.snapshot();
  const recent = router.recent();
  return {
    level: snapshot.level.level,
    reason: snapshot.level.reason,
    set_by: snapshot.level.by,
    as_of: isoTime(snapshot.madeAtMs),
    psps: [...psps.keys()].map((psp) => ({
      psp,
      out_of_service: snapshot.outOfService[psp] ?? null,
      operations: PSP_OPERATIONS.map((operation) => {
        const counts = recent.find((one) => one.psp === psp && one.operation === operation)?.counts ?? noCounts();
        return {
          operation,
          breaker: breaker.state(psp, operation, clock.now()),
          calls: counts.calls,
          technical_errors: counts.technical + counts.declinedTechnically,
          slow: counts.slow,
          approved: counts.approved,
          declined: counts.declined,
          failed_challenges: counts.challengeFailed,
          p95_ms: p95Of(counts),
        };
      }),
    })),
  };
}
