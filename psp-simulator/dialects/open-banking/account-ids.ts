/** Names of the merchant accounts: one per currency, the same as long as the PSP has its name. */
import type { PspContext } from '../dialect.ts';
import { testIban } from './iban.ts';
import { uuidOf } from './keys.ts';

export function accountId(psp: Pick<PspContext, 'name'>, currency: string): string {
  return uuidOf(`merchant account ${psp.name} ${currency}`);
}

export function accountIban(psp: Pick<PspContext, 'name'>, currency: string): string {
  const number = Number.parseInt(accountId(psp, currency).slice(0, 6), 16);
  return testIban(String(number % 100_000_000).padStart(8, '0'));
}
