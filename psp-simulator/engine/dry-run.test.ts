/** A dry run says beforehand what a run will hit: the same seed, the same answer, for every kind of fault. */
import assert from 'node:assert/strict';
import { FaultInputError } from '../faults/parameters.ts';
import { acmeClient, failure, MINUTE_MS, openBench } from '../test/bench.ts';
import { dryRunFaults, dryRunText } from './dry-run.ts';

const ACME = [{ name: 'acme', dialect: 'acme' }];

describe('the dry run of a fault plan', () => {
  it('names exactly the payments that a run with the same seed hits', async () => {
    const faults = [
      { id: 'slow', fault: 'latency', operation: 'create-payment', chance: 0.3, with: { fixedMs: 50 } },
      { id: 'down', fault: 'error', operation: 'create-payment', chance: 0.2 },
      { id: 'lost', fault: 'answer-lost', operation: 'create-payment', chance: 0.25 },
      { id: 'third', fault: 'rate-limited', nth: 3, operation: 'create-payment', chance: 0.5 },
      { id: 'silent', fault: 'webhook-lost', chance: 0.4, with: { silently: true } },
      { id: 'twice', fault: 'webhook-duplicate', event: 'captured', chance: 0.3, count: 4 },
      { id: 'vip', fault: 'webhook-late', reference: 'order-1?', with: { delayMs: 5_000 } },
    ];
    const seed = 'same';
    const report = await dryRunFaults({
      seed,
      psps: ACME,
      faults,
      traffic: { payments: 40, operations: ['create-payment'], everyMs: MINUTE_MS },
    });

    const bench = await openBench({ seed });
    await bench.plan(...faults);
    const acme = acmeClient(bench);
    const hitsOfRun = new Map<string, string[]>();
    for (let n = 1; n <= 40; n += 1) {
      const paying = acme.pay(`order-${n}`);
      await paying.catch(() => failure(paying));
      await bench.pass(MINUTE_MS);
    }
    await bench.rest();
    for (const event of bench.history.events()) {
      const { fault_id: id, phase } = (event.value ?? {}) as { fault_id?: string; phase?: string };
      if (event.type !== 'fault' || id === undefined || phase !== undefined) continue;
      hitsOfRun.set(id, [...(hitsOfRun.get(id) ?? []), event.key ?? '']);
    }
    for (const fault of report.faults) {
      const hits = hitsOfRun.get(fault.id) ?? [];
      assert.equal(fault.hits, hits.length, `${fault.id}: ${hits.join(' ')}`);
      assert.deepEqual(fault.first, [...new Set(hits)].slice(0, fault.first.length), fault.id);
      assert.ok(fault.hits > 0, `${fault.id} hits nothing, which proves nothing`);
    }
    await bench.close();
  });

  it('answers the same for the same seed, and another for another', async () => {
    const faults = [{ fault: 'error', chance: 0.5 }];
    const once = await dryRunFaults({ seed: 'a', psps: ACME, faults });
    assert.deepEqual(await dryRunFaults({ seed: 'a', psps: ACME, faults }), once);
    assert.notDeepEqual((await dryRunFaults({ seed: 'b', psps: ACME, faults })).faults, once.faults);
  });

  it('keeps to windows, counts and filters', async () => {
    const { faults } = await dryRunFaults({
      seed: 'w',
      psps: ACME,
      faults: [
        { fault: 'error', from: 10_000, to: 20_000, operation: 'get-payment' },
        { fault: 'error', count: 3, operation: 'create-payment', player: 'player-9*' },
        { fault: 'error', method: 'ideal' },
      ],
    });
    assert.deepEqual(
      faults.map(({ hits, first }) => [hits, first[0]]),
      [
        [10, 'order-11'],
        [3, 'order-9'],
        [0, undefined],
      ],
    );
  });

  it('says in one line per fault what would be hit', async () => {
    const report = await dryRunFaults({
      seed: '7',
      psps: ACME,
      faults: [
        { fault: 'webhook-duplicate', count: 12 },
        { fault: 'error', amount: 1 },
      ],
      traffic: { payments: 20 },
    });
    const [head, duplicate, error] = dryRunText(report).split('\n');
    assert.equal(head, 'Dry run, seed 7: 20 payments at each of acme');
    assert.match(
      duplicate ?? '',
      /f1 +webhook-duplicate +12 hits \(payment\.captured 12\): order-1, .*order-10, and 2 more$/,
    );
    assert.match(error ?? '', /f2 +error +hits nothing$/);
  });

  it('refuses a plan or a traffic with a mistake in one sentence', async () => {
    const refused = (faults: unknown[], traffic = {}): Promise<unknown> =>
      assert.rejects(dryRunFaults({ seed: 'x', psps: ACME, faults, traffic }), FaultInputError);
    await refused([{ fault: 'gremlins' }]);
    await refused([], { payments: 0 });
    await refused([], { operations: ['dance'] });
    await refused([], { paymnets: 1 });
  });
});
