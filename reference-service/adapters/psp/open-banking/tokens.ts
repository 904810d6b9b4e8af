/**
 * Which bank pays and which account is paid, from our tokens. Neutral tokens mean the provider's
 * mock bank and the accounts of its simulators; a native token is the provider's name of a bank
 * (`ob-monzo`), or of a payout an IBAN, or `source:<id>` for the account that a payment came from.
 */
import { createHash } from 'node:crypto';
import type { PspFailure, PspPaymentAttempt, PspPayoutAttempt } from '../../../ports/psp-adapter.ts';
import type { JsonObject } from '../exchange.ts';
import { refused } from '../failures.ts';
import { isNeutralToken, unknownToken } from '../neutral.ts';

const MOCK_BANK = 'mock-payments-gb-redirect';

/** The provider publishes the mock bank; its endings are those of simulators. */
const BANKS: Readonly<Record<string, string>> = {
  bank_ok: MOCK_BANK,
  bank_declined: `${MOCK_BANK}-rejected`,
  bank_insufficient_funds: `${MOCK_BANK}-insufficient-funds`,
  bank_limit_exceeded: `${MOCK_BANK}-limit-exceeded`,
  bank_unavailable: `${MOCK_BANK}-error`,
  bank_refund_fails: `${MOCK_BANK}-refund-fails`,
  bank_refund_fails_late: `${MOCK_BANK}-refund-fails-late`,
};

/** The provider's name of the payer's bank. */
export function providerOf({ token, bank }: PspPaymentAttempt): string | PspFailure {
  const known = BANKS[token];
  if (known !== undefined) return known;
  if (isNeutralToken(token)) return unknownToken('open-banking', token);
  const named = bank ?? token;
  return /^[a-z0-9][a-z0-9-]{1,99}$/.test(named)
    ? named
    : refused('unsupported', 'pay by bank needs the name of the bank');
}

/** IBANs of a bank that does not exist, with right check digits. */
const ACCOUNTS: Readonly<Record<string, string>> = {
  bank_payout_ok: 'GB31ASSA00000000000001',
  bank_payout_fail: 'GB04ASSA00000000000002',
  bank_payout_returned: 'GB74ASSA00000000000003',
};

/** Longest text that a British bank statement carries. */
const MOST_STATEMENT = 18;

export function beneficiaryOf(attempt: PspPayoutAttempt): JsonObject | PspFailure {
  const { destinationToken: token, payoutId, playerId } = attempt;
  const reference = payoutId.replace(/[^A-Za-z0-9]/g, '-').slice(-MOST_STATEMENT);
  const source = /^source:(.+)$/.exec(token)?.[1];
  if (source !== undefined)
    return { type: 'payment_source', payment_source_id: source, user_id: userIdOf(playerId), reference };
  const iban = ACCOUNTS[token] ?? token;
  if (isNeutralToken(iban)) return unknownToken('open-banking', token);
  if (!/^[A-Z]{2}[0-9]{2}[A-Z0-9]{8,30}$/.test(iban)) return refused('unsupported', 'a payout by bank needs an IBAN');
  return {
    type: 'external_account',
    account_holder_name: playerId,
    account_identifier: { type: 'iban', iban },
    reference,
  };
}

/** The provider knows users by UUID: always the same one for a player. */
export function userIdOf(playerId: string): string {
  const hex = createHash('sha256').update(`player ${playerId}`).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
