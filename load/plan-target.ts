/** Somebody else's service for the load generator: what its target file says, as far as a journey needs it. */
import { UserError } from '../kernel/index.ts';
import { pspToken, type Target } from '../scenarios/index.ts';
import type { PlannedOperationCall, PlannedTarget } from './lib/k6/planned-target.ts';
import type { Route } from './lib/k6/profile.ts';

/** The fates that journeys give to deposits. */
const FATES = ['ok', '3ds'];

/**
 * @param payouts where payouts go; none where the journey has none
 * @throws UserError (254) for a target that cannot be measured.
 */
export function planTarget(target: Target, deposits: readonly Route[], payouts: readonly Route[] = []): PlannedTarget {
  const { name, psps, states, currencies = ['EUR'] } = target;
  const tokens: PlannedTarget['tokens'] = {};
  for (const { psp, method } of deposits)
    for (const token of FATES.map((fate) => `${method}_${fate}`))
      tokens[psp] = { ...tokens[psp], [token]: pspToken(token, psps[psp]?.dialect ?? 'acme', target.tokens) };
  for (const { psp, method } of payouts) {
    const token = `${method}_payout_ok`;
    tokens[psp] = { ...tokens[psp], [token]: target.tokens?.[token] ?? token };
  }
  const [currency = 'EUR'] = currencies.includes('EUR') ? ['EUR'] : currencies;
  const planned = { name, currency, deposit: withStatus(target, 'deposit'), states, tokens };
  if (payouts.length === 0) return planned;
  if (target.fund === undefined)
    throw new UserError(
      `${target.file} does not say how a wallet gets money, so nothing can be paid out of it`,
      'Add `fund`, or choose the journey deposit or webhook-storm.',
      254,
    );
  return { ...planned, payout: withStatus(target, 'payout'), fund: target.fund };
}

function withStatus(target: Target, kind: 'deposit' | 'payout'): PlannedOperationCall {
  const operation = target[kind];
  if (operation === undefined)
    throw new UserError(
      `${target.file} does not say how a ${kind} is begun`,
      `Add \`${kind}\`, or choose the journey deposit or webhook-storm.`,
      254,
    );
  const { status } = operation;
  if (status === undefined)
    throw new UserError(
      `${target.file} does not say how the status of a ${kind} is asked for, so its end cannot be measured`,
      `Add \`${kind}.status\`.`,
      254,
    );
  return { ...operation, status };
}
