/**
 * What the tests of all adapters must know of each dialect, and no more: its tokens and codes, what
 * it answers at once and what it tells later. What holds for all of them is in the tests.
 */
import assert from 'node:assert/strict';
import type { PspDialect, PspPaymentAttempt } from '../reference-service/index.ts';
import { attempt, inAdapterWorld, MONEY, URLS } from './adapter-world.ts';
import type { AdapterWorld } from './adapter-world.ts';

type Wish = Partial<PspPaymentAttempt>;

export interface Page {
  wish: Wish;
  action: 'approve' | 'fail' | 'cancel';
  kind: 'approved' | 'declined' | 'canceled';
  code?: string;
  /** No event tells of it: without our next call nothing happens at the PSP. */
  silent?: true;
}

export interface Traits {
  /** A payment that ends approved. */
  pays: Wish;
  /** Tokens that are approved without the payer. */
  atOnce: readonly string[];
  declines: readonly (readonly [token: string, code: string])[];
  pages: readonly Page[];
  /** What it cannot do, refused before a byte is sent. */
  impossible: readonly Wish[];
  /** Amounts in currencies that it counts in its own way. */
  moneys: readonly { amountMinor: number; currency: string }[];
  /** An id of its form that it never gave. */
  unknownId: string;
  /** Captures, voids and cancels are answered `received`, and told by event. */
  changesLater: boolean;
  /** A payment that nobody has paid yet can be cancelled there. */
  cancelsOpen: boolean;
  refunds: 'refunded' | 'received';
  refundFails: Wish;
  disputes: readonly (readonly [token: string, ...outcomes: string[]])[];
  /** Brand and last digits of the card that is kept. */
  keeps: readonly [brand: string, last4: string] | null;
  payouts: readonly string[];
}

const challenges: readonly Page[] = [
  { wish: { token: 'card_3ds' }, action: 'approve', kind: 'approved' },
  { wish: { token: 'card_3ds' }, action: 'fail', kind: 'declined' },
  { wish: { token: 'card_3ds_declined' }, action: 'approve', kind: 'declined' },
];
const card = {
  pays: {},
  atOnce: ['card_ok', 'card_3ds_frictionless'],
  pages: challenges,
  refundFails: { token: 'card_refund_fails' },
  disputes: [['card_disputed', 'dispute_opened', 'dispute_lost']],
  changesLater: false,
  cancelsOpen: true,
} as const;
const yen = { amountMinor: 500, currency: 'JPY' };
const dinar = { amountMinor: 1_230, currency: 'KWD' };
const krona = { amountMinor: 700, currency: 'ISK' };
const rupiah = { amountMinor: 70_000, currency: 'IDR' };
const soft = 'authentication_required';

function page(method: PspPaymentAttempt['method'], token: string, more: Partial<Page> = {}, wish: Wish = {}): Page {
  return { wish: { method, token, ...wish }, action: 'approve', kind: 'approved', ...more };
}

