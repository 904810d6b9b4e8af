/** Routes about disputes: the cardholder's bank takes money back, the merchant answers, somebody decides. */
import { Router } from 'express';
import type { DisputeReason, PaymentRecord } from '../core/records.ts';
import type { Psp } from '../engine/psp.ts';
import { disputeView } from './book-views.ts';
import { ControlProblem } from './problem.ts';
import { bodyOf, filterOf, oneOf, optionalAmount, optionalText, pathParam } from './read-input.ts';
import { pspNamed, pspsOf } from './setting.ts';
import type { ControlSetting } from './setting.ts';

const REASONS: readonly DisputeReason[] = [
  'fraudulent',
  'product_not_received',
  'product_unacceptable',
  'duplicate',
  'credit_not_processed',
  'general',
];

export function disputeRoutes(run: ControlSetting): Router {
  const router = Router();

  router.get('/disputes', (request, response) => {
    const reference = filterOf(request, 'reference');
    response.json(
      pspsOf(run, request.query['psp']).flatMap((psp) =>
        psp.bank
          .disputes(reference === undefined ? undefined : { reference })
          .map((dispute) => ({ psp: psp.name, ...disputeView(dispute) })),
      ),
    );
  });

  router.post('/disputes/:psp', async (request, response) => {
    const psp = pspNamed(run, pathParam(request, 'psp'));
    const body = bodyOf(request, ['payment', 'reason', 'amount_minor', 'ends']);
    const payment = paymentOf(psp, optionalText(body['payment'], 'payment'));
    const reason = oneOf(body['reason'] ?? 'fraudulent', 'reason', REASONS);
    const amountMinor = optionalAmount(body['amount_minor'], 'amount_minor');
    const ends = body['ends'] == null ? null : oneOf(body['ends'], 'ends', ['won', 'lost', 'reversed']);
    const command = psp.dialect.samples.dispute(psp.context, payment, reason);
    psp.during(undefined, () =>
      psp.bank.openDispute({
        ...command,
        ...(amountMinor === undefined ? {} : { amountMinor }),
        ends,
      }),
    );
    await run.advance();
    response.status(201).json({ psp: psp.name, ...disputeView(psp.bank.dispute(command.pspReference)) });
  });

  router.post('/disputes/:psp/:reference', async (request, response) => {
    const psp = pspNamed(run, pathParam(request, 'psp'));
    const id = pathParam(request, 'reference');
    const action = oneOf(bodyOf(request, ['action'])['action'], 'action', ['evidence', 'won', 'lost', 'reversed']);
    psp.during(undefined, () => {
      if (action === 'evidence') psp.bank.submitEvidence(id);
      else if (action === 'reversed') psp.bank.reverseDispute(id);
      else psp.bank.closeDispute(id, action);
    });
    await run.advance();
    response.json({ psp: psp.name, ...disputeView(psp.bank.dispute(id)) });
  });

  return router;
}

/** By the PSP's reference, or the newest captured payment with the merchant's. */
function paymentOf(psp: Psp, wanted: string | undefined): PaymentRecord {
  if (wanted === undefined)
    throw new ControlProblem('invalid', "payment must be the PSP's or the merchant's reference of a payment");
  const payments = psp.bank.payments({ reference: wanted });
  const found =
    psp.bank.findPayment(wanted) ?? payments.findLast(({ capturedMinor }) => capturedMinor > 0) ?? payments.at(-1);
  if (found !== undefined) return found;
  throw new ControlProblem('not_found', `There is no payment ${JSON.stringify(wanted)} at ${psp.name}`);
}
