/** How the simulator makes things of this dialect without a request: as the routes would have stored them. */
import type { DialectSamples } from '../dialect.ts';
import { asDetails } from './details.ts';
import { balanceId } from './settlement-ids.ts';

export const mollieSamples: DialectSamples = {
  payment: (psp, wish) => ({
    pspReference: psp.ids.next('tr'),
    ...wish,
    returnUrl: 'https://merchant.example/return',
    method: 'creditcard',
    details: asDetails({
      description: `Order ${wish.reference}`,
      metadata: { reference: wish.reference },
      // With an address of its own a payment is told of by the classic webhook, as most merchants do it.
      webhookUrl: 'https://merchant.example/mollie',
      cancelUrl: null,
      locale: null,
      askedMethod: 'creditcard',
      sequenceType: 'oneoff',
      customerId: null,
      mandateId: null,
      scheme: 'visa',
      wallet: null,
      echo: {},
      captureNotes: {},
    }),
  }),
  refund: (psp, payment, amountMinor) => ({
    pspReference: psp.ids.next('re'),
    paymentPspReference: payment.pspReference,
    reference: payment.reference,
    ...(amountMinor === undefined ? {} : { amountMinor }),
    outcome: 'pending',
    details: asDetails({ description: `Refund of ${payment.pspReference}`, metadata: null, canceled: false }),
  }),
  payout: (psp, wish) => ({
    pspReference: psp.ids.next('payout'),
    reference: wish.reference,
    amountMinor: wish.amountMinor,
    currency: wish.currency,
    details: asDetails({ description: wish.reference, balanceId: balanceId(psp, wish.currency) }),
  }),
  dispute: (psp, payment, reason) => ({
    pspReference: psp.ids.next('chb'),
    paymentPspReference: payment.pspReference,
    reason,
    evidenceLifeMs: psp.profile.disputeEvidenceMs,
  }),
  captureId: (psp) => psp.ids.next('cpt'),
};
