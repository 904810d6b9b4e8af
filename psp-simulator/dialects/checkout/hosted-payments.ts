/**
 * Hosted payments pages: POST /hosted-payments answers a link, and the payer pays there with a
 * card of his own. Until then there is no payment: the books hold one that waits, and neither
 * lists nor status queries show it (`isPayment`).
 */
import { isoTime } from '../../../kernel/index.ts';
import type { PaymentRecord } from '../../core/records.ts';
import type { Call, PspAnswer, PspContext } from '../dialect.ts';
import { asDetails, isPayment, paymentDetails } from './details.ts';
import { jsonAnswer, notFound, refusal } from './errors.ts';
import { flagAt, objectAt, optionalReference, requiredAmount, requiredCurrency, textAt } from './fields.ts';
import { newId, paymentIdOfTwin, twinId } from './ids.ts';
import { link } from './instruments.ts';
import { checkoutAmount } from './money.ts';
import { requestDetails, threeDsWish } from './payments.ts';
import { customerIn, sampleCard } from './vault.ts';
import { cleaned } from './wire.ts';

export function createHostedPayment(call: Call): PspAnswer {
  const { body, psp } = call;
  const currency = requiredCurrency(body);
  const amountMinor = requiredAmount(body, currency);
  if (textAt(objectAt(objectAt(body, 'billing'), 'address'), 'country') === undefined) {
    throw refusal('billing_address_country_required', 'billing.address.country');
  }
  const details = requestDetails(body, threeDsWish(body));
  if (details.successUrl === null) throw refusal('success_url_required', 'success_url');
  const reference = optionalReference(body);
  const customer = customerIn(psp, objectAt(body, 'customer'));
  const { view } = sampleCard(psp);
  const record = psp.bank.createPayment({
    pspReference: newId(psp, 'pay'),
    reference,
    amountMinor,
    currency,
    captureMode: flagAt(body, 'capture') === false ? 'manual' : 'automatic',
    outcome: { threeDs: 'none', page: 'hosted', issuer: { kind: 'approve' } },
    returnUrl: details.successUrl,
    details: asDetails({ ...details, card: view, customerId: link(psp, customer, null), hosted: true }),
  });
  return jsonAnswer(
    201,
    cleaned({
      id: twinId('hpp', record.pspReference),
      reference,
      _links: {
        self: { href: selfUrl(record, psp) },
        redirect: { href: psp.challengeUrl(record.challengeId ?? '') },
      },
    }),
  );
}

export function getHostedPayment(call: Call): PspAnswer {
  const { psp } = call;
  const record = hostedIn(call);
  if (record === undefined || !call.isVisible(record, 0)) throw notFound('hosted payment');
  const details = paymentDetails(record);
  const paid = isPayment(record) && record.state !== 'declined';
  return jsonAnswer(
    200,
    cleaned({
      id: call.params['id'],
      status: statusOf(record),
      payment_id: isPayment(record) ? record.pspReference : null,
      amount: checkoutAmount(record.amountMinor, record.currency),
      currency: record.currency,
      reference: record.reference,
      description: details.description,
      created_on: isoTime(record.createdAtMs),
      expires_on: isoTime(record.createdAtMs + psp.profile.challengeLifeMs),
      success_url: details.successUrl,
      failure_url: details.failureUrl,
      cancel_url: details.cancelUrl,
      _links: {
        self: { href: selfUrl(record, psp) },
        ...(paid ? { payment: { href: `${psp.url}/payments/${record.pspReference}` } } : {}),
        ...(record.state === 'requires_action' && record.challengeId !== null
          ? { redirect: { href: psp.challengeUrl(record.challengeId) } }
          : {}),
      },
    }),
  );
}

export function hostedIn({ psp, params }: Pick<Call, 'psp' | 'params'>): PaymentRecord | undefined {
  const id = paymentIdOfTwin('hpp', params['id'] ?? '');
  const record = id === undefined ? undefined : psp.bank.findPayment(id);
  return record !== undefined && paymentDetails(record).hosted ? record : undefined;
}

/** A declined attempt leaves the page open at Checkout.com; here it ends it, and stays "Payment Pending". */
function statusOf(record: PaymentRecord): 'Payment Pending' | 'Payment Received' | 'Expired' {
  if (record.declineReason === 'challenge_expired' || record.state === 'canceled') return 'Expired';
  return record.state === 'requires_action' || record.state === 'declined' ? 'Payment Pending' : 'Payment Received';
}

function selfUrl(record: PaymentRecord, psp: PspContext): string {
  return `${psp.url}/hosted-payments/${twinId('hpp', record.pspReference)}`;
}
