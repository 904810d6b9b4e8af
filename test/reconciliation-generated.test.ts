/**
 * Generated books and settlement files with every kind of discrepancy planted: each comes out as
 * exactly the case that was planted, nothing else does, and a second import changes nothing.
 */
import assert from 'node:assert/strict';
import {
  createActivity,
  createKeyedIds,
  createMemoryNetwork,
  createPgliteKnex,
  createVirtualClock,
  type PgliteKnex,
} from '../kernel/index.ts';
import { createService, migrate } from '../reference-service/index.ts';
import { writeBooks } from '../scripts/bench-reconciliation/books.ts';
import { scoreOf, type Found } from '../scripts/bench-reconciliation/score.ts';
import { CASE_OF, type Expected } from '../scripts/bench-reconciliation/plants.ts';
import { PSP, TERMS, World } from '../scripts/bench-reconciliation/world.ts';

const API_KEY = 'test-key';
const SEEDS = [1, 2, 3, 4];
const PAYMENTS = 3_000;
const DAYS = 6;

describe('reconciliation of generated books', function () {
  const activity = createActivity();
  let database: PgliteKnex | undefined;

  after(async () => {
    await database?.close();
  });

  async function reconcile(world: World): Promise<{ expected: Expected[]; found: Found[]; again: Found[] }> {
    database ??= await createPgliteKnex({ activity });
    await migrate(database.knex);
    await database.reset();
    const { knex } = database;
    const clock = createVirtualClock({ startMs: Date.parse('2026-01-20T00:00:00.000Z'), activity });
    const network = createMemoryNetwork({ clock, activity });
    const service = await createService({
      config: {
        apiKey: API_KEY,
        psps: [
          { name: PSP, dialect: 'acme', baseUrl: 'http://acme', credentials: { apiKey: 'k', webhookSecret: 's' } },
        ],
        reconciliation: { terms: { [PSP]: TERMS } },
        timings: { workerIdleMs: 600_000 },
      },
      ports: { clock, activity, network, knex, ids: createKeyedIds('service') },
    });
    const drive = async <T>(work: () => Promise<T>): Promise<T> => {
      let done = false;
      const outcome = activity.detached('test', work).finally(() => {
        done = true;
        activity.touch();
      });
      outcome.catch(() => undefined);
      await clock.run({ until: () => done });
      return outcome;
    };
    const expected: Expected[] = [];
    const files = Array.from({ length: DAYS }, (_, day) => Buffer.from([...world.settlement(day, expected)].join('')));
    const cases = async (): Promise<Found[]> =>
      (await knex('discrepancy')
        .select('kind', 'subject_id as subjectId', 'summary')
        .orderBy(['kind', 'subject_id'])) as Found[];
    const importAll = async (status: number): Promise<void> => {
      for (const [day, body] of files.entries()) {
        const answer = await network.request({
          method: 'POST',
          url: `${service.url}/v1/reconciliation/imports?psp=${PSP}&file_name=day-${day}.csv`,
          headers: { authorization: `Bearer ${API_KEY}`, 'content-type': 'application/octet-stream' },
          body,
          timeoutMs: 600_000,
        });
        assert.equal(answer.status, status, answer.body.toString());
      }
    };
    const result = await drive(async () => {
      await service.start();
      await writeBooks(knex, world);
      await importAll(201);
      const found = await cases();
      await importAll(200);
      const again = await cases();
      await service.stop();
      return { expected, found, again };
    });
    await network.close();
    return result;
  }

  for (const seed of SEEDS)
    it(`finds what was planted and nothing else (seed ${seed})`, async () => {
      const world = new World({ seed, payments: PAYMENTS, days: DAYS, plantShare: 0.05 });
      const { expected, found, again } = await reconcile(world);
      const score = scoreOf(expected, found);
      // What differs is shown, so that a failure says more than a number.
      assert.deepEqual(score.notPlanted, [], 'precision is below 100 %');
      assert.ok(score.recall >= 0.995, `recall is ${score.recall}: ${score.notFound.join(', ')}`);
      assert.ok(score.ambiguous <= found.length / 50, `${score.ambiguous} cases name several payments`);
      assert.deepEqual(
        new Set(expected.map(({ kind }) => kind)),
        new Set(Object.values(CASE_OF)),
        'a kind was not planted',
      );
      assert.deepEqual(again, found);
    });

  it('finds nothing where nothing was planted', async () => {
    const { expected, found } = await reconcile(new World({ seed: 9, payments: PAYMENTS, days: DAYS, plantShare: 0 }));
    assert.deepEqual(found, []);
    assert.deepEqual(expected, []);
  });
});
