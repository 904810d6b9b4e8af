/** What provider states do at a bank: a payment and its way to the payer's bank, where he decides. */
import { RETURN_URL, textAt } from '../../verify/dialects/dialect.ts';
import type { Fate, Hands, Wire } from './hands.ts';

const MOCK_BANK = 'mock-payments-gb-redirect';

export function openBankingHands({ post, credentials: { merchantAccountEur } }: Wire): Hands {
  const banks: Record<Fate, string> = {
    captured: MOCK_BANK,
    authorized: MOCK_BANK,
    challenged: MOCK_BANK,
    declined: `${MOCK_BANK}-rejected`,
    'refund-fails': `${MOCK_BANK}-refund-fails`,
    'challenged-declined': `${MOCK_BANK}-rejected`,
  };
  const money = { amount_in_minor: 5_000, currency: 'EUR' };
  const create = (reference: string, bank: string): Promise<string> =>
    post('/v3/payments', {
      ...money,
      payment_method: {
        type: 'bank_transfer',
        provider_selection: { type: 'preselected', provider_id: bank },
        beneficiary: { type: 'merchant_account', merchant_account_id: merchantAccountEur },
      },
      user: { name: 'Jane Doe', email: 'jane@example.com' },
      metadata: { reference },
    });
  return {
    payerActs: true,
    create: (reference) => create(reference, MOCK_BANK),
    pay: async (reference, fate) => {
      const made = await create(reference, banks[fate]);
      const id = textAt(JSON.parse(made), 'id') ?? '';
      await post(`/v3/payments/${id}/authorization-flow`, { redirect: { return_uri: RETURN_URL } });
      return made;
    },
    capture: () => Promise.reject(new Error('what a bank has sent is there at once')),
    cancel: async (id) => void (await post(`/v3/payments/${id}/actions/cancel`, {})),
    refund: async (id, reference) =>
      void (await post(`/v3/payments/${id}/refunds`, {
        amount_in_minor: money.amount_in_minor,
        reference: 'REFUND',
        metadata: { reference },
      })),
    payout: async (reference) => {
      await post('/v3/payouts', {
        ...money,
        merchant_account_id: merchantAccountEur,
        beneficiary: {
          type: 'external_account',
          account_holder_name: 'Jane Doe',
          account_identifier: { type: 'iban', iban: 'GB31ASSA00000000000001' },
          reference: 'PAYOUT',
        },
        metadata: { reference },
      });
      return undefined;
    },
  };
}
