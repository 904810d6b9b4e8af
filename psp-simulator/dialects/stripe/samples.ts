/** How the simulator itself makes payments, refunds, payouts and disputes of this dialect. */
import type { CreatePayment } from '../../core/bank.ts';
import type { PaymentRecord } from '../../core/records.ts';
import type { DialectSamples, PspContext, SampleWish } from '../dialect.ts';
import { asDetails, captureIdOf, chargeIdOf } from './details.ts';

export const stripeSamples: DialectSamples = {
  payment: samplePayment,
  refund: (psp, payment, amountMinor) => ({
    pspReference: psp.ids.next('re'),
    paymentPspReference: payment.pspReference,
    reference: null,
    ...(amountMinor === undefined ? {} : { amountMinor }),
    details: asDetails({ metadata: {}, reason: null, chargeId: chargeIdOf(payment) }),
  }),
  payout: (psp, { reference, amountMinor, currency }) => ({
    pspReference: psp.ids.next('po'),
    reference,
    amountMinor,
    currency,
    details: asDetails({
      metadata: { reference },
      description: null,
      destination: `ba_assay${psp.name}`,
      method: 'standard',
      sourceType: 'card',
      statementDescriptor: null,
    }),
  }),
  dispute: (psp, payment, reason) => ({
    pspReference: psp.ids.next('dp'),
    paymentPspReference: payment.pspReference,
    reason,
    evidenceLifeMs: psp.profile.disputeEvidenceMs,
    details: asDetails({ metadata: {}, evidence: {}, chargeId: chargeIdOf(payment), submissions: 0 }),
  }),
  captureId: (_psp: PspContext, payment: PaymentRecord) => captureIdOf(payment),
};

function samplePayment(psp: PspContext, wish: SampleWish): Omit<CreatePayment, 'outcome'> {
  const pspReference = psp.ids.next('pi');
  return {
    pspReference,
    reference: wish.reference,
    amountMinor: wish.amountMinor,
    currency: wish.currency,
    captureMode: wish.captureMode,
    returnUrl: null,
    details: asDetails({
      kind: 'intent',
      metadata: { reference: wish.reference },
      description: null,
      receiptEmail: null,
      customer: null,
      statementDescriptor: null,
      statementDescriptorSuffix: null,
      setupFutureUsage: null,
      transferGroup: null,
      paymentMethodTypes: ['card'],
      allowedTypes: null,
      allowRedirects: null,
      captureMethod: wish.captureMode,
      confirmationMethod: 'automatic',
      multicapture: wish.captureMode === 'manual',
      requestThreeDs: 'automatic',
      card: 'visa',
      method: null,
      attempt: 1,
      clientSecret: `${pspReference}_secret_${psp.random.hex(12, 'stripe-client-secret', pspReference)}`,
      cancellationReason: null,
      lockShown: false,
      session: null,
    }),
  };
}