export const TRAITS: Readonly<Record<PspDialect, Traits>> = {
  acme: {
    ...card,
    declines: [
      ['card_declined', 'do_not_honor'],
      ['card_insufficient_funds', 'insufficient_funds'],
      ['card_soft_decline', soft],
    ],
    pages: [
      ...challenges,
      page('ewallet', 'ewallet_ok'),
      page('ewallet', 'ewallet_ok', { action: 'fail', kind: 'declined' }),
      page('ewallet', 'ewallet_declined', { kind: 'declined' }),
      page('p2p', 'p2p_ok'),
      page('voucher', 'voucher_ok'),
    ],
    impossible: [{ method: 'bank', token: 'bank_ok' }, { token: 'card_from_nowhere' }],
    moneys: [yen, dinar, krona, rupiah],
    unknownId: 'apay_unknown',
    refunds: 'refunded',
    keeps: ['visa', '4242'],
    payouts: ['card', 'ewallet', 'bank'],
  },
  stripe: {
    ...card,
    declines: [
      ['card_declined', 'generic_decline'],
      ['card_insufficient_funds', 'insufficient_funds'],
      ['card_soft_decline', soft],
    ],
    impossible: [{ method: 'ewallet', token: 'ewallet_ok' }, { token: 'card_from_nowhere' }],
    moneys: [yen, dinar, krona, rupiah],
    unknownId: 'pi_unknown',
    refunds: 'refunded',
    keeps: ['visa', '4242'],
    payouts: ['card', 'bank'],
  },
  adyen: {
    ...card,
    declines: [
      ['card_declined', 'Refused'],
      ['card_insufficient_funds', 'Not enough balance'],
      ['card_soft_decline', soft],
    ],
    impossible: [{ method: 'bank', token: 'bank_ok' }, { token: 'card_from_nowhere' }],
    moneys: [yen, dinar, krona, rupiah],
    unknownId: 'UNKNOWN000000000',
    changesLater: true,
    refunds: 'received',
    keeps: ['visa', '1142'],
    payouts: ['card'],
  },
  checkout: {
    ...card,
    declines: [
      ['card_declined', '20062'],
      ['card_insufficient_funds', '20051'],
      ['card_soft_decline', '20154'],
    ],
    impossible: [{ method: 'ewallet', token: 'ewallet_ok' }, { token: 'card_from_nowhere' }],
    moneys: [yen, dinar, { amountMinor: 700, currency: 'CLP' }],
    unknownId: 'pay_unknown',
    changesLater: true,
    cancelsOpen: false,
    refunds: 'received',
    disputes: [...card.disputes, ['card_disputed_won', 'dispute_opened', 'dispute_won']],
    keeps: ['visa', '4242'],
    payouts: ['card', 'bank'],
  },
  paypal: {
    ...card,
    declines: [
      ['card_declined', '0500'],
      ['card_insufficient_funds', '5120'],
      ['card_soft_decline', '5650'],
    ],
    pages: [
      page('card', 'card_3ds'),
      page('card', 'card_3ds', { action: 'fail', kind: 'declined', code: 'authentication_failed', silent: true }),
      page('card', 'card_3ds_declined', { kind: 'declined', code: '0500' }),
      page('ewallet', 'ewallet_ok'),
      page('ewallet', 'ewallet_declined', { kind: 'declined', code: 'INSTRUMENT_DECLINED', silent: true }),
    ],
    impossible: [{ method: 'bank', token: 'bank_ok' }, { token: 'card_from_nowhere' }],
    moneys: [yen, { amountMinor: 50_000, currency: 'HUF' }, { amountMinor: 705, currency: 'SEK' }],
    unknownId: '5O190127TN364715T',
    cancelsOpen: false,
    refunds: 'refunded',
    disputes: [...card.disputes, ['card_disputed_won', 'dispute_opened', 'dispute_won']],
    keeps: ['visa', '1881'],
    payouts: ['ewallet'],
  },
  mollie: {
    ...card,
    declines: [
      ['card_declined', 'card_declined'],
      ['card_insufficient_funds', 'insufficient_funds'],
      ['card_soft_decline', soft],
    ],
    pages: [
      ...challenges,
      page('card', 'creditcard'),
      page('ewallet', 'ewallet_ok'),
      page('ewallet', 'ewallet_ok', { action: 'cancel', kind: 'canceled' }),
      page('ewallet', 'ewallet_declined', { kind: 'declined' }),
      page('bank', 'bank_ok'),
      page('bank', 'bank_ok', {}, { currency: 'SEK' }),
      page('bank', 'bancontact'),
      page('bank', 'bank_declined', { kind: 'declined' }),
      page('p2p', 'p2p_ok', {}, { currency: 'PLN' }),
      page('voucher', 'voucher_ok'),
    ],
    impossible: [
      { token: 'card_from_nowhere' },
      { token: '4111' },
      { method: 'bank', token: 'bank_from_nowhere' },
      { method: 'p2p', token: 'p2p_ok' },
      { method: 'voucher', token: 'voucher_ok', currency: 'GBP' },
      { method: 'ewallet', token: 'ewallet_ok', capture: 'manual' },
      { method: 'bank', token: 'bank_ok', storeMethod: true },
      { token: '', storedToken: 'pm_of_another_psp' },
    ],
    moneys: [yen, krona, { amountMinor: 70_000, currency: 'HUF' }],
    unknownId: 'tr_unknown',
    refunds: 'received',
    disputes: [
      ['card_disputed', 'dispute_opened'],
      ['tkn_assay_dispute_won', 'dispute_opened', 'dispute_won'],
    ],
    keeps: ['visa', '1111'],
    payouts: [],
  },
  'open-banking': {
    ...card,
    pays: { method: 'bank', token: 'bank_ok' },
    atOnce: [],
    declines: [],
    pages: [
      page('bank', 'bank_ok'),
      page('bank', 'bank_declined', { kind: 'declined', code: 'provider_rejected' }),
      page('bank', 'bank_insufficient_funds', { kind: 'declined', code: 'insufficient_funds' }),
      page('bank', 'bank_unavailable', { kind: 'declined', code: 'provider_error' }),
      page('bank', 'bank_ok', { action: 'fail', kind: 'declined', code: 'authorization_failed' }),
      page('bank', 'bank_ok', { action: 'cancel', kind: 'canceled' }),
    ],
    impossible: [
      { method: 'card', token: 'card_ok' },
      { token: 'bank_from_nowhere' },
      { token: '' },
      { currency: 'JPY' },
      { capture: 'manual' },
      { storeMethod: true },
    ],
    moneys: [{ amountMinor: 1_234, currency: 'GBP' }],
    unknownId: '6b6b1a3c-0000-4000-a000-000000000000',
    refunds: 'received',
    refundFails: { method: 'bank', token: 'bank_refund_fails' },
    disputes: [],
    keeps: null,
    payouts: ['bank'],
  },
};

