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
  /** What it does, in one short sentence. */
  readonly effect: string;
}

const LEAVE: PageAction = {
  action: 'abandon',
  label: 'Walk away',
  effect: 'Nothing more happens until the page expires.',
};

/** By the payer. */
export function payerActions(page: PageKind): readonly PageAction[] {
  const back: PageAction = { action: 'cancel', label: 'Cancel', effect: 'Go back to the shop without paying.' };
  switch (page) {
    case 'three-ds':
      return [
        { action: 'approve', label: 'Approve', effect: 'The issuer accepts who you are.' },
        { action: 'fail', label: 'Fail', effect: 'Wrong code: the issuer refuses you.' },
        LEAVE,
      ];
    case 'voucher':
      return [
        { action: 'approve', label: 'Pay at the counter', effect: 'The shop hears that the voucher was paid.' },
        { action: 'fail', label: 'Fail', effect: 'The counter refuses the payment.' },
        back,
        LEAVE,
      ];
    case 'hosted':
    case 'wallet':
    case 'bank':
    case 'p2p':
      return [
        { action: 'approve', label: 'Approve', effect: 'The payment goes through.' },
        { action: 'fail', label: 'Fail', effect: 'The payment is refused.' },
        back,
        LEAVE,
      ];
  }
}

/** By the issuer's server instead of the cardholder; 3DS only. */
export function issuerActions(page: PageKind): readonly PageAction[] {
  if (page !== 'three-ds') return [];
  return [
    { action: 'attempt', label: 'Attempted', effect: 'The issuer takes no part; the scheme stands in.' },
    { action: 'unavailable', label: 'Issuer unavailable', effect: 'The issuer’s server cannot answer.' },
  ];
}
