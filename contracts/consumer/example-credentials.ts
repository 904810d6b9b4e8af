/** Stand-ins for credentials in the pacts. Verification puts the provider's own in their place. */

/** The dialects that have pacts. */
export type ContractedDialect = 'acme' | 'stripe' | 'adyen';

export const EXAMPLE_CREDENTIALS: Readonly<Record<ContractedDialect, Record<string, string>>> = {
  acme: { apiKey: 'sk_acme_contract', webhookSecret: 'whs_contract' },
  stripe: { apiKey: 'sk_test_contract', webhookSecret: 'whsec_contract' },
  adyen: { apiKey: 'AQE_contract', merchantAccount: 'ContractMerchant', hmacKey: 'C0'.repeat(32) },
};

/** A key that no provider ever gave out; verification leaves it as it is. */
export const WRONG_API_KEY = 'sk_wrong_contract';
