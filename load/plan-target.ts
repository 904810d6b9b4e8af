/** Somebody else's service for the load generator: what its target file says, as far as a deposit needs it. */
import { UserError } from '../kernel/index.ts';
import { pspToken, type Target } from '../scenarios/index.ts';
import type { PlannedTarget } from './lib/k6/planned-target.ts';
import type { Route } from './lib/k6/profile.ts';

/** The fates that journeys give to deposits. */
const FATES = ['ok', '3ds'];

/** @throws UserError (254) for a target that cannot be measured. */
export function planTarget(target: Target, routes: readonly Route[]): PlannedTarget {
  const { deposit, name, psps, states, currencies = ['EUR'] } = target;
  const { status } = deposit;
  if (status === undefined)
    throw new UserError(
      `${target.file} does not say how the status of a deposit is asked for, so its end cannot be measured`,
      'Add `deposit.status`.',
      254,
    );
  const tokensOf = ({ psp, method }: Route): [string, string][] =>
    FATES.map((fate) => `${method}_${fate}`).map((token) => [
      token,
      pspToken(token, psps[psp]?.dialect ?? 'acme', target.tokens),
    ]);
  const tokens: PlannedTarget['tokens'] = {};
  for (const route of routes) tokens[route.psp] = { ...tokens[route.psp], ...Object.fromEntries(tokensOf(route)) };
  const [currency = 'EUR'] = currencies.includes('EUR') ? ['EUR'] : currencies;
  return { name, currency, deposit: { ...deposit, status }, states, tokens };
}
