/**
 * What charging a test card leads to: authentication, the issuer's answer, and what happens to
 * the payment later. Pure; the table of cards is magic.ts.
 */
import type { CardOutcome, CardScheme, Fate, RefundRecord } from '../../core/records.ts';
import { ownMagic, type TestCard } from './magic.ts';

/** How the merchant wants the card to be charged. */
export interface ChargeWish {
  requestThreeDs: 'automatic' | 'any' | 'challenge';
  /** The cardholder is not there: nobody could answer a challenge. */
  offSession: boolean;
  /** The payment method was set up for off-session use before. */
  setUp: boolean;
  /** The merchant vouches for a low risk. */
  lowRisk: boolean;
  /** Of the intent; some keys are this simulator's own test values. */
  metadata: Readonly<Record<string, string>>;
}

export function outcomeOf(card: TestCard, wish: ChargeWish): CardOutcome {
  const shared = { scheme: schemeOf(card), fate: fateOf(card, wish.metadata) };
  const issuer =
    card.decline === undefined ? ({ kind: 'approve' } as const) : ({ kind: 'decline', reason: card.decline } as const);
  const asked = wish.requestThreeDs !== 'automatic';
  switch (authenticationOf(card, wish, asked)) {
    case 'challenge':
      return { ...shared, threeDs: 'challenge', issuer };
    case 'soft-decline':
      return { ...shared, threeDs: 'none', issuer: { kind: 'decline', reason: 'authentication_required' } };
    case 'error':
      return { ...shared, threeDs: 'none', issuer: { kind: 'decline', reason: 'authentication_error' } };
    case 'frictionless':
      return { ...shared, threeDs: 'frictionless', issuer };
    case 'attempted':
      return { ...shared, threeDs: 'frictionless', frictionlessResult: 'attempted', issuer };
    case 'none':
      return { ...shared, threeDs: 'none', issuer, ...exemptionOf(wish) };
  }
}

type Way = 'none' | 'frictionless' | 'attempted' | 'challenge' | 'soft-decline' | 'error';

function authenticationOf(card: TestCard, wish: ChargeWish, asked: boolean): Way {
  const required: Way = wish.offSession ? 'soft-decline' : 'challenge';
  switch (card.threeDs) {
    case 'required':
      return required;
    case 'required-until-set-up':
      return wish.setUp ? 'none' : required;
    case 'required-on-session':
      return wish.offSession ? 'none' : 'challenge';
    case 'optional':
      return asked ? required : 'none';
    case 'required-error':
      return 'error';
    case 'optional-error':
      return asked ? 'error' : 'none';
    case 'frictionless':
      return 'frictionless';
    case 'not-enrolled':
      return asked ? 'attempted' : 'none';
    case 'not-supported':
      return 'none';
  }
}

function exemptionOf(wish: ChargeWish): Pick<CardOutcome, 'exemption'> {
  if (wish.offSession) return { exemption: 'merchant_initiated' };
  return wish.lowRisk ? { exemption: 'transaction_risk_analysis' } : {};
}

function schemeOf({ brand }: TestCard): CardScheme {
  return brand === 'visa' || brand === 'mastercard' || brand === 'amex' ? brand : 'other';
}

/** Of nearly every payment. */
const NOTHING: Fate = {};

function fateOf(card: TestCard, metadata: Readonly<Record<string, string>>): Fate {
  const ends = ownMagic(metadata, 'dispute');
  const reason = card.dispute ?? (ends === undefined ? undefined : 'fraudulent');
  const refunds = refundsOf(card, metadata);
  if (reason === undefined && refunds === undefined) return NOTHING;
  return {
    ...(reason === undefined ? {} : { dispute: { reason, ends: ends === undefined || ends === 'open' ? null : ends } }),
    ...(refunds === undefined ? {} : { refunds }),
  };
}

function refundsOf(card: TestCard, metadata: Readonly<Record<string, string>>): RefundRecord['settles'] | undefined {
  const own = ownMagic(metadata, 'refund');
  if (own === 'fail') return 'failed';
  return own === 'fail_late' || card.refund === 'fails-late' ? 'fails-late' : undefined;
}
