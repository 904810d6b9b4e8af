/** All fault kinds by name, in the order of the catalogue. Adding one is a file beside this one and a line here. */
import type { FaultKind } from './fault.ts';
import { answerLost } from './answer-lost.ts';
import { apiKeyExpired } from './api-key-expired.ts';
import { brownOut } from './brown-out.ts';
import { cardholderAbandons } from './cardholder-abandons.ts';
import { cardholderAfterExpiry } from './cardholder-after-expiry.ts';
import { cardholderBeforeWebhook } from './cardholder-before-webhook.ts';
import { cardholderFails } from './cardholder-fails.ts';
import { cardholderReturnsTwice } from './cardholder-returns-twice.ts';
import { cardholderSlow } from './cardholder-slow.ts';
import { certificateExpired } from './certificate-expired.ts';
import { clockSkew } from './clock-skew.ts';
import { degradation } from './degradation.ts';
import { error } from './error.ts';
import { errorAfterCommit } from './error-after-commit.ts';
import { errorMix } from './error-mix.ts';
import { hang } from './hang.ts';
import { hangBeforeCommit } from './hang-before-commit.ts';
import { issuerAttempted } from './issuer-attempted.ts';
import { issuerUnavailable } from './issuer-unavailable.ts';
import { keyExpiry } from './key-expiry.ts';
import { laggingStatus } from './lagging-status.ts';
import { latency } from './latency.ts';
import { latencyRamp } from './latency-ramp.ts';
import { maintenancePage } from './maintenance-page.ts';
import { malformedBody } from './malformed-body.ts';
import { outage } from './outage.ts';
import { processedTwice } from './processed-twice.ts';
import { rateLimitStorm } from './rate-limit-storm.ts';
import { rateLimited } from './rate-limited.ts';
import { resetBeforeCommit } from './reset-before-commit.ts';
import { settlementDuplicateLine } from './settlement-duplicate-line.ts';
import { settlementExtraLine } from './settlement-extra-line.ts';
import { settlementLateLine } from './settlement-late-line.ts';
import { settlementMergedLines } from './settlement-merged-lines.ts';
import { settlementMissingLine } from './settlement-missing-line.ts';
import { settlementShortPayout } from './settlement-short-payout.ts';
import { settlementSplitLine } from './settlement-split-line.ts';
import { settlementUnannouncedChargeback } from './settlement-unannounced-chargeback.ts';
import { settlementWrongAmount } from './settlement-wrong-amount.ts';
import { settlementWrongCurrency } from './settlement-wrong-currency.ts';
import { settlementWrongFee } from './settlement-wrong-fee.ts';
import { settlementWrongReference } from './settlement-wrong-reference.ts';
import { slowAnswer } from './slow-answer.ts';
import { slowDrip } from './slow-drip.ts';
import { staleStatus } from './stale-status.ts';
import { statusNotFound } from './status-not-found.ts';
import { truncated } from './truncated.ts';
import { webhookAckLost } from './webhook-ack-lost.ts';
import { webhookBeforeResponse } from './webhook-before-response.ts';
import { webhookContradictory } from './webhook-contradictory.ts';
import { webhookDuplicate } from './webhook-duplicate.ts';
import { webhookForeignPayment } from './webhook-foreign-payment.ts';
import { webhookForged } from './webhook-forged.ts';
import { webhookGiantBody } from './webhook-giant-body.ts';
import { webhookLate } from './webhook-late.ts';
import { webhookLost } from './webhook-lost.ts';
import { webhookMalformedBody } from './webhook-malformed-body.ts';
import { webhookOldKey } from './webhook-old-key.ts';
import { webhookReorder } from './webhook-reorder.ts';
import { webhookStale } from './webhook-stale.ts';
import { webhookUnknownType } from './webhook-unknown-type.ts';
import { webhookWrongAmount } from './webhook-wrong-amount.ts';
import { webhookWrongCurrency } from './webhook-wrong-currency.ts';
import { webhookWrongEnvironment } from './webhook-wrong-environment.ts';
import { wrongContentType } from './wrong-content-type.ts';

const KINDS: readonly FaultKind[] = [
  latency,
  latencyRamp,
  slowAnswer,
  slowDrip,
  outage,
  brownOut,
  degradation,
  maintenancePage,
  error,
  errorMix,
  errorAfterCommit,
  resetBeforeCommit,
  answerLost,
  hangBeforeCommit,
  hang,
  truncated,
  malformedBody,
  wrongContentType,
  rateLimited,
  rateLimitStorm,
  apiKeyExpired,
  processedTwice,
  laggingStatus,
  staleStatus,
  statusNotFound,
  webhookBeforeResponse,
  keyExpiry,
  clockSkew,
  certificateExpired,
  webhookOldKey,
  webhookLost,
  webhookLate,
  webhookDuplicate,
  webhookReorder,
  webhookForged,
  webhookStale,
  webhookWrongAmount,
  webhookWrongCurrency,
  webhookAckLost,
  webhookContradictory,
  webhookUnknownType,
  webhookForeignPayment,
  webhookWrongEnvironment,
  webhookMalformedBody,
  webhookGiantBody,
  cardholderAbandons,
  cardholderFails,
  cardholderSlow,
  cardholderAfterExpiry,
  cardholderReturnsTwice,
  cardholderBeforeWebhook,
  issuerUnavailable,
  issuerAttempted,
  settlementMissingLine,
  settlementExtraLine,
  settlementWrongAmount,
  settlementWrongCurrency,
  settlementWrongFee,
  settlementDuplicateLine,
  settlementWrongReference,
  settlementLateLine,
  settlementSplitLine,
  settlementMergedLines,
  settlementUnannouncedChargeback,
  settlementShortPayout,
];

export const FAULT_KINDS: ReadonlyMap<string, FaultKind> = new Map(KINDS.map((kind) => [kind.name, kind]));
