/**
 * Maintenance page: an HTML page for people where a client expects the PSP's format, often with
 * status 200.
 */
import { exchangeFault } from './fault.ts';

const PAGE =
  '<!doctype html><html lang="en"><head><title>Maintenance</title></head><body><h1>We will be back soon</h1>' +
  '<p>Our systems are being maintained. Please try again later.</p></body></html>\n';

export const maintenancePage = exchangeFault({
  name: 'maintenance-page',
  summary: 'An HTML maintenance page instead of an API answer; the books do not change.',
  example: '{ fault: maintenance-page, from: 2m, to: 12m, with: { status: 200 } }',
  precedent: {
    what: 'During maintenance Adyen answered API calls with a web page, and the SDK failed to parse it.',
    source: 'https://github.com/Adyen/adyen-java-api-library/issues/1167',
  },
  point: 'before-commit',
  parse: (parameters) => ({
    status: parameters.number('status', { min: 200, max: 599, fallback: 503, whole: true }),
    retryAfterS: parameters.number('retryAfterS', { min: 0, max: 86_400, fallback: 300, whole: true }),
  }),
  effect: ({ status, retryAfterS }) => ({
    raw: {
      status,
      headers: { 'content-type': 'text/html; charset=utf-8', 'retry-after': String(retryAfterS) },
      body: PAGE,
    },
  }),
});
