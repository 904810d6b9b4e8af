/** The vector files: for each scheme its keys, the common cases, and what only this scheme can get wrong. */
import { bytesOf, type SchemeName, type VectorCase, type VectorFile } from '../../contracts/index.ts';
import { adyenFile } from './adyen-cases.ts';
import { bankFile, paypalFile } from './certificate-schemes.ts';
import { PLAIN, text } from './bodies.ts';
import { flipBase64, flipHex, headerCases, NOW, plain, TOLERANCE_SECONDS, type KeyName } from './header-cases.ts';
import * as signers from './sign.ts';

const hmacKeys = (prefix: string): Record<KeyName, string> => ({
  current: `${prefix}vector_current`,
  previous: `${prefix}vector_previous`,
  retired: `${prefix}vector_retired`,
});

const both = ({ current, previous }: Record<KeyName, string>): string => `${current},${previous}`;
const pair = ({ current, previous }: Record<KeyName, string>): VectorFile['signing_keys'] => ({ current, previous });

const ONLY_PAST = 'accepts: it judges no time from the future';

function special(id: string, why: string, more: Partial<VectorCase> & { headers: signers.Headers }): VectorCase {
  return { id, why, body: text(PLAIN), received_at: NOW, expect: 'valid', ...more };
}

function acmeFile(): VectorFile {
  const keys = hmacKeys('whs_');
  const headers = signers.acme(plain, keys.current, NOW);
  const signature = headers['X-Signature'] ?? '';
  return {
    scheme: 'acme',
    about: 'X-Signature is "sha256=" and the lower-case hex of HMAC-SHA256 over `<X-Timestamp>.<raw body>`.',
    tolerance_seconds: TOLERANCE_SECONDS,
    keys: { webhookSecret: both(keys) },
    signing_keys: pair(keys),
    cases: [
      ...headerCases({
        sign: (body, key, at) => signers.acme(body, keys[key], at),
        signature: 'X-Signature',
        flip: flipHex,
        time: { header: 'X-Timestamp', put: (_value, at) => String(at) },
      }),
      special('several-signatures', 'acme sends one signature; a list is nothing that it has sent.', {
        headers: { ...headers, 'X-Signature': `${flipHex(signature)},${signature}` },
        expect: 'malformed',
      }),
      special('unknown-version', 'A hash that was never agreed on.', {
        headers: { ...headers, 'X-Signature': signature.replace('sha256=', 'sha512=') },
        expect: 'malformed',
      }),
    ],
  };
}

function stripeFile(): VectorFile {
  const keys = hmacKeys('whsec_');
  const value = signers.stripe(plain, keys.current, NOW)['Stripe-Signature'] ?? '';
  const [time = '', v1 = ''] = value.split(',');
  const header = (...parts: string[]): signers.Headers => ({ 'Stripe-Signature': parts.join(',') });
  return {
    scheme: 'stripe',
    about:
      'Stripe-Signature is `t=<unix seconds>,v1=<hex>`: HMAC-SHA256 over `<t>.<raw body>`, keyed by the whole whsec_ text.',
    tolerance_seconds: TOLERANCE_SECONDS,
    keys: { webhookSecret: both(keys) },
    signing_keys: pair(keys),
    cases: [
      ...headerCases({
        sign: (body, key, at) => signers.stripe(body, keys[key], at),
        signature: 'Stripe-Signature',
        flip: flipHex,
        time: { header: 'Stripe-Signature', put: (old, at) => old.replace(/t=\d+/, `t=${at}`) },
        acceptsFuture: { 'stripe-node': ONLY_PAST },
      }),
      special('several-signatures', 'While a secret is rolled, Stripe signs with both; one that fits is enough.', {
        headers: header(time, flipHex(v1), v1),
      }),
      special('several-signatures-none-fits', 'Several wrong ones are no better than one.', {
        headers: header(time, flipHex(v1), `v1=${'0'.repeat(64)}`),
        expect: 'mismatch',
      }),
      special('unknown-version-only', 'v0 is sent for test events and proves nothing.', {
        headers: header(time, v1.replace('v1=', 'v0=')),
        expect: 'malformed',
      }),
      special('unknown-version-beside', 'A new scheme beside the known one is none of our business.', {
        headers: header(time, v1, `v9=${'0'.repeat(64)}`),
      }),
    ],
  };
}

