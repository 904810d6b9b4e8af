/**
 * Dispute → Adyen's webhooks about it. All of them carry the dispute's reference, and the
 * payment's as original; `additionalData.disputeStatus` says where the dispute stands.
 *
 *   opened ─► [NOTIFICATION_OF_FRAUD] NOTIFICATION_OF_CHARGEBACK, CHARGEBACK (money out)
 *   defended ─► INFORMATION_SUPPLIED
 *   decided after a defense ─► CHARGEBACK_REVERSED (money back for the time being), then
 *       won:  ISSUER_RESPONSE_TIMEFRAME_EXPIRED, or PREARBITRATION_WON for fraud
 *       lost: SECOND_CHARGEBACK, or PREARBITRATION_LOST for fraud
 *   never defended ─► DISPUTE_DEFENSE_PERIOD_ENDED; withdrawn by the issuer ─► CHARGEBACK_REVERSED
 */
import type { DisputeChange } from '../../core/book-change.ts';
import type { DisputeReason, DisputeRecord } from '../../core/records.ts';
import { disputeDetails } from './details.ts';
import { adyenTime, type ItemCore } from './notification.ts';

/** Adyen's words for where a dispute stands. */
type DisputeStatus = 'Undefended' | 'Pending' | 'Won' | 'Lost' | 'Accepted' | 'Expired';

const REASONS: Readonly<Record<DisputeReason, string>> = {
  fraudulent: 'Other Fraud-Card Absent Environment',
  product_not_received: 'Merchandise/Services Not Received',
  product_unacceptable: 'Not as Described or Defective Merchandise/Services',
  duplicate: 'Duplicate Processing',
  credit_not_processed: 'Credit Not Processed',
  general: 'Misrepresentation',
};

export function disputeItems(change: DisputeChange): ItemCore[] {
  const item = (eventCode: string, status: DisputeStatus | null): ItemCore => ({
    eventCode,
    success: true,
    pspReference: change.record.pspReference,
    originalReference: change.record.paymentPspReference,
    merchantReference: change.record.reference ?? '',
    paymentMethod: disputeDetails(change.record).brand,
    amountMinor: change.record.amountMinor,
    reason: reasonOf(change.record),
    additionalData: dataOf(change.record, status),
  });
  const { record } = change;
  const fraud = record.reason === 'fraudulent';
  switch (change.type) {
    case 'dispute-opened':
      return [
        ...(fraud ? [item('NOTIFICATION_OF_FRAUD', null)] : []),
        item('NOTIFICATION_OF_CHARGEBACK', 'Undefended'),
        item('CHARGEBACK', 'Undefended'),
      ];
    case 'dispute-evidence':
      return [item('INFORMATION_SUPPLIED', 'Pending')];
    case 'dispute-won':
      if (!isDefended(record)) return [item('CHARGEBACK_REVERSED', 'Won')];
      return [
        item('CHARGEBACK_REVERSED', 'Pending'),
        item(fraud ? 'PREARBITRATION_WON' : 'ISSUER_RESPONSE_TIMEFRAME_EXPIRED', 'Won'),
      ];
    case 'dispute-lost':
      if (!isDefended(record)) {
        const { accepted } = disputeDetails(record);
        return [item('DISPUTE_DEFENSE_PERIOD_ENDED', accepted ? 'Accepted' : 'Expired')];
      }
      return [
        item('CHARGEBACK_REVERSED', 'Pending'),
        item(fraud ? 'PREARBITRATION_LOST' : 'SECOND_CHARGEBACK', 'Lost'),
      ];
    case 'dispute-reversed':
      return [item(isDefended(record) ? 'PREARBITRATION_WON' : 'CHARGEBACK_REVERSED', 'Won')];
  }
}

/** Text of the reason code, as Adyen writes it for people. */
export function reasonOf(dispute: DisputeRecord): string {
  return REASONS[dispute.reason];
}

function dataOf(dispute: DisputeRecord, status: DisputeStatus | null): Record<string, string> {
  const { brand, reasonCode, autoDefended } = disputeDetails(dispute);
  if (status === null) return { nofReasonCode: reasonCode, nofSchemeCode: brand };
  const defendable = status === 'Undefended';
  return {
    autoDefended: String(autoDefended),
    chargebackReasonCode: reasonCode,
    chargebackSchemeCode: brand,
    defendable: String(defendable),
    ...(defendable ? { defensePeriodEndsAt: adyenTime(dispute.evidenceDueMs) } : {}),
    disputeStatus: status,
  };
}

function isDefended(dispute: DisputeRecord): boolean {
  return disputeDetails(dispute).autoDefended || dispute.steps.some((step) => step.state === 'under_review');
}
