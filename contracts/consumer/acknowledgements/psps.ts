/**
 * How each PSP's deliveries look on the wire, as far as their acknowledgement depends on it: where
 * the signature stands, what a bad one looks like, and where the time is signed.
 */
import { Matchers } from '@pact-foundation/pact';
import { isoMoment } from '../matchers.ts';
import type { ContractedDialect } from '../example-credentials.ts';

const { like, regex } = Matchers;

type Headers = Readonly<Record<string, unknown>>;

export interface AckPsp {
  /** The consumer of the pact, where it is not the dialect: one that delivers in two forms. */
  form?: string;
  dialect: ContractedDialect;
  /** Where the service takes its events. */
  path: string;
  /** An event that is delivered alone. */
  event: string;
  /** Of a delivery that is to be taken; beside the content type. */
  signed: Headers;
  /** What of `signed` a signature that nobody could have made is instead; absent where nothing is signed. */
  bad?: Headers;
  /** What of `signed` a delivery of long ago has instead; absent where no time is signed. */
  old?: Headers;
  contentType: string;
  /** The event, where the pact shows it. */
  body?: object;
  /** Of the simulated PSP, so that it delivers in this form. */
  profile?: Record<string, unknown>;
}

const hex = 'c0'.repeat(32);
const base64 = 'c29tZSBzaWduYXR1cmU=';
const recent = regex(/^1[7-9]\d{8}$/, '1767603600');
const long = regex(/^1[0-6]\d{8}$/, '1400000000');
const anyBase64 = regex(/^[A-Za-z0-9+/]+=*$/, base64);
const JSON_TYPE = 'application/json';
const JSON_UTF8 = 'application/json; charset=utf-8';

export const ACK_PSPS: readonly AckPsp[] = [
  {
    dialect: 'acme',
    path: '/v1/payments/webhook/acme',
    event: 'payment.captured',
    contentType: JSON_TYPE,
    signed: { 'X-Timestamp': recent, 'X-Signature': regex(/^sha256=[0-9a-f]{64}$/, `sha256=${hex}`) },
    bad: { 'X-Signature': 'sha256=not-a-signature' },
    old: { 'X-Timestamp': long },
    body: {
      event_id: like('aevt_contract'),
      type: 'payment',
      status: like('captured'),
      payment_id: like('apay_contract'),
      reference: like('att_ack'),
      amount: regex(/^\d+\.\d{2}$/, '50.00'),
      captured_amount: regex(/^\d+\.\d{2}$/, '50.00'),
      currency: 'EUR',
      timestamp: isoMoment,
    },
  },
  {
    dialect: 'stripe',
    path: '/v1/payments/webhook/stripe',
    event: 'payment_intent.succeeded',
    contentType: JSON_UTF8,
    signed: { 'Stripe-Signature': regex(/^t=1[7-9]\d{8},v1=[0-9a-f]{64}$/, `t=1767603600,v1=${hex}`) },
    bad: { 'Stripe-Signature': 'v1=not-a-signature' },
    old: { 'Stripe-Signature': regex(/^t=1[0-6]\d{8},v1=[0-9a-f]{64}$/, `t=1400000000,v1=${hex}`) },
  },
  {
    dialect: 'adyen',
    path: '/v1/payments/webhook/adyen',
    event: 'AUTHORISATION',
    contentType: JSON_UTF8,
    // Its signature stands in the body, and covers no time.
    signed: {},
    bad: {},
  },
  {
    dialect: 'checkout',
    path: '/v1/payments/webhook/checkout',
    event: 'payment_declined',
    contentType: JSON_UTF8,
    signed: { 'Cko-Signature': regex(/^[0-9a-f]{64}$/, hex) },
    bad: { 'Cko-Signature': 'not-a-signature' },
  },
  {
    dialect: 'paypal',
    path: '/v1/payments/webhook/paypal',
    event: 'PAYMENT.CAPTURE.COMPLETED',
    contentType: JSON_TYPE,
    signed: {
      'Paypal-Auth-Algo': 'SHA256withRSA',
      'Paypal-Cert-Url': regex(/^https?:\/\/.+\/v1\/notifications\/certs\/.+/, 'https://psp/v1/notifications/certs/C'),
      'Paypal-Transmission-Id': like('c0c0c0c0-0000-4000-8000-000000000000'),
      'Paypal-Transmission-Time': regex(/^20(2[5-9]|[3-9]\d)-.+Z$/, '2026-01-05T09:00:00Z'),
      'Paypal-Transmission-Sig': anyBase64,
    },
    bad: { 'Paypal-Transmission-Sig': 'not a signature' },
    old: { 'Paypal-Transmission-Time': regex(/^201\d-.+Z$/, '2014-05-13T16:53:20Z') },
  },
  {
    dialect: 'mollie',
    path: '/v1/payments/webhook/mollie',
    event: 'payment.paid',
    contentType: JSON_TYPE,
    profile: { webhookEvents: ['payment.paid'] },
    signed: { 'X-Mollie-Signature': regex(/^sha256=[0-9a-f]{64}$/, `sha256=${hex}`) },
    bad: { 'X-Mollie-Signature': 'sha256=not-a-signature' },
  },
  {
    // Unsigned, and half of it is a form as well: all that it can do is to have a payment read.
    form: 'mollie-classic',
    dialect: 'mollie',
    path: '/v1/payments/webhook/mollie-classic',
    event: 'payment.paid',
    contentType: 'application/x-www-form-urlencoded',
    signed: {},
  },
  {
    dialect: 'open-banking',
    path: '/v1/payments/webhook/open-banking',
    event: 'payment_failed',
    contentType: JSON_TYPE,
    signed: {
      'X-Tl-Webhook-Timestamp': regex(/^20(2[5-9]|[3-9]\d)-.+Z$/, '2026-01-05T09:00:00.000Z'),
      'Tl-Signature': regex(/^[\w-]+\.\.[\w-]+$/, `${'e'.repeat(40)}..${'A'.repeat(170)}`),
    },
    bad: { 'Tl-Signature': 'not-a-signature' },
    old: { 'X-Tl-Webhook-Timestamp': regex(/^201\d-.+Z$/, '2014-05-13T16:53:20.000Z') },
  },
];
