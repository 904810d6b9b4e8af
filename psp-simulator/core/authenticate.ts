/**
 * What 3-D Secure 2 says about a cardholder, as one record: result, transStatus, ECI, version,
 * and who bears the loss. The values are EMVCo's and the schemes'; a dialect only spells them.
 */
import type { Authentication, CardOutcome, CardScheme } from './records.ts';

type Result = Authentication['result'];

const DEFAULT_VERSION = '2.2.0';

/** EMV 3DS transStatus; a challenge that nobody finished ends as N (challengeCancel says why). */
const TRANS_STATUS: Readonly<Record<Result, Authentication['transStatus']>> = {
  authenticated: 'Y',
  attempted: 'A',
  failed: 'N',
  rejected: 'R',
  unavailable: 'U',
  abandoned: 'N',
  timed_out: 'N',
  exempted: null,
};

export function authentication(outcome: CardOutcome, flow: Authentication['flow'], result: Result): Authentication {
  return {
    flow,
    result,
    transStatus: TRANS_STATUS[result],
    eci: eciOf(outcome.scheme ?? 'visa', result),
    version: outcome.version ?? DEFAULT_VERSION,
    exemption: outcome.exemption ?? null,
    liabilityShift: result === 'authenticated' || result === 'attempted',
  };
}

/** Does a payment end because of this result? `unavailable` and `attempted` go on to the issuer. */
export function endsPayment(result: Result): boolean {
  return result === 'failed' || result === 'rejected';
}

/** Mastercard counts 02, 01, 00; the others 05, 06, 07. */
function eciOf(scheme: CardScheme, result: Result): string {
  const rank = result === 'authenticated' ? 0 : result === 'attempted' ? 1 : 2;
  return (scheme === 'mastercard' ? ['02', '01', '00'] : ['05', '06', '07'])[rank] ?? '07';
}
