/**
 * Routes of money that goes back: refunds and disputes.
 */
import type * as Api from '../../openapi/generated/payments.ts';
import type { ServiceContext } from '../application/context.ts';
import { fingerprintOf } from '../application/idempotent-answer.ts';
import { disputeView, refundView } from '../application/refund-view.ts';
import { requestRefund } from '../application/request-refund.ts';
import type { Payment } from '../domain/deposit.ts';
import { ServiceError } from '../domain/errors.ts';
import { json } from './answer.ts';
import { amountOf, idempotencyOf } from './exchange.ts';
import type { Routes } from './routes.ts';

export function refundRoutes(context: ServiceContext): Routes {
  const { database, stores } = context;

  async function paymentOf(id: string): Promise<Payment> {
    const found = await stores.deposits.find(database.autocommit, id);
    if (found === null) throw new ServiceError('not_found', `There is no payment ${id}.`);
    return found.payment;
  }

  return {
    async refundPayment(exchange, operation) {
      const idempotency = idempotencyOf(exchange, operation);
      const body = exchange.body as Api.RefundInit;
      const payment = await paymentOf(String(exchange.parameters['payment_id']));
      const { refund, replayed } = await requestRefund(context, {
        ...idempotency,
        // The payment is in the path, and the same body for another one is another request.
        fingerprint: fingerprintOf(operation.method, `/v1/payments/${payment.id}/refunds`, body),
        paymentId: payment.id,
        amountMinor: amountOf({ amount: body.amount, currency: payment.currency }),
        reason: body.reason ?? null,
      });
      return json(201, refundView(refund), replayed);
    },

    async listRefunds({ parameters }) {
      const payment = await paymentOf(String(parameters['payment_id']));
      const refunds = await stores.refunds.listOf(database.autocommit, payment.id);
      return json(200, { refunds: refunds.map(refundView) });
    },

    async getRefund({ parameters }) {
      const id = String(parameters['refund_id']);
      const refund = await stores.refunds.find(database.autocommit, id);
      if (refund === null) throw new ServiceError('not_found', `There is no refund ${id}.`);
      return json(200, refundView(refund));
    },

    async listDisputes({ parameters }) {
      const paymentId = parameters['payment_id'];
      const disputes = await stores.disputes.list(database.autocommit, {
        paymentId: paymentId === undefined ? null : String(paymentId),
        limit: Number(parameters['limit']),
      });
      return json(200, { disputes: disputes.map(disputeView) });
    },
  };
}
