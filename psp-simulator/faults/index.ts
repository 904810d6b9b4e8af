/** All fault kinds by name. Adding one is a file beside this one and a line here. */
import { answerLost } from './answer-lost.ts';
import { errorAfterCommit } from './error-after-commit.ts';
import { error } from './error.ts';
import type { FaultKind } from './fault.ts';
import { hangBeforeCommit } from './hang-before-commit.ts';
import { hang } from './hang.ts';
import { laggingStatus } from './lagging-status.ts';
import { latency } from './latency.ts';
import { outage } from './outage.ts';
import { rateLimited } from './rate-limited.ts';
import { resetBeforeCommit } from './reset-before-commit.ts';
import { slowAnswer } from './slow-answer.ts';
import { truncated } from './truncated.ts';
import { webhookAckLost } from './webhook-ack-lost.ts';
import { webhookBeforeResponse } from './webhook-before-response.ts';
import { webhookContradictory } from './webhook-contradictory.ts';
import { webhookDuplicate } from './webhook-duplicate.ts';
import { webhookForged } from './webhook-forged.ts';
import { webhookLate } from './webhook-late.ts';
import { webhookLost } from './webhook-lost.ts';
import { webhookReorder } from './webhook-reorder.ts';
import { webhookStale } from './webhook-stale.ts';
import { webhookWrongAmount } from './webhook-wrong-amount.ts';
import { webhookWrongCurrency } from './webhook-wrong-currency.ts';

const KINDS: readonly FaultKind[] = [
  latency,
  slowAnswer,
  outage,
  error,
  errorAfterCommit,
  resetBeforeCommit,
  answerLost,
  hangBeforeCommit,
  hang,
  truncated,
  rateLimited,
  laggingStatus,
  webhookLost,
  webhookLate,
  webhookDuplicate,
  webhookReorder,
  webhookBeforeResponse,
  webhookForged,
  webhookStale,
  webhookWrongAmount,
  webhookWrongCurrency,
  webhookAckLost,
  webhookContradictory,
];

export const FAULT_KINDS: ReadonlyMap<string, FaultKind> = new Map(KINDS.map((kind) => [kind.name, kind]));
