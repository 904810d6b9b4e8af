/**
 * The authorization flow of a payment: which steps stand before the bank's page, and the page.
 *
 *   start ─► [provider_selection] ─► [consent] ─► redirect ─► the payer acts ─► executed or failed
 *
 * A step is there only when the merchant says that his interface can do it.
 */
import { PspProblem } from '../../core/problem.ts';
import type { PaymentRecord } from '../../core/records.ts';
import type { Call, PspAnswer } from '../dialect.ts';
import { asDetails, detailsOf } from './details.ts';
import type { FlowStep, PaymentDetails } from './details.ts';
import { objectAt, requiredText, requiredUri } from './fields.ts';
import { DEFAULT_PROVIDER, providerOutcome } from './magic.ts';
import { addressed } from './payments.ts';
import { json, nextAction, statusOf } from './wire.ts';

export function startFlow(call: Call): PspAnswer {
  const payment = addressed(call);
  const details = detailsOf(payment);
  if (statusOf(payment) !== 'authorization_required') throw wrongState(payment, 'start its authorization flow');
  const returnUri = requiredUri(call.body, 'redirect.return_uri');
  const steps: FlowStep[] = [];
  if (details.providerId === null && objectAt(call.body, 'provider_selection') !== undefined)
    steps.push('provider_selection');
  if (objectAt(call.body, 'consent') !== undefined) steps.push('consent');
  return goOn(call, payment, { ...details, flow: { steps, returnUri } });
}

export function selectProvider(call: Call): PspAnswer {
  const { payment, details } = atStep(call, 'provider_selection');
  const providerId = requiredText(call.body, 'provider_id');
  providerOutcome(providerId, 'provider_id');
  return goOn(call, payment, { ...details, providerId });
}

export function giveConsent(call: Call): PspAnswer {
  const { payment, details } = atStep(call, 'consent');
  return goOn(call, payment, details);
}

/** The payment waits for this step, and has it behind itself now. */
function atStep(call: Call, step: FlowStep): { payment: PaymentRecord; details: PaymentDetails } {
  const payment = addressed(call);
  const details = detailsOf(payment);
  const { flow } = details;
  if (payment.state !== 'created' || flow?.steps[0] !== step) throw wrongState(payment, `submit ${step}`);
  return { payment, details: { ...details, flow: { ...flow, steps: flow.steps.slice(1) } } };
}

/** Remembers how far the flow is; without steps left, the payer goes to the bank. */
function goOn(call: Call, payment: PaymentRecord, details: PaymentDetails): PspAnswer {
  const { bank } = call.psp;
  const { flow } = details;
  if (flow === null) throw wrongState(payment, 'go on');
  if (flow.steps.length > 0) bank.setDetails(payment.pspReference, asDetails(details));
  else {
    const providerId = details.providerId ?? DEFAULT_PROVIDER;
    bank.confirmPayment({
      pspReference: payment.pspReference,
      outcome: { ...providerOutcome(providerId, 'provider_id'), page: 'bank' },
      returnUrl: flow.returnUri,
      details: asDetails({ ...details, providerId }),
    });
  }
  const after = bank.payment(payment.pspReference);
  return json(200, {
    status: statusOf(after),
    authorization_flow: { actions: { next: nextAction(after, call.psp) } },
  });
}

function wrongState(payment: PaymentRecord, wanted: string): PspProblem {
  return new PspProblem('invalid-state', `A payment that is ${statusOf(payment)} cannot ${wanted}.`);
}
