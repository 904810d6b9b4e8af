/**
 * 3D Secure 2 in Adyen's words: the result in an answer, the flat fields in `additionalData`
 * (of answers and webhooks alike), and the actions of the native flow with their tokens.
 */
import { createHash } from 'node:crypto';
import type { Authentication, PaymentRecord } from '../../core/records.ts';
import type { PspContext } from '../dialect.ts';
import { paymentDetails, sealed } from './details.ts';
import { exemptionWord } from './magic.ts';

const DEFAULT_VERSION = '2.2.0';

/** EMV 3DS challengeCancel: 01 the cardholder turned away, 04 timed out at the issuer's server. */
const CHALLENGE_CANCEL: Partial<Readonly<Record<Authentication['result'], string>>> = {
  abandoned: '01',
  timed_out: '04',
};

/** `threeDS2Result`; empty where no message of 3DS was exchanged. */
export function threeDs2Result(record: PaymentRecord): { threeDS2Result?: Record<string, string> } {
  const { authentication } = record;
  if (authentication === null || authentication.transStatus === null) return {};
  const { transStatus, eci, version, exemption, liabilityShift, result } = authentication;
  const indicator = exemption === null ? undefined : exemptionWord(exemption);
  const challengeCancel = CHALLENGE_CANCEL[result];
  return {
    threeDS2Result: {
      ...(liabilityShift ? { authenticationValue: authenticationValue(record) } : {}),
      dsTransID: transactionId('ds', record),
      eci,
      messageVersion: version,
      threeDSServerTransID: transactionId('server', record),
      transStatus,
      ...(challengeCancel === undefined ? {} : { challengeCancel }),
      ...(indicator === undefined ? {} : { exemptionIndicator: indicator }),
    },
  };
}

/** The fields that Adyen adds to `additionalData` when the account asks for 3D Secure data. */
export function threeDsData(record: PaymentRecord): Record<string, string> {
  const { authentication } = record;
  const { scaExemption } = paymentDetails(record);
  const claimed: Record<string, string> = scaExemption === null ? {} : { scaExemptionRequested: scaExemption };
  if (authentication === null || authentication.transStatus === null)
    return { threeDAuthenticated: 'false', threeDOffered: 'false', liabilityShift: 'false', ...claimed };
  const { flow, transStatus, eci, version, liabilityShift, result } = authentication;
  const challengeCancel = CHALLENGE_CANCEL[result];
  return {
    threeDAuthenticated: String(result === 'authenticated'),
    threeDOffered: 'true',
    threeDOfferedResponse: flow === 'challenge' ? 'C' : transStatus,
    threeDAuthenticatedResponse: transStatus,
    threeDSVersion: version,
    eci,
    liabilityShift: String(liabilityShift),
    dsTransID: transactionId('ds', record),
    ...(liabilityShift ? { cavv: authenticationValue(record), cavvAlgorithm: '0' } : {}),
    ...(challengeCancel === undefined ? {} : { challengeCancel }),
    ...claimed,
  };
}

/** Purpose under which the token of the native flow is sealed. */
export const AUTHORISATION_TOKEN = 'adyen-authorisation-token';

/** First step of the native flow: the app reads the device's fingerprint. */
export function fingerprintAction(record: PaymentRecord, psp: PspContext): Record<string, unknown> {
  return nativeAction(record, psp, {
    subtype: 'fingerprint',
    token: {
      threeDSMessageVersion: DEFAULT_VERSION,
      threeDSMethodNotificationURL: `${psp.url}/checkoutshopper/threeDSMethodNotification.shtml`,
      threeDSMethodURL: `${psp.url}/assay/3ds/method`,
      threeDSServerTransID: transactionId('server', record),
    },
  });
}

/** Second step: the app shows the issuer's page, which is at `acsURL`. */
export function challengeAction(record: PaymentRecord, psp: PspContext): Record<string, unknown> {
  return nativeAction(record, psp, {
    subtype: 'challenge',
    token: {
      acsReferenceNumber: 'ASSAY-ACS-SIMULATOR',
      acsTransID: transactionId('acs', record),
      acsURL: psp.challengeUrl(record.challengeId ?? ''),
      messageVersion: DEFAULT_VERSION,
      threeDSNotificationURL: `${psp.url}/checkoutshopper/3dnotif.shtml`,
      threeDSServerTransID: transactionId('server', record),
    },
  });
}

export function redirectAction(record: PaymentRecord, psp: PspContext): Record<string, unknown> {
  return {
    paymentMethodType: 'scheme',
    url: psp.challengeUrl(record.challengeId ?? ''),
    method: 'GET',
    type: 'redirect',
  };
}

function nativeAction(
  record: PaymentRecord,
  psp: PspContext,
  { subtype, token }: { subtype: string; token: Record<string, string> },
): Record<string, unknown> {
  const authorisationToken = sealed(AUTHORISATION_TOKEN, record.pspReference, psp);
  return {
    authorisationToken,
    paymentData: authorisationToken,
    paymentMethodType: 'scheme',
    subtype,
    token: Buffer.from(JSON.stringify(token)).toString('base64'),
    type: 'threeDS2',
  };
}

/** A cryptogram of the form of a CAVV: 20 bytes. */
function authenticationValue(record: PaymentRecord): string {
  return digest('cavv', record).subarray(0, 20).toString('base64');
}

function transactionId(kind: string, record: PaymentRecord): string {
  const hex = digest(kind, record).toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), `4${hex.slice(13, 16)}`, `a${hex.slice(17, 20)}`, hex.slice(20, 32)].join(
    '-',
  );
}

function digest(kind: string, { pspReference }: PaymentRecord): Buffer {
  return createHash('sha256').update(`${kind} ${pspReference}`).digest();
}
