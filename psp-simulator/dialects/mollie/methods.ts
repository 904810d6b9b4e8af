/**
 * Mollie's payment methods as far as they are simulated: each leads the payer to the same hosted
 * test page; they differ in name, currency, limits, what `details` show and what mandate a first
 * payment leaves. Limits are plausible ones, Mollie's own depend on the account.
 */
export interface Method {
  readonly id: string;
  readonly description: string;
  /** Null: every currency. */
  readonly currencies: readonly string[] | null;
  readonly minimumMinor: number;
  /** Null: no maximum. */
  readonly maximumMinor: number | null;
  /** May money be authorized and captured later? */
  readonly manualCapture: boolean;
  /** Kind of mandate that a first payment leaves; null: it leaves none. */
  readonly mandate: 'creditcard' | 'directdebit' | 'paypal' | null;
}

const EURO = ['EUR'];

function method(id: string, description: string, more: Partial<Method> = {}): Method {
  return {
    id,
    description,
    currencies: EURO,
    minimumMinor: 1,
    maximumMinor: 5_000_000,
    manualCapture: false,
    mandate: null,
    ...more,
  };
}

export const METHODS: readonly Method[] = [
  method('ideal', 'iDEAL', { mandate: 'directdebit' }),
  method('creditcard', 'Card', {
    currencies: null,
    maximumMinor: 1_000_000,
    manualCapture: true,
    mandate: 'creditcard',
  }),
  method('applepay', 'Apple Pay', {
    currencies: null,
    maximumMinor: 1_000_000,
    manualCapture: true,
    mandate: 'creditcard',
  }),
  method('bancontact', 'Bancontact', { minimumMinor: 2, mandate: 'directdebit' }),
  method('banktransfer', 'Bank transfer', { maximumMinor: 100_000_000 }),
  method('belfius', 'Belfius Pay Button', { mandate: 'directdebit' }),
  method('blik', 'Blik', { currencies: ['PLN'], minimumMinor: 100, maximumMinor: 100_000 }),
  method('eps', 'eps', { mandate: 'directdebit' }),
  method('kbc', 'KBC/CBC Payment Button', { mandate: 'directdebit' }),
  method('klarna', 'Pay with Klarna', {
    currencies: ['EUR', 'GBP', 'SEK', 'NOK', 'DKK', 'CHF', 'PLN', 'USD'],
    manualCapture: true,
  }),
  method('paypal', 'PayPal', { currencies: null, maximumMinor: 800_000, mandate: 'paypal' }),
  method('paysafecard', 'paysafecard', { minimumMinor: 100, maximumMinor: 99_900 }),
  method('przelewy24', 'Przelewy24', { currencies: ['EUR', 'PLN'], maximumMinor: 1_275_000 }),
  method('swish', 'Swish', { currencies: ['SEK'], minimumMinor: 100 }),
  method('trustly', 'Trustly', { currencies: ['EUR', 'GBP', 'SEK', 'DKK', 'NOK', 'PLN', 'CZK'] }),
  method('twint', 'TWINT', { currencies: ['CHF'], maximumMinor: 500_000 }),
  method('directdebit', 'SEPA Direct Debit', { maximumMinor: 100_000 }),
];

export function findMethod(id: string): Method | undefined {
  return METHODS.find((known) => known.id === id);
}

export function takes(known: Method, money: { amountMinor: number; currency: string }): boolean {
  const { currencies, minimumMinor, maximumMinor } = known;
  return (
    (currencies === null || currencies.includes(money.currency)) &&
    money.amountMinor >= minimumMinor &&
    (maximumMinor === null || money.amountMinor <= maximumMinor)
  );
}
