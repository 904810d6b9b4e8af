/**
 * The outbox as a model: several processes store, claim, send and write down, and any of them may
 * die between any two of these steps, at any time.
 */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { createActivity, createPgliteKnex, type PgliteKnex } from '../../../kernel/index.ts';
import { pauseBeforeNextTry } from '../../domain/event-schedule.ts';
import type { ClaimedEvent } from '../../ports/outbox.ts';
import { eventStore } from './event-store.ts';
import { migrate } from './migrate.ts';
import { outbox } from './outbox.ts';
import { createDatabase } from './unit.ts';

const URL = 'http://platform/';
const LEASE_MS = 45_000;
const LONGER_THAN_ANY_PAUSE_MS = 30 * 3_600_000;

type Step =
  | { do: 'store'; commits: boolean }
  | { do: 'claim'; process: number; limit: number }
  | { do: 'send'; process: number; taken: boolean }
  | { do: 'write'; process: number }
  | { do: 'die'; process: number }
  | { do: 'replay'; which: number }
  | { do: 'wait'; ms: number };

const process = fc.integer({ min: 0, max: 2 });
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ do: fc.constant('store' as const), commits: fc.boolean() }) },
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constant('claim' as const), process, limit: fc.integer({ min: 1, max: 3 }) }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('send' as const), process, taken: fc.boolean() }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('write' as const), process }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('die' as const), process }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('replay' as const), which: fc.nat(20) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('wait' as const), ms: fc.constantFrom(1, 5_500, 46_000) }) },
);

interface Held {
  event: ClaimedEvent;
  taken: boolean | null;
}

describe('the outbox', function () {
  let pglite: PgliteKnex;
  before(async () => {
    pglite = await createPgliteKnex({ activity: createActivity() });
    await migrate(pglite.knex);
  });
  after(() => pglite.close());

  async function run(steps: readonly Step[]): Promise<void> {
    await pglite.reset();
    const database = createDatabase(pglite.knex);
    const unit = database.autocommit;
    const stored: string[] = [];
    const delivered = new Map<string, string>();
    const held = new Map<number, Held[]>();
    let nowMs = 1_000;
    let ids = 0;

    async function store(commits: boolean): Promise<void> {
      ids += 1;
      const id = `msg_${ids}`;
      const data = { number: ids };
      const event = { id, type: 'deposit.succeeded' as const, subjectId: 's', playerId: null, occurredAt: nowMs, data };
      const work = database.transaction(async (inside) => {
        await outbox.add(inside, event, nowMs);
        if (!commits) throw new Error('rolled back');
      });
      await work.catch((error: Error) => assert.equal(error.message, 'rolled back'));
      if (commits) stored.push(id);
    }

    async function claim(by: number, limit: number): Promise<void> {
      const events = await eventStore.claim(unit, { url: URL, nowMs, leaseUntil: nowMs + LEASE_MS, limit });
      const others = [...held.values()].flat().filter(({ event }) => event.leaseUntil > nowMs);
      for (const { id } of events)
        assert.ok(!others.some(({ event }) => event.id === id), `${id} is told by two processes at once`);
      held.set(by, [...(held.get(by) ?? []), ...events.map((event) => ({ event, taken: null }))]);
    }

    function send(by: number, taken: boolean): void {
      const one = (held.get(by) ?? []).find((entry) => entry.taken === null);
      if (one === undefined) return;
      one.taken = taken;
      if (!taken) return;
      const body = JSON.stringify(one.event.data);
      assert.equal(delivered.get(one.event.id) ?? body, body, 'one id, one body');
      delivered.set(one.event.id, body);
    }

    async function write(by: number): Promise<void> {
      const one = (held.get(by) ?? []).find((entry) => entry.taken !== null);
      if (one === undefined) return;
      held.set(
        by,
        (held.get(by) ?? []).filter((entry) => entry !== one),
      );
      const number = one.event.tries + 1;
      const pauseMs = one.taken === true ? null : pauseBeforeNextTry(one.event.id, number, null);
      const entry = {
        number,
        at: nowMs,
        status: one.taken === true ? 200 : 500,
        error: null,
        ms: 0,
        responseHash: null,
      };
      const status = one.taken === true ? 'delivered' : pauseMs === null ? 'dead' : 'waiting';
      await eventStore.record(
        unit,
        one.event,
        { ...entry, nextStepAt: pauseMs === null ? null : nowMs + pauseMs },
        status,
      );
    }

    for (const one of steps) {
      if (one.do === 'store') await store(one.commits);
      else if (one.do === 'claim') await claim(one.process, one.limit);
      else if (one.do === 'send') send(one.process, one.taken);
      else if (one.do === 'write') await write(one.process);
      else if (one.do === 'die') held.delete(one.process);
      else if (one.do === 'wait') nowMs += one.ms;
      else {
        const id = stored[one.which % Math.max(1, stored.length)];
        if (id !== undefined) assert.equal(await eventStore.replay(unit, id, nowMs), true);
      }
    }

    // Everybody dies; one process comes back and is listened to.
    held.clear();
    nowMs += LONGER_THAN_ANY_PAUSE_MS;
    const nextAt = await eventStore.nextAt(unit, URL);
    for (await claim(0, 100); (held.get(0) ?? []).length > 0; await write(0)) send(0, true);
    assert.ok(nextAt === null || nextAt <= nowMs);
    const all = await eventStore.list(unit, {
      status: null,
      type: null,
      subjectId: null,
      playerId: null,
      since: null,
      after: null,
      limit: 1_000,
    });
    assert.deepEqual(
      all.map(({ id, status }) => [id, status]),
      stored.map((id) => [id, 'delivered']),
    );
    assert.deepEqual(new Set(delivered.keys()), new Set(stored), 'told: all that was committed, and nothing else');
  }

  it('keeps what nobody was to be told, until it is replayed or forgotten', async () => {
    await pglite.reset();
    const { autocommit: unit, transaction } = createDatabase(pglite.knex);
    const event = { type: 'deposit.succeeded' as const, subjectId: 's', playerId: null, data: {} };
    for (const [id, occurredAt, nextStepAt] of [
      ['old', 1_000, null],
      ['new', 2_000, null],
      ['told', 1_000, 1_000],
    ] as const)
      await transaction((inside) => outbox.add(inside, { ...event, id, occurredAt }, nextStepAt));
    const statuses = async (): Promise<unknown[]> =>
      Promise.all(['old', 'new', 'told'].map(async (id) => (await eventStore.find(unit, id))?.status ?? null));
    assert.deepEqual(await statuses(), ['untold', 'untold', 'waiting']);
    assert.equal(await eventStore.reapUntold(unit, 2_000), 1);
    assert.equal(await eventStore.replaySince(unit, { since: 0, only: 'undelivered', nowMs: 3_000 }), 1);
    assert.deepEqual(await statuses(), [null, 'waiting', 'waiting']);
    assert.equal(await eventStore.reapUntold(unit, 10_000), 0);
  });

  it('tells everything that was committed at least once, under one id, whoever dies when', async () => {
    await fc.assert(fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 40 }), run), { numRuns: 60 });
  });
});
