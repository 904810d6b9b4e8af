/**
 * Orders v2: create, show, update, confirm a payment source, and the payer's way to the
 * approval page. An order that names a card or something saved is charged at once; one that
 * names a PayPal account waits for the payer; one that names nothing waits for either.
 */
import type { PaymentRecord } from '../../core/records.ts';
import type { Call, PspAnswer } from '../dialect.ts';
import { asDetails, orderDetails, type OrderDetails } from './details.ts';
import {
  invalidRequest,
  jsonAnswer,
  missing,
  NO_CONTENT,
  notSimulated,
  unknownResource,
  unprocessable,
} from './errors.ts';
import { arrayAt, choiceAt, moneyAt, objectAt, textAt, type JsonObject } from './fields.ts';
import { newOrderId } from './ids.ts';
import { walletMagic, walletOutcome } from './magic.ts';
import { afterCharge, confirm, instrumentDeclined, orderForm, orderOf, sourceDetails } from './order-steps.ts';
import { chargesDirectly, sourceIn, urlsIn, type GivenSource } from './source.ts';
import { orderAnswer, orderStatus } from './wire.ts';

const UNIT = '/purchase_units/0';

export function createOrder(call: Call): PspAnswer {
  const { body, psp, request } = call;
  const intent = choiceAt(body, 'intent', { choices: ['CAPTURE', 'AUTHORIZE'] as const });
  if (intent === undefined) throw missing('/intent');
  const unit = unitIn(body);
  const amount = moneyAt(unit, 'amount', { path: UNIT });
  if (amount === undefined) throw missing(`${UNIT}/amount`);
  if (chargesDirectly(body)) requireRequestId(request.headers['paypal-request-id']);
  const given = sourceIn(body, psp);
  const context = urlsIn(objectAt(body, 'application_context'), '/application_context');
  const details = newDetails(intent, unit, given);
  refuseUsedInvoice(call, details);
  const record = psp.bank.createPayment({
    pspReference: newOrderId(psp),
    reference: referenceOf(details),
    ...amount,
    captureMode: intent === 'CAPTURE' ? 'automatic' : 'manual',
    outcome: given?.outcome ?? null,
    method: given?.source.kind ?? 'paypal',
    methodToken: given?.token ?? null,
    returnUrl: given?.returnUrl ?? context.returnUrl,
    details: asDetails({ ...details, cancelUrl: given?.cancelUrl ?? context.cancelUrl }),
  });
  if (record.state === 'declined' && record.method === 'paypal') throw instrumentDeclined();
  return jsonAnswer(201, orderAnswer(afterCharge(record, psp), psp, orderForm(call, record)));
}

export function showOrder(call: Call): PspAnswer {
  const record = orderOf(call);
  if (!call.isVisible(record, 0)) throw unknownResource();
  return jsonAnswer(200, orderAnswer(record, call.psp, 'whole'));
}

/** JSON patch of what only describes the order. */
export function updateOrder(call: Call): PspAnswer {
  const { psp, body } = call;
  const record = orderOf(call);
  const status = orderStatus(record, psp);
  if (status === 'COMPLETED' || status === 'VOIDED')
    throw unprocessable('ORDER_ALREADY_COMPLETED', 'The order cannot be patched after it is completed.');
  const changes: Partial<OrderDetails> = {};
  for (const [index, step] of (arrayAt(body, 'patch') ?? []).entries()) {
    const op = choiceAt(step, 'op', { choices: ['add', 'replace', 'remove'] as const, path: `/${index}` });
    const field = patchedField(textAt(step, 'path', `/${index}`) ?? '');
    changes[field] = op === 'remove' ? null : (textAt(step, 'value', `/${index}`) ?? null);
  }
  psp.bank.setDetails(record.pspReference, asDetails({ ...orderDetails(record), ...changes }));
  return NO_CONTENT;
}

/** Names the source; a card that needs no payer waits, approved, for the merchant's next call. */
export function confirmSource(call: Call): PspAnswer {
  const { body, psp } = call;
  const record = orderOf(call);
  if (record.state !== 'created' && !(record.state === 'declined' && record.method === 'paypal'))
    throw unprocessable('ORDER_ALREADY_COMPLETED', 'The order cannot take another payment source any more.');
  const given = sourceIn(body, psp);
  if (given === null) throw missing('/payment_source');
  const needsPayer = given.outcome.page !== undefined || given.outcome.threeDs === 'challenge';
  if (needsPayer) {
    const confirmed = confirm(call, record, given);
    return jsonAnswer(200, orderAnswer(confirmed, psp, orderForm(call, confirmed)));
  }
  const details = { ...orderDetails(record), ...sourceDetails(given), pending: given.outcome };
  psp.bank.setDetails(record.pspReference, asDetails(details));
  return jsonAnswer(200, orderAnswer(psp.bank.payment(record.pspReference), psp, orderForm(call, record)));
}

