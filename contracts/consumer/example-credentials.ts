/** Stand-ins for credentials in the pacts. Verification puts the provider's own in their place. */
import { generateKeyPairSync } from 'node:crypto';

/** The dialects that have pacts. */
export const CONTRACTED_DIALECTS = ['acme', 'stripe', 'adyen', 'checkout', 'mollie', 'paypal', 'open-banking'] as const;
export type ContractedDialect = (typeof CONTRACTED_DIALECTS)[number];

/** Requests are signed with it; no pact shows it, as no signature is written down. */
const signingPrivateKey = generateKeyPairSync('ec', { namedCurve: 'P-521' }).privateKey.export({
  type: 'pkcs8',
  format: 'pem',
}) as string;

export const EXAMPLE_CREDENTIALS: Readonly<Record<ContractedDialect, Record<string, string>>> = {
  acme: { apiKey: 'sk_acme_contract', webhookSecret: 'whs_contract' },
  stripe: { apiKey: 'sk_test_contract', webhookSecret: 'whsec_contract' },
  adyen: { apiKey: 'AQE_contract', merchantAccount: 'ContractMerchant', hmacKey: 'C0'.repeat(32) },
  checkout: { secretKey: 'sk_sbox_contract', webhookKey: 'whk_contract', processingChannelId: 'pc_contract' },
  mollie: { apiKey: 'test_contract', webhookSecret: 'whsec_contract', signedWebhooksOnly: 'true' },
  paypal: { clientId: 'AClientContract', clientSecret: 'ESecretContract', webhookId: 'WHContract' },
  'open-banking': {
    clientId: 'contract-client',
    clientSecret: 'contract-secret',
    signingKeyId: 'contract-signing-key',
    signingPrivateKey,
    merchantAccountEur: 'contract-account-eur',
  },
};

/** A key that no provider ever gave out; verification leaves it as it is. */
export const WRONG_API_KEY = 'sk_wrong_contract';

/** The access token of the pacts, for PSPs that want one: it is fetched, so no provider's own is known before. */
export const EXAMPLE_TOKEN = 'access_token_contract';

export function basicAuthorization({ clientId = '', clientSecret = '' }: Readonly<Record<string, string>>): string {
  return Buffer.from(`${clientId}:${clientSecret}`).toString('base64');
}

/** The real value for each example that a pact of `dialect` may show. Settings that are no secrets of a PSP stay. */
export function realOfExamples(
  dialect: ContractedDialect,
  real: Readonly<Record<string, string>>,
): Record<string, string> {
  const examples = EXAMPLE_CREDENTIALS[dialect];
  const pairs = Object.entries(examples)
    .filter(([name]) => real[name] !== undefined)
    .map(([name, example]) => [example, real[name] ?? '']);
  if (real['clientId'] !== undefined) pairs.push([basicAuthorization(examples), basicAuthorization(real)]);
  return Object.fromEntries(pairs) as Record<string, string>;
}
