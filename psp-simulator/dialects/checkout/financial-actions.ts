/**
 * Settlement line → Checkout.com's financial action: what one action of a payment did to a
 * currency account, taken apart into gross amount and fees. Amounts are major units; the
 * breakdown of an action adds up to what it moved, those of all actions of a batch to the batch.
 */
import { isoTime } from '../../../kernel/index.ts';
import { majorText } from '../../core/currency.ts';
import type { SettlementLine, SettlementLineType } from '../../settlement/settlement.ts';
import type { PspContext } from '../dialect.ts';
import { paymentDetails } from './details.ts';
import { actionIdOf, idFrom } from './ids.ts';
import { currencyAccountOf } from './payouts.ts';
import { cleaned } from './wire.ts';

export interface Breakdown {
  breakdown_type: string;
  fx_rate_applied: number;
  holding_currency: string;
  holding_currency_amount: number;
  processing_currency: string;
  processing_currency_amount: number;
  fee_detail?: string;
  reserve_release_date?: string;
}

export interface FinancialAction {
  payment_id?: string;
  action_id?: string;
  action_type: string;
  reference?: string;
  processed_on: string;
  breakdown: Breakdown[];
  [field: string]: unknown;
}

/** Action and breakdown types are Checkout.com's where its reports name one (Breakdown types). */
const TYPES: Readonly<Record<SettlementLineType, { action: string; gross: string; fixedFee: string }>> = {
  payment: { action: 'Capture', gross: 'Capture', fixedFee: 'Gateway Fixed Fee' },
  refund: { action: 'Refund', gross: 'Refund', fixedFee: 'Refund Fixed Fee' },
  'refund-failed': { action: 'Clearing Failed', gross: 'Clearing Failed', fixedFee: 'Refund Fixed Fee' },
  chargeback: { action: 'Chargeback', gross: 'Chargeback (ADJM)', fixedFee: 'Chargeback Fixed Fee' },
  'chargeback-reversed': { action: 'Chargeback', gross: 'Chargeback (RPDW)', fixedFee: 'Chargeback Fixed Fee' },
  payout: { action: 'Payout', gross: 'Payout', fixedFee: 'Payout Fixed Fee' },
  'payout-returned': { action: 'Payout Return', gross: 'Payout Return', fixedFee: 'Payout Fixed Fee' },
  fee: { action: 'Adjustment', gross: 'Chargeback Fixed Fee', fixedFee: 'Adjustment' },
  'reserve-held': { action: 'Rolling Reserve', gross: 'Rolling Reserve Deduction', fixedFee: 'Adjustment' },
  'reserve-released': { action: 'Rolling Reserve', gross: 'Rolling Reserve Release', fixedFee: 'Adjustment' },
};

export function financialAction(line: SettlementLine, psp: PspContext): FinancialAction {
  const payment = line.pspReference === null ? undefined : psp.bank.findPayment(line.pspReference);
  const details = payment === undefined ? undefined : paymentDetails(payment);
  return cleaned({
    payment_id: line.pspReference,
    action_id:
      line.modificationReference ?? (line.pspReference === null ? null : actionIdOf(line.pspReference, 'payout')),
    action_type: TYPES[line.type].action,
    entity_id: psp.credentials['entityId'],
    currency_account_id: currencyAccountOf(psp, line.settlementCurrency),
    payment_method: (details?.card?.scheme ?? (line.method === 'payout' ? 'Payout' : 'Visa')).toUpperCase(),
    processing_channel_id: details?.processingChannelId ?? idFrom('pc', psp.name),
    reference: line.reference,
    mid: `mid-${psp.name}`,
    response_code: 10_000,
    response_description: 'Approved',
    region: 'Domestic',
    card_type: details === undefined ? null : 'Credit',
    card_category: details === undefined ? null : 'Consumer',
    issuer_country: details === undefined ? null : 'GB',
    merchant_category_code: 7_995,
    processed_on: isoTime(line.atMs),
    requested_on: isoTime(line.atMs),
    breakdown: breakdown(line),
  }) as FinancialAction;
}

/** The batch that a line belongs to, in the form of Checkout.com's payout ids. */
export function payoutIdOf(batchId: string): string {
  return idFrom('file', batchId).slice(5, 17).toUpperCase();
}

function breakdown(line: SettlementLine): Breakdown[] {
  const { action, gross, fixedFee } = TYPES[line.type];
  const { commission, interchange, scheme, markup } = line.fees;
  const fees: readonly (readonly [string, number])[] = [
    [fixedFee, commission],
    ['Interchange Fee', interchange],
    ['Scheme Variable Fee', scheme],
    ['Premium Variable Fee', markup],
  ];
  const holding = line.settlementCurrency;
  const main: Breakdown = {
    breakdown_type: gross,
    fx_rate_applied: Number(line.exchangeRate),
    holding_currency: holding,
    holding_currency_amount: major(line.convertedMinor, holding),
    processing_currency: line.currency,
    processing_currency_amount: major(line.grossMinor, line.currency),
    ...(line.type === 'reserve-held' || line.type === 'reserve-released'
      ? { reserve_release_date: isoTime(line.availableAtMs) }
      : {}),
  };
  return [
    main,
    ...fees
      .filter(([, feeMinor]) => feeMinor !== 0)
      .map(([breakdown_type, feeMinor]) => ({
        breakdown_type,
        fx_rate_applied: 1,
        holding_currency: holding,
        holding_currency_amount: major(-feeMinor, holding),
        processing_currency: holding,
        processing_currency_amount: major(-feeMinor, holding),
        fee_detail: `${action}: ${breakdown_type}`,
      })),
  ];
}

/** The decimal that the API writes; exact, because it is written from the integer. */
function major(minor: number, currency: string): number {
  return Number(majorText(minor, currency));
}
