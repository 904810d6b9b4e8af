/**
 * A target on the doctor's table: started beside simulated PSPs at the wall's own pace, with the
 * calls of its file at hand and everything that happens written down.
 */
import { NetworkError, type HistoryEvent } from '../../kernel/index.ts';
import { createWorld } from '../drivers/index.ts';
import { resolveScenario, type Scenario } from '../dsl/index.ts';
import type { World } from '../runner/world.ts';
import { onTarget, type Target } from '../targets/foreign/index.ts';
import { ProbeRefused, type ServiceClient } from '../targets/service-client.ts';
import type { JsonAnswer } from '../targets/json-call.ts';

const CALL_TIMEOUT_MS = 15_000;
const LOOK_EVERY_MS = 100;

/** Only its PSPs and players are used: the doctor plays by hand. */
const TABLE: Scenario = {
  name: 'doctor',
  title: 'One of everything',
  description: 'One deposit of each kind, one payout, one refund, without any fault.',
  psps: [{ name: 'psp', dialect: 'acme' }],
  traffic: [{ deposits: 1, amount: '10.00', currency: 'EUR' }],
  heal_at: '1m',
  settle_within: '1m',
  http: { compression: 1 },
};

export interface Patient {
  readonly target: Target;
  readonly world: World;
  readonly client: ServiceClient;
  readonly currency: string;
  /** Names of the PSPs that stand on the table. */
  readonly psps: readonly string[];
  deposit(card: string, key: string): Promise<JsonAnswer>;
  /** Events of the history so far. */
  events(): readonly HistoryEvent[];
  /** Looks until `look` finds something; undefined when it does not in time. */
  until<T>(ms: number, look: () => Promise<T | undefined> | T | undefined): Promise<T | undefined>;
}

export const PLAYER = 'doctor-player';

export async function layDown(target: Target, options: { databaseUrl?: string; logPath?: string }): Promise<Patient> {
  const told = onTarget(TABLE, { ...target, compression: 1 });
  if (told.kind === 'not-applicable') throw new Error(`bug: the table does not fit: ${told.reason}`);
  const plan = resolveScenario(told.scenario, 'doctor');
  const world = await createWorld('http', { plan, target, ...options });
  if (world.foreign === undefined) throw new Error('bug: not a foreign world');
  const { client } = world.foreign;
  const currency = target.currencies?.[0] ?? 'EUR';
  return {
    target,
    world,
    client,
    currency,
    psps: plan.psps.map(({ name }) => name),
    deposit: (card, key) =>
      client.initPayment(
        {
          amount: '10.00',
          currency,
          method: 'card',
          return_url: 'https://shop.example/done',
          player_id: PLAYER,
          payment_token: card,
          meta: { country: 'DE', device: 'mobile' },
        },
        { idempotencyKey: key, timeoutMs: CALL_TIMEOUT_MS },
      ),
    events: () => [...world.history.events()],
    until: async (ms, look) => {
      for (let waited = 0; ; waited += LOOK_EVERY_MS) {
        const found = await look();
        if (found !== undefined || waited >= ms) return found;
        await world.wireClock.sleep(LOOK_EVERY_MS, { label: 'the doctor waits' });
      }
    },
  };
}

/** The reason why a look at the target brought nothing; anything else is thrown. */
export function reasonOf(error: unknown): string {
  if (error instanceof ProbeRefused) return error.message;
  if (error instanceof NetworkError) return `there was no answer (${error.kind})`;
  throw error;
}