function checkoutFile(): VectorFile {
  const keys = hmacKeys('');
  const value = signers.checkout(plain, keys.current)['Cko-Signature'] ?? '';
  return {
    scheme: 'checkout',
    about: 'Cko-Signature is the lower-case hex of HMAC-SHA256 over the raw body. No time is signed.',
    tolerance_seconds: null,
    keys: { webhookKey: both(keys) },
    signing_keys: pair(keys),
    cases: [
      ...headerCases({
        sign: (body, key) => signers.checkout(body, keys[key]),
        signature: 'Cko-Signature',
        flip: flipHex,
      }),
      special('several-signatures', 'One signature is sent; a list is nothing that it has sent.', {
        headers: { 'Cko-Signature': `${flipHex(value)}, ${value}` },
        expect: 'malformed',
      }),
      special('unknown-version', 'The signature has no prefix.', {
        headers: { 'Cko-Signature': `v2=${value}` },
        expect: 'malformed',
      }),
    ],
  };
}

function mollieFile(): VectorFile {
  const keys = hmacKeys('');
  const value = signers.mollie(plain, keys.current)['X-Mollie-Signature'] ?? '';
  return {
    scheme: 'mollie',
    about:
      'X-Mollie-Signature is "sha256=" and the hex of HMAC-SHA256 over the raw body. The classic form `id=tr_…` is never signed.',
    tolerance_seconds: null,
    keys: { webhookSecret: both(keys) },
    signing_keys: pair(keys),
    cases: [
      ...headerCases({
        sign: (body, key) => signers.mollie(body, keys[key]),
        signature: 'X-Mollie-Signature',
        flip: flipHex,
      }),
      special('several-signatures', 'While a secret is changed, both sign; one that fits is enough.', {
        headers: { 'X-Mollie-Signature': `${flipHex(value)}, ${value}` },
        differs: { 'mollie-api-typescript': 'refuses: it takes several headers, but not a list in one' },
      }),
      special('unknown-version', 'A hash that was never agreed on.', {
        headers: { 'X-Mollie-Signature': value.replace('sha256=', 'sha512=') },
        expect: 'malformed',
      }),
      special('classic-unsigned', 'A hint that anybody may have written: ask the API.', {
        body: text('id=tr_7UhSN1zuXS'),
        headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
        expect: 'unsigned',
      }),
    ],
  };
}

function standardFile(): VectorFile {
  const secret = (name: string): string =>
    `whsec_${Buffer.from(`assay vector secret ${name}`.padEnd(32, '.')).toString('base64')}`;
  const keys = { current: secret('current'), previous: secret('previous'), retired: secret('retired') };
  const headers = signers.standardWebhooks(plain, keys.current, NOW);
  const value = headers['webhook-signature'] ?? '';
  const list = (...signatures: string[]): signers.Headers => ({
    ...headers,
    'webhook-signature': signatures.join(' '),
  });
  return {
    scheme: 'standard-webhooks',
    about:
      'What our own service sends: webhook-signature is `v1,<base64>`, HMAC-SHA256 over `<webhook-id>.<webhook-timestamp>.<raw body>`, keyed by what follows whsec_, decoded.',
    tolerance_seconds: TOLERANCE_SECONDS,
    keys: { webhookSecret: both(keys) },
    signing_keys: pair(keys),
    cases: [
      ...headerCases({
        sign: (body, key, at) => signers.standardWebhooks(body, keys[key], at),
        signature: 'webhook-signature',
        flip: (old) => flipBase64(old, 'v1,'.length),
        time: { header: 'webhook-timestamp', put: (_value, at) => String(at) },
      }),
      special('several-signatures', 'One per configured secret; one that fits is enough.', {
        headers: list(flipBase64(value, 3), value),
      }),
      special('unknown-version-only', 'A version that the receiver does not know proves nothing to him.', {
        headers: list(value.replace('v1,', 'v9,')),
        expect: 'malformed',
      }),
      special('unknown-version-beside', 'A new version beside the known one is left alone.', {
        headers: list(`v9,${'A'.repeat(43)}=`, value),
      }),
      special('other-id', 'The id is signed, so a message cannot be told again under a new one.', {
        headers: { ...headers, 'webhook-id': 'evt_2' },
        expect: 'mismatch',
      }),
    ],
  };
}

const MAKERS: Readonly<Record<SchemeName, () => VectorFile>> = {
  acme: acmeFile,
  adyen: adyenFile,
  checkout: checkoutFile,
  mollie: mollieFile,
  'open-banking': bankFile,
  paypal: paypalFile,
  'standard-webhooks': standardFile,
  stripe: stripeFile,
};

/** The file of a scheme as it stands on disk. */
export function vectorText(scheme: SchemeName): string {
  const file = MAKERS[scheme]();
  for (const { body } of file.cases) bytesOf(body);
  return `${JSON.stringify(file, null, 2)}\n`;
}
