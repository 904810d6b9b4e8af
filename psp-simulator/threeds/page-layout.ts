/**
 * How every page for payers looks: one small HTML document without script or anything from
 * elsewhere, readable on a telephone, by keyboard and by screen reader, in light and dark.
 */
const STYLE = `:root{color-scheme:light dark;--ink:#1b1f24;--quiet:#57606a;--paper:#fff;--ground:#f3f5f7;--line:#8c959f;--main:#116329;--on-main:#fff;--focus:#0969da}
@media (prefers-color-scheme:dark){:root{--ink:#e6edf3;--quiet:#9da7b1;--paper:#161b22;--ground:#0d1117;--line:#6e7681;--main:#3fb950;--on-main:#0d1117;--focus:#58a6ff}}
*{box-sizing:border-box}body{font:1rem/1.5 system-ui,sans-serif;margin:0;color:var(--ink);background:var(--ground)}
main{max-width:28rem;margin:0 auto;padding:1rem}article{background:var(--paper);border-radius:.75rem;padding:1.25rem;box-shadow:0 1px 3px #0003}
.simulator{margin:0 0 1rem;color:var(--quiet);font-size:.875rem}h1{font-size:1.25rem;line-height:1.3;margin:0}h2{font-size:1rem;margin:1.5rem 0 .25rem}
.amount{font-size:2rem;font-weight:600;margin:.5rem 0;font-variant-numeric:tabular-nums;overflow-wrap:anywhere}
dl{display:grid;grid-template-columns:auto minmax(0,1fr);gap:.25rem 1rem;margin:0 0 1rem;font-size:.9375rem}dt{color:var(--quiet)}dd{margin:0;overflow-wrap:anywhere}
form ul{list-style:none;margin:0;padding:0;display:grid;gap:.75rem}form p{margin:.125rem 0 0;color:var(--quiet);font-size:.875rem}
button{font:inherit;font-weight:600;width:100%;min-height:2.75rem;padding:.5rem 1rem;border:1px solid var(--line);border-radius:.5rem;background:transparent;color:inherit;cursor:pointer}
button[value=approve]{background:var(--main);border-color:var(--main);color:var(--on-main)}a{color:var(--focus)}
button:focus-visible,a:focus-visible{outline:3px solid var(--focus);outline-offset:2px}`;

/** Nothing is loaded and nothing runs; a merchant may show the page in a frame, as with real 3DS. */
export const PAGE_HEADERS: Readonly<Record<string, string>> = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cache-control': 'no-store',
};

/** `body` is markup; use `escapeHtml` for everything that came from outside. */
export function layout(options: { title: string; pspTitle: string; body: string }): string {
  const title = escapeHtml(options.title);
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><title>${title} – simulated ${escapeHtml(options.pspTitle)}</title><style>${STYLE}</style></head><body><main><p class="simulator"><strong>${escapeHtml(options.pspTitle)}</strong>, simulated. No money moves.</p><article><h1>${title}</h1>${options.body}</article></main></body></html>`;
}

export function escapeHtml(text: string): string {
  const entities: Readonly<Record<string, string>> = {
    '&': '&amp;',
    '<': '&lt;',
    '>': '&gt;',
    '"': '&quot;',
    "'": '&#39;',
  };
  return text.replace(/[&<>"']/g, (character) => entities[character] ?? character);
}