/** `GET /checkoutnow?token=…`: a browser that followed the order's approve link goes on to the page. */
export function startApproval(call: Call): PspAnswer {
  const { psp, request } = call;
  const record = psp.bank.findPayment(request.query.get('token') ?? '');
  if (record === undefined) throw unknownResource();
  const opened = record.state === 'created' ? openWallet(call, record) : record;
  if (opened.challengeId === null)
    throw unprocessable('ORDER_ALREADY_COMPLETED', 'This order cannot be approved any more.');
  return { status: 302, headers: { location: psp.challengeUrl(opened.challengeId) }, body: '' };
}

/** The merchant's reference of an order that is about to be created; the body may be nonsense. */
export function referenceInBody({ body }: Call): string | null {
  const units = body['purchase_units'];
  const unit: unknown = Array.isArray(units) ? units[0] : undefined;
  if (typeof unit !== 'object' || unit === null) return null;
  const { custom_id: custom, invoice_id: invoice, reference_id: reference } = unit as Record<string, unknown>;
  const found = [custom, invoice, reference].find((value) => typeof value === 'string' && value !== '');
  return typeof found === 'string' && found !== DEFAULT_REFERENCE ? found : null;
}

const DEFAULT_REFERENCE = 'default';

/** `custom_id`, else `invoice_id`, else a `reference_id` that is not PayPal's own default. */
function referenceOf({ customId, invoiceId, referenceId }: OrderDetails): string | null {
  return customId ?? invoiceId ?? (referenceId === DEFAULT_REFERENCE ? null : referenceId);
}

function openWallet({ psp }: Call, record: PaymentRecord): PaymentRecord {
  return psp.bank.confirmPayment({
    pspReference: record.pspReference,
    outcome: walletOutcome(walletMagic(null)),
    method: 'paypal',
    details: asDetails({ attempt: orderDetails(record).attempt + 1 }),
  });
}

function newDetails(
  intent: OrderDetails['intent'],
  unit: JsonObject,
  given: GivenSource | null,
): Omit<OrderDetails, 'cancelUrl'> & { cancelUrl: null } {
  const text = (name: string): string | null => textAt(unit, name, UNIT) ?? null;
  return {
    intent,
    referenceId: text('reference_id') ?? DEFAULT_REFERENCE,
    customId: text('custom_id'),
    invoiceId: text('invoice_id'),
    description: text('description'),
    softDescriptor: text('soft_descriptor'),
    cancelUrl: null,
    attempt: given === null ? 0 : 1,
    pending: null,
    captureInvoices: {},
    ...(given === null ? { source: null, vault: null, magic: null } : sourceDetails(given)),
  };
}

function unitIn(body: JsonObject): JsonObject {
  const units = arrayAt(body, 'purchase_units');
  const unit = units?.[0];
  if (unit === undefined) throw missing('/purchase_units');
  if ((units?.length ?? 0) > 1) throw notSimulated('An order with several purchase units');
  return unit;
}

function requireRequestId(key: string | undefined): void {
  if (key !== undefined && key !== '') return;
  throw invalidRequest({
    field: 'PayPal-Request-Id',
    location: 'header',
    issue: 'PAYPAL_REQUEST_ID_REQUIRED',
    description:
      "A PayPal-Request-Id is required if you are trying to process payment for an Order. Please specify a PayPal-Request-Id or Create the Order without a 'payment_source' specified.",
  });
}

/** PayPal takes an invoice number once; another order with the same reference shows whether it was paid. */
function refuseUsedInvoice({ psp }: Call, details: OrderDetails): void {
  const reference = referenceOf(details);
  if (details.invoiceId === null || reference === null) return;
  const used = psp.bank
    .payments({ reference })
    .some((record) => record.capturedMinor > 0 && orderDetails(record).invoiceId === details.invoiceId);
  if (used)
    throw unprocessable(
      'DUPLICATE_INVOICE_ID',
      'Duplicate Invoice ID detected. To avoid a potential duplicate transaction your account setting requires that Invoice Id be unique for each transaction.',
      `${UNIT}/invoice_id`,
    );
}

function patchedField(path: string): 'customId' | 'invoiceId' | 'description' | 'softDescriptor' {
  const name = /^\/purchase_units\/@reference_id=='[^']*'\/(\w+)$/.exec(path)?.[1];
  const fields = {
    custom_id: 'customId',
    invoice_id: 'invoiceId',
    description: 'description',
    soft_descriptor: 'softDescriptor',
  } as const;
  if (name === undefined || !Object.hasOwn(fields, name)) throw notSimulated(`Patching '${path}'`);
  return fields[name as keyof typeof fields];
}
