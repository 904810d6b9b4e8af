/**
 * After a load run: do the PSPs' own books and our ledger agree to the last minor unit? What
 * a PSP captured must equal what our ledger holds against that PSP, and all accounts of a
 * currency must add up to zero.
 */
import type { Clock, Network } from '../kernel/index.ts';
import type { components as Control } from '../openapi/generated/simulator-control.ts';
import type { operations } from '../openapi/generated/payments.ts';
import type { Stack } from './stack.ts';

type Balances = operations['listLedgerBalances']['responses']['200']['content']['application/json'];
type Books = Control['schemas']['Books'];

/** Between two looks while webhooks are still on their way (milliseconds). */
const LOOK_EVERY_MS = 500;

export interface MoneyCheck {
  agrees: boolean;
  /** One sentence per PSP or currency that differs. */
  differences: string[];
  /** Captured by all PSPs together: payments, and minor units over all currencies (EUR in the shipped journeys). */
  captured: { payments: number; minor: number };
}

export interface MoneyCheckOptions {
  clock: Clock;
  network: Network;
  stack: Pick<Stack, 'service' | 'control' | 'psps'>;
  /** How long to wait for agreement before the difference is final (milliseconds). */
  withinMs: number;
}

/** Looks until books and ledger agree or the time is up. */
export async function compareBooksWithLedger(options: MoneyCheckOptions): Promise<MoneyCheck> {
  const { clock, withinMs } = options;
  const begin = clock.now();
  for (;;) {
    const check = await look(options);
    if (check.agrees || clock.now() - begin >= withinMs) return check;
    await clock.sleep(LOOK_EVERY_MS);
  }
}

async function look({ network, stack }: MoneyCheckOptions): Promise<MoneyCheck> {
  const balances = await get<Balances>(network, `${stack.service.url}/v1/ledger/balances`, stack.service.apiKey);
  const books = await Promise.all(
    stack.psps.map(async ({ name }) => ({
      name,
      books: await get<Books>(network, `${stack.control}/v1/psps/${name}/books`),
    })),
  );
  return compareMoney(
    books,
    balances.accounts.map(({ account, currency, balance }) => ({ account, currency, minor: toMinor(balance) })),
  );
}

export interface PspBooks {
  name: string;
  books: { payments: { currency: string; captured_minor: number; refunded_minor: number }[] };
}

export interface AccountBalance {
  account: string;
  currency: string;
  minor: number;
}

/** Pure comparison; accounts named `psp:<name>` hold what that PSP owes us, with a negative sign. */
export function compareMoney(psps: PspBooks[], accounts: AccountBalance[]): MoneyCheck {
  const differences: string[] = [];
  const currencies = new Set([
    ...accounts.map(({ currency }) => currency),
    ...psps.flatMap(({ books }) => books.payments.map(({ currency }) => currency)),
  ]);
  for (const currency of [...currencies].sort()) {
    const sum = total(accounts.filter((account) => account.currency === currency).map(({ minor }) => minor));
    if (sum !== 0) differences.push(`the ledger's accounts in ${currency} add up to ${sum} minor units instead of 0`);
    for (const { name, books } of psps) {
      const captured = total(
        books.payments
          .filter((payment) => payment.currency === currency)
          .map(({ captured_minor, refunded_minor }) => captured_minor - refunded_minor),
      );
      const held = -total(
        accounts
          .filter((account) => account.account === `psp:${name}` && account.currency === currency)
          .map(({ minor }) => minor),
      );
      if (captured !== held)
        differences.push(
          `${name} captured ${captured} minor units of ${currency} (net of refunds) and our ledger says ${held}`,
        );
    }
  }
  const payments = psps.flatMap(({ books }) => books.payments).filter(({ captured_minor }) => captured_minor > 0);
  return {
    agrees: differences.length === 0,
    differences,
    captured: { payments: payments.length, minor: total(payments.map(({ captured_minor }) => captured_minor)) },
  };
}

function total(numbers: number[]): number {
  return numbers.reduce((sum, one) => sum + one, 0);
}

/** `-12.50` → -1250. The shipped journeys use EUR, which has two decimals. */
function toMinor(text: string): number {
  const negative = text.startsWith('-');
  const [units, cents = ''] = text.replace('-', '').split('.');
  const minor = Number(units) * 100 + Number(cents.padEnd(2, '0'));
  return negative ? -minor : minor;
}

async function get<T>(network: Network, url: string, apiKey?: string): Promise<T> {
  const answer = await network.request({
    method: 'GET',
    url,
    timeoutMs: 30_000,
    headers: apiKey === undefined ? {} : { authorization: `Bearer ${apiKey}` },
  });
  if (answer.status !== 200)
    throw new Error(`GET ${url} answered ${answer.status}: ${answer.body.toString().slice(0, 200)}`);
  return JSON.parse(answer.body.toString()) as T;
}
