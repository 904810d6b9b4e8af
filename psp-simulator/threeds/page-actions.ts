/** What a person can do on each page. The issuer's own answers are shown apart: no cardholder gives them. */
import type { CardholderAction, PageKind } from '../core/records.ts';

export const CARDHOLDER_ACTIONS: readonly CardholderAction[] = [
  'approve',
  'fail',
  'abandon',
  'cancel',
  'attempt',
  'unavailable',
];

export interface PageAction {
  readonly action: CardholderAction;
  /** On the button. */
  readonly label: string;
  /** What it does, in a few words. */
  readonly effect: string;
}

const LEAVE: PageAction = { action: 'abandon', label: 'Walk away', effect: 'nothing more happens until it expires' };

/** By the payer. */
export function payerActions(page: PageKind): readonly PageAction[] {
  const back: PageAction = { action: 'cancel', label: 'Cancel', effect: 'go back to the shop without paying' };
  switch (page) {
    case 'three-ds':
      return [
        { action: 'approve', label: 'Approve', effect: 'the issuer accepts who you are' },
        { action: 'fail', label: 'Fail', effect: 'wrong code: the issuer refuses you' },
        LEAVE,
      ];
    case 'voucher':
      return [
        { action: 'approve', label: 'Pay at the counter', effect: 'the shop hears that the voucher was paid' },
        { action: 'fail', label: 'Fail', effect: 'the counter refuses the payment' },
        back,
        LEAVE,
      ];
    case 'hosted':
    case 'wallet':
    case 'bank':
    case 'p2p':
      return [
        { action: 'approve', label: 'Approve', effect: 'pay' },
        { action: 'fail', label: 'Fail', effect: 'the payment is refused' },
        back,
        LEAVE,
      ];
  }
}

/** By the issuer's server instead of the cardholder; 3DS only. */
export function issuerActions(page: PageKind): readonly PageAction[] {
  if (page !== 'three-ds') return [];
  return [
    { action: 'attempt', label: 'Attempted', effect: 'the issuer takes no part, the scheme stands in' },
    { action: 'unavailable', label: 'Issuer unavailable', effect: 'the issuer’s server cannot answer' },
  ];
}