export const DIALECTS = Object.keys(TRAITS) as PspDialect[];

/** The dialects that authorize first and capture later. */
export const TWO_STEP_DIALECTS = DIALECTS.filter((dialect) => dialect !== 'open-banking');

export function describeDialects(
  what: string,
  dialects: readonly PspDialect[],
  tests: (traits: Traits, inWorld: (work: (world: AdapterWorld) => Promise<void>) => Promise<void>) => void,
): void {
  for (const dialect of dialects)
    describe(`${dialect} adapter against the simulated ${dialect}, ${what}`, () =>
      tests(TRAITS[dialect], (work) => inAdapterWorld(dialect, work)));
}

export const asked = ({ adapter }: AdapterWorld, wish: Wish = {}): PspPaymentAttempt =>
  attempt({ ...TRAITS[adapter.dialect].pays, ...wish });

/** A payment to where nobody can do anything more about it: over the page and back, or asked until it is final. */
export async function complete(world: AdapterWorld, wish: Wish = {}, action: Page['action'] = 'approve') {
  const { adapter } = world;
  const payment = asked(world, wish);
  const created = await adapter.createPayment(payment, URLS);
  if (created.kind !== 'requires_action' && created.kind !== 'pending') return created;
  const known = { ...payment, pspReference: created.pspReference };
  if (created.kind === 'pending') return adapter.queryPayment(known);
  const query = await world.payer(created.redirectUrl, action);
  return adapter.submitReturn === undefined ? adapter.queryPayment(known) : adapter.submitReturn(known, query);
}

/** The report of a payment that was approved. */
export async function paid(world: AdapterWorld, wish: Wish = {}) {
  const report = await complete(world, wish);
  assert.ok(report.kind === 'approved', JSON.stringify(report));
  return report;
}

/** The PSP's id of a payment that is authorized and not captured. */
export async function authorized(world: AdapterWorld, wish: Wish = {}): Promise<string> {
  const report = await complete(world, { capture: 'manual', ...wish });
  assert.ok(report.kind === 'authorized', JSON.stringify(report));
  assert.deepEqual(report.money, MONEY);
  return report.pspReference;
}
