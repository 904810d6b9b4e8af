/**
 * Routes of deposits and webhooks.
 */
import type * as Api from '../../openapi/generated/payments.ts';
import type { ServiceContext } from '../application/context.ts';
import { captureDeposit, voidDeposit } from '../application/change-authorized.ts';
import { initiateDeposit } from '../application/initiate-deposit.ts';
import { receiveWebhook } from '../application/receive-webhook.ts';
import { returnFromPsp } from '../application/return-from-psp.ts';
import { isAtRest, type Payment } from '../domain/deposit.ts';
import { ServiceError } from '../domain/errors.ts';
import type { ChangeBoard } from '../workers/change-board.ts';
import { json, type Answer } from './answer.ts';
import { amountOf as amountOfBody, headersOf, idempotencyOf } from './exchange.ts';
import { NEUTRAL_TOKENS } from './defaults.ts';
import type { Routes } from './routes.ts';
import { paymentStartedView, paymentView } from './views.ts';

/** Another process may have changed the payment: a long poll looks at the database this often. */
const LONG_POLL_LOOK_MS = 1_000;

export function paymentRoutes(context: ServiceContext, board: ChangeBoard): Routes {
  return {
    async initPayment(exchange, operation) {
      const idempotency = idempotencyOf(exchange, operation);
      const body = exchange.body as Api.PaymentInit;
      const amountMinor = amountOfBody(body);
      checkReturnUrl(body.return_url);
      const answer = await initiateDeposit(context, {
        ...idempotency,
        amountMinor,
        currency: body.currency,
        playerId: body.player_id,
        method: body.method,
        token: tokenOf(body),
        storedMethodId: body.stored_method_id ?? null,
        storeMethod: body.store_method ?? false,
        capture: body.capture ?? 'automatic',
        country: body.meta?.country ?? null,
        device: body.meta?.device ?? null,
        bin: body.meta?.bin ?? null,
        bank: body.meta?.bank ?? null,
        traceId: exchange.traceId,
        returnUrl: body.return_url,
        preferredPsp: body.meta?.psp ?? null,
      });
      if (answer.status === 201) return json(201, paymentStartedView(answer.payment), answer.replayed);
      const code = answer.attempts.findLast((attempt) => attempt.status === 'declined')?.declineCode ?? null;
      throw new ServiceError('declined', 'The payment was declined.', {
        details: { ...paymentStartedView(answer.payment), decline_code: code },
        replayed: answer.replayed,
      });
    },

    async getPayment({ parameters }) {
      const id = String(parameters['payment_id']);
      const untilMs = context.clock.now() + Number(parameters['wait'] ?? 0) * 1_000;
      for (;;) {
        const found = await context.stores.deposits.find(context.database.autocommit, id);
        if (found === null) throw new ServiceError('not_found', `There is no payment ${id}.`);
        const restMs = untilMs - context.clock.now();
        if (isAtRest(found.payment) || restMs <= 0 || board.closed)
          return json(200, paymentView(found.payment, found.attempts));
        await board.wait(id, Math.min(restMs, LONG_POLL_LOOK_MS));
      }
    },

    async capturePayment(exchange, operation) {
      const body = exchange.body as Api.PaymentCapture;
      const amountOf = ({ currency }: Payment): number | null =>
        body.amount === undefined ? null : amountOfBody({ amount: body.amount, currency });
      const paymentId = String(exchange.parameters['payment_id']);
      const done = await captureDeposit(context, { ...idempotencyOf(exchange, operation), paymentId, amountOf });
      return json(200, paymentView(done.payment, done.attempts), done.replayed);
    },

    async voidPayment(exchange, operation) {
      const paymentId = String(exchange.parameters['payment_id']);
      const done = await voidDeposit(context, { ...idempotencyOf(exchange, operation), paymentId });
      return json(200, paymentView(done.payment, done.attempts), done.replayed);
    },

    async returnFromPsp({ parameters, request }): Promise<Answer> {
      const query: Record<string, string> = {};
      for (const [name, value] of Object.entries(request.query)) if (typeof value === 'string') query[name] = value;
      return { kind: 'redirect', location: await returnFromPsp(context, String(parameters['payment_id']), query) };
    },

    async receiveWebhook({ parameters, rawBody, request }) {
      const receipt = await receiveWebhook(context, String(parameters['psp']), {
        rawBody,
        headers: headersOf(request),
        path: request.originalUrl.replace(/\?.*$/s, ''),
      });
      return json(200, { received: true, duplicate: receipt.duplicate });
    },
  };
}

/** What is paid with: the client's token, or the sandbox's approving one; a kept method needs none. */
function tokenOf(body: Api.PaymentInit): string {
  if (body.stored_method_id === undefined) return body.payment_token ?? NEUTRAL_TOKENS[body.method];
  if (body.payment_token === undefined && body.store_method !== true) return '';
  const errors = [{ field: 'stored_method_id', message: 'comes alone: without payment_token and store_method' }];
  throw new ServiceError('validation_failed', 'A kept method is charged without a token, and is kept already.', {
    details: { errors },
  });
}

function checkReturnUrl(text: string): void {
  const protocol = protocolOf(text);
  if (protocol !== 'https:' && protocol !== 'http:') {
    const errors = [{ field: 'return_url', message: 'must be an absolute http or https URL' }];
    throw new ServiceError('validation_failed', 'The return_url must be an absolute http or https URL.', {
      details: { errors },
    });
  }
}

function protocolOf(url: string): string | null {
  try {
    return new URL(url).protocol;
  } catch {
    return null;
  }
}
