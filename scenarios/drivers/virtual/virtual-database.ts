/**
 * The database of virtual runs: one PostgreSQL in this process, made and migrated once, emptied
 * between runs. Runs follow each other; each brings its own activity, which the database's
 * queries then count under.
 */
import type { Knex } from 'knex';
import { createPgliteKnex, type Activity, type PgliteKnex } from '../../../kernel/index.ts';
import { migrate } from '../../../reference-service/index.ts';

export interface VirtualDatabase {
  knex: Knex;
  /** Says under which run's activity queries count from now on. */
  countUnder(activity: Activity): void;
  /** Makes the schema anew before the next run: this one altered it. */
  spoil(): void;
  /** Gives it back for the next run. */
  release(): void;
  /** Gives it up: the next run makes a new one. */
  abandon(): void;
}

interface Shared {
  pglite: PgliteKnex;
  current: Activity | undefined;
  spoilt: boolean;
}

let shared: Promise<Shared> | undefined;
let inUse = false;

/** The empty, migrated database; throws when another virtual run of this process still uses it. */
export async function takeVirtualDatabase(): Promise<VirtualDatabase> {
  if (inUse) throw new Error('two virtual runs at once in one process: they would share a database');
  inUse = true;
  try {
    shared ??= open();
    const state = await shared;
    await empty(state);
    return {
      knex: state.pglite.knex,
      countUnder: (activity) => {
        state.current = activity;
      },
      spoil: () => {
        state.spoilt = true;
      },
      release: () => {
        state.current = undefined;
        inUse = false;
      },
      abandon: () => {
        shared = undefined;
        inUse = false;
      },
    };
  } catch (error) {
    inUse = false;
    throw error;
  }
}

/** Ends the database, for programs that want to end in order. */
export async function closeVirtualDatabase(): Promise<void> {
  const state = await shared;
  shared = undefined;
  await state?.pglite.close();
}

async function open(): Promise<Shared> {
  const state: Partial<Shared> = { current: undefined, spoilt: false };
  const activity: Activity = {
    run: (label, work) => (state.current === undefined ? Promise.resolve().then(work) : state.current.run(label, work)),
    parked: (wait) => (state.current === undefined ? wait : state.current.parked(wait)),
    counting: () => state.current?.counting() ?? [],
  };
  state.pglite = await createPgliteKnex({ activity });
  await migrate(state.pglite.knex);
  return state as Shared;
}

async function empty(state: Shared): Promise<void> {
  const { pglite } = state;
  if (!state.spoilt) return pglite.reset();
  await pglite.knex.raw('DROP SCHEMA public CASCADE');
  await pglite.knex.raw('CREATE SCHEMA public');
  await migrate(pglite.knex);
  state.spoilt = false;
}
