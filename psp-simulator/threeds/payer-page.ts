/**
 * The pages that a payer is sent to: the issuer's 3DS page, and the hosted payment page, wallet,
 * bank, voucher and transfer pages of a PSP. Whoever opens one decides what the payer does there.
 */
import { majorText } from '../core/currency.ts';
import type { Challenge, PageKind, PaymentRecord } from '../core/records.ts';
import { issuerActions, payerActions } from './page-actions.ts';
import type { PageAction } from './page-actions.ts';
import { escapeHtml, layout } from './page-layout.ts';

export interface PayerPage {
  /** Name of the PSP in this simulator. */
  pspName: string;
  pspTitle: string;
  challenge: Challenge;
  payment: PaymentRecord;
}

const TITLES: Readonly<Record<PageKind, string>> = {
  'three-ds': 'Confirm that it is you',
  hosted: 'Pay',
  wallet: 'Approve with your wallet',
  bank: 'Approve at your bank',
  voucher: 'Your voucher',
  p2p: 'Approve the transfer',
};

/** The page with its buttons. */
export function payerPage({ pspName, pspTitle, challenge, payment }: PayerPage): string {
  const currency = payment.currency.toUpperCase();
  const facts = [
    ['Merchant reference', payment.reference ?? '(none)'],
    ['PSP', pspName],
    ['PSP reference', payment.pspReference],
    ['Method', payment.method],
  ];
  const list = facts
    .map(([name = '', value = '']) => `<dt>${escapeHtml(name)}</dt><dd>${escapeHtml(value)}</dd>`)
    .join('');
  const issuer = issuerActions(challenge.page);
  const issuerPart =
    issuer.length === 0
      ? ''
      : `<h2 id="issuer">As the issuer’s server</h2>${buttons(issuer, 'aria-labelledby="issuer"')}`;
  const body = `<p class="amount">${escapeHtml(`${majorText(payment.amountMinor, currency)} ${currency}`)}</p><dl>${list}</dl>
<form method="post">${buttons(payerActions(challenge.page), 'aria-label="As the payer"')}${issuerPart}</form>`;
  return layout({ title: TITLES[challenge.page], pspTitle, body });
}

/** A page that only says something, with the way back to the shop where there is one. */
export function messagePage(options: {
  title: string;
  text: string;
  pspTitle: string;
  backTo?: string | null;
}): string {
  const { title, text, pspTitle, backTo = null } = options;
  const link =
    backTo === null || !isSafeLink(backTo) ? '' : `<p><a href="${escapeHtml(backTo)}">Go back to the shop</a></p>`;
  return layout({ title, pspTitle, body: `<p>${escapeHtml(text)}</p>${link}` });
}

function buttons(actions: readonly PageAction[], label: string): string {
  const items = actions.map(
    ({ action, label: name, effect }) =>
      `<li><button name="action" value="${action}" aria-describedby="does-${action}">${escapeHtml(name)}</button><p id="does-${action}">${escapeHtml(effect)}</p></li>`,
  );
  return `<ul ${label}>${items.join('')}</ul>`;
}

/** The return URL is the merchant's; a link must not run what it says. Apps return by schemes of their own. */
function isSafeLink(url: string): boolean {
  return URL.canParse(url) && !['javascript:', 'data:', 'vbscript:'].includes(new URL(url).protocol);
}
