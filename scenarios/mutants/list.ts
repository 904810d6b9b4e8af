/** All mutants, in the order in which the table shows them: by what is broken. */
import { AMOUNT_MUTANTS } from './bugs/amounts.ts';
import { ATTEMPT_MUTANTS } from './bugs/attempts.ts';
import { DEPOSIT_MUTANTS } from './bugs/deposits.ts';
import { KEY_MUTANTS } from './bugs/keys.ts';
import { MONEY_BACK_MUTANTS } from './bugs/money-back.ts';
import { PAYOUT_MUTANTS } from './bugs/payouts.ts';
import { PLAYER_MUTANTS } from './bugs/players.ts';
import { SETTLEMENT_MUTANTS } from './bugs/settlements.ts';
import { WEBHOOK_MUTANTS } from './bugs/webhooks.ts';
import type { Mutant } from './mutant.ts';

export const MUTANTS: readonly Mutant[] = [
  ...WEBHOOK_MUTANTS,
  ...DEPOSIT_MUTANTS,
  ...AMOUNT_MUTANTS,
  ...ATTEMPT_MUTANTS,
  ...KEY_MUTANTS,
  ...PAYOUT_MUTANTS,
  ...MONEY_BACK_MUTANTS,
  ...SETTLEMENT_MUTANTS,
  ...PLAYER_MUTANTS,
];
