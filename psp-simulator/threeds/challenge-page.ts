/**
 * The cardholder's 3DS page: one small HTML page with three buttons, without script, usable by
 * keyboard and screen reader. It stands in for the issuer's page that a real PSP redirects to.
 */
import type { Challenge, PaymentRecord } from '../core/records.ts';

const STYLE = `body{font:1rem/1.5 system-ui,sans-serif;max-width:30rem;margin:3rem auto;padding:0 1rem;color:#1b1f24;background:#fff}
dl{display:grid;grid-template-columns:auto 1fr;gap:.25rem 1rem}dt{color:#57606a}dd{margin:0;font-variant-numeric:tabular-nums}
button{font:inherit;padding:.6rem 1rem;margin:.25rem .5rem .25rem 0;border:1px solid #57606a;border-radius:.4rem;background:#f6f8fa;cursor:pointer}
button[value=approve]{background:#1a7f37;border-color:#1a7f37;color:#fff}button:focus-visible{outline:3px solid #0969da;outline-offset:2px}`;

export interface ChallengePage {
  pspTitle: string;
  challenge: Challenge;
  payment: PaymentRecord;
}

/** The page with the three buttons. */
export function challengePage({ pspTitle, payment }: ChallengePage): string {
  const rows = [
    ['Payment service provider', pspTitle],
    ['Merchant reference', payment.reference ?? '(none)'],
    ['Amount in minor units', `${payment.amountMinor} ${payment.currency.toUpperCase()}`],
  ];
  const list = rows
    .map(([name, value]) => `<dt>${escapeHtml(name ?? '')}</dt><dd>${escapeHtml(value ?? '')}</dd>`)
    .join('');
  return page(
    'Confirm your payment',
    `<p>Simulated bank: no money moves. You are the cardholder; decide what happens.</p><dl>${list}</dl>
<form method="post"><button name="action" value="approve">Approve</button><button name="action" value="fail">Fail</button><button name="action" value="abandon">Walk away</button></form>`,
  );
}

/** A page that only says something. */
export function messagePage(title: string, text: string): string {
  return page(title, `<p>${escapeHtml(text)}</p>`);
}

function page(title: string, body: string): string {
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><title>${escapeHtml(title)}</title><style>${STYLE}</style></head><body><main><h1>${escapeHtml(title)}</h1>${body}</main></body></html>`;
}

function escapeHtml(text: string): string {
  const entities: Readonly<Record<string, string>> = {
    '&': '&amp;',
    '<': '&lt;',
    '>': '&gt;',
    '"': '&quot;',
    "'": '&#39;',
  };
  return text.replace(/[&<>"']/g, (character) => entities[character] ?? character);
}
