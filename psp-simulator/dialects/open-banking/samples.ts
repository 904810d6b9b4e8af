/** How the simulator makes records of this dialect without a request, with the same details as the routes. */
import type { DialectSamples } from '../dialect.ts';
import { accountId } from './account-ids.ts';
import { asDetails } from './details.ts';
import type { PaymentDetails } from './details.ts';
import { uuidOf } from './keys.ts';
import { DEFAULT_PROVIDER } from './magic.ts';

export const openBankingSamples: DialectSamples = {
  payment: (psp, { reference, amountMinor, currency, captureMode }) => {
    const details: PaymentDetails = {
      userId: uuidOf(`user of ${reference}`),
      paymentMethod: {
        type: 'bank_transfer',
        provider_selection: { type: 'preselected', provider_id: DEFAULT_PROVIDER },
        beneficiary: { type: 'merchant_account', merchant_account_id: accountId(psp, currency) },
      },
      beneficiary: 'merchant_account',
      providerId: DEFAULT_PROVIDER,
      metadata: { reference },
      flow: null,
    };
    return {
      pspReference: psp.ids.uuid(),
      reference,
      amountMinor,
      currency,
      captureMode,
      method: 'bank_transfer',
      details: asDetails(details),
    };
  },
  refund: (psp, payment, amountMinor) => ({
    pspReference: psp.ids.uuid(),
    paymentPspReference: payment.pspReference,
    reference: null,
    details: { statement: 'refund', metadata: {} },
    ...(amountMinor === undefined ? {} : { amountMinor }),
  }),
  payout: (psp, { reference, amountMinor, currency }) => ({
    pspReference: psp.ids.uuid(),
    reference,
    amountMinor,
    currency,
    failureReason: 'scheme_error',
    details: { metadata: { reference }, beneficiary: { type: 'external_account', reference, account_ending: '0001' } },
  }),
  // A transfer that a payer has sent cannot be taken back; only the core's own command can say otherwise.
  dispute: (psp, payment, reason) => ({
    pspReference: psp.ids.uuid(),
    paymentPspReference: payment.pspReference,
    reason,
    evidenceLifeMs: psp.profile.disputeEvidenceMs,
  }),
  captureId: (psp) => psp.ids.uuid(),
};
