/**
 * Why a payout failed, in words that the platform may show: PSPs tell codes, and each its own.
 * The codes below are those that banks' return codes come down to at the PSPs; one that is not
 * among them is passed on as it is.
 */
const WORDS: readonly [codes: RegExp, words: string][] = [
  [/account_closed|closed_account/, 'The account is closed.'],
  [/no_account|account_not_found|unknown_account/, 'There is no such account.'],
  [/incorrect_account|invalid_account|account_number|iban/, 'The account number is not valid.'],
  [/account_holder|name_mismatch|owner/, 'The account belongs to somebody else.'],
  [/currency/, 'The account does not take this currency.'],
  [/frozen|blocked|restricted/, 'The account is blocked.'],
  [/not_supported|unsupported|ineligible/, 'The card or account does not take payouts.'],
  [/expired/, 'The card has expired, or the payout was not taken in time.'],
  [/limit|exceed/, 'The amount is above a limit of the bank.'],
  [/insufficient|could_not_process|provider|technical|processing/, 'The payment provider could not carry it out.'],
  [/cancel/, 'It was cancelled at the payment provider.'],
  [/declin|refus|reject|do_not_honor/, 'The bank refused it.'],
];

/** @param end what happened to it, for a PSP that gives no code */
export function payoutFailureReason(end: 'failed' | 'returned', code: string | null): string {
  const came = end === 'returned' ? 'The bank sent the money back' : 'The payout failed';
  if (code === null || code === '' || code === 'failed' || code === 'returned') return `${came}.`;
  const known = WORDS.find(([codes]) => codes.test(code.toLowerCase()));
  return known === undefined ? `${came} (${code}).` : `${came}: ${known[1]}`;
}
