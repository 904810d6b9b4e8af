/** All mutants, in the order in which the table shows them. */
import { acceptsUnsignedWebhook } from './accepts-unsigned-webhook.ts';
import { checkThenAct } from './check-then-act.ts';
import { creditsOnRedirect } from './credits-on-redirect.ts';
import { creditsWithoutMatchingAmount } from './credits-without-matching-amount.ts';
import { failsOverWhileInDoubt } from './fails-over-while-in-doubt.ts';
import { fiveMinuteDeduplication } from './five-minute-deduplication.ts';
import { lateFailedOverwritesCaptured } from './late-failed-overwrites-captured.ts';
import type { Mutant } from './mutant.ts';
import { noDeduplication } from './no-deduplication.ts';
import { noPspIdempotencyKey } from './no-psp-idempotency-key.ts';
import { releasesPayoutHoldOnTimeout } from './releases-payout-hold-on-timeout.ts';

export const MUTANTS: readonly Mutant[] = [
  creditsOnRedirect,
  creditsWithoutMatchingAmount,
  noDeduplication,
  fiveMinuteDeduplication,
  checkThenAct,
  noPspIdempotencyKey,
  failsOverWhileInDoubt,
  acceptsUnsignedWebhook,
  lateFailedOverwritesCaptured,
  releasesPayoutHoldOnTimeout,
];
