/**
 * After everything healed: clients that never learnt the outcome of their intent ask once
 * more with the same key, as people do the next morning. Older intents are left alone: the
 * API keeps keys for a day, and a forgotten key would begin a new deposit.
 */
import { depositIntent, payoutIntent } from './play-operations.ts';
import type { Stage } from './stage.ts';
import { submitAgain } from './submit-intent.ts';

/** Safely within the day for which the API remembers keys. */
const OLDEST_INTENT_MS = 20 * 3_600_000;

/** Further tries of one client, and the pause between them. */
const TRIES = 5;
const PAUSE_MS = 30_000;

export async function askAgain(stage: Stage): Promise<void> {
  const answered = new Set([...stage.subjects.values()].map((subject) => subject.op));
  for (const event of intents(stage)) {
    const operation = stage.plan.operations.find((planned) => planned.op === event.op);
    if (operation?.kind !== 'deposit' && operation?.kind !== 'payout') continue;
    if (answered.has(event.op)) continue;
    if (event.refused || stage.now() - event.firstAt > OLDEST_INTENT_MS) continue;
    const intent = operation.kind === 'deposit' ? depositIntent(stage, operation) : payoutIntent(stage, operation);
    for (let round = 1; round <= TRIES; round++) {
      const outcome = await submitAgain(stage, intent, event.tries + round);
      if (outcome.kind === 'accepted' || outcome.kind === 'refused') break;
      await stage.world.clock.sleep(PAUSE_MS, { label: `${event.op} asks again` });
    }
  }
}

interface IntentSoFar {
  op: string;
  firstAt: number;
  tries: number;
  /** The last word was a definite no. */
  refused: boolean;
}

/** What the history says about each intent, in order of their beginning. */
function intents(stage: Stage): IntentSoFar[] {
  const found = new Map<string, IntentSoFar>();
  for (const { type, f, key, t, value } of stage.world.history.events()) {
    if ((f !== 'deposit' && f !== 'payout') || key === undefined) continue;
    const { body_variant: variant, error } = value as { body_variant?: number; error?: string };
    const intent = found.get(key) ?? { op: key, firstAt: t, tries: 0, refused: false };
    if (type === 'invoke' && variant === 0) intent.tries += 1;
    if (type === 'fail') intent.refused = error !== 'idempotency_in_flight' && error !== 'rate_limited';
    found.set(key, intent);
  }
  return [...found.values()];
}
