import assert from 'node:assert/strict';
import { describeFaults } from '../../psp-simulator/index.ts';
import {
  closeVirtualDatabase,
  failureBlock,
  libraryScenarios,
  loadScenario,
  runScenario,
  scenarioSchema,
} from '../index.ts';
import { INVARIANTS } from '../invariants/index.ts';

const library = libraryScenarios();
const virtual = library.filter(({ scenario }) => scenario.drivers?.includes('virtual') ?? true);

/** Faults that no scenario shows yet, and why. */
const NOT_SHOWN: Readonly<Record<string, string>> = {
  'certificate-expired': 'the services under test reach the simulator by plain HTTP',
};

describe('the scenario library', () => {
  after(() => closeVirtualDatabase());

  /** Invariants that held in a run, so that something of them was seen. */
  const held = new Set<string>();
  let runs = 0;

  for (const { scenario } of virtual) {
    it(`passes ${scenario.name}: ${scenario.title}`, async () => {
      const result = await runScenario({ scenario, seed: 1, driver: 'virtual' });
      runs += 1;
      for (const { id, verdict } of result.invariants) if (verdict === 'pass') held.add(id);
      const unmet = result.judged.expectations.filter((one) => !one.met).map((one) => one.text);
      assert.equal(result.verdict, 'pass', `${failureBlock(result.report)}\n${unmet.join('\n')}`);
    });
  }

  it('puts every invariant to the test, in some run of all', function () {
    if (runs < virtual.length) {
      Object.assign(this.test ?? {}, { skipReason: 'only all of the runs together can tell' });
      this.skip();
    }
    assert.deepEqual(
      INVARIANTS.map(({ id }) => id).filter((id) => !held.has(id)),
      [],
    );
  });

  it('knows every fault of the simulator, and no other', () => {
    const definitions = scenarioSchema()['$defs'] as { fault: { properties: { fault: { enum: string[] } } } };
    const known = describeFaults().map((fault) => fault.name);
    assert.deepEqual([...definitions.fault.properties.fault.enum].sort(), [...known].sort());
  });

  it('shows each fault of the simulator in at least one scenario, or says which it does not', () => {
    const shown = new Set(library.flatMap(({ scenario }) => (scenario.faults ?? []).map((fault) => fault.fault)));
    const missing = describeFaults()
      .map((fault) => fault.name)
      .filter((name) => !shown.has(name));
    assert.deepEqual(missing.sort(), Object.keys(NOT_SHOWN).sort());
  });
});

describe('a run in virtual time', () => {
  after(() => closeVirtualDatabase());
  const scenario = loadScenario('scenarios/library/duplicate-burst.yaml');
  const run = (seed: number) => runScenario({ scenario, seed, driver: 'virtual' });

  it('is the same to the byte for the same seed, and another for another seed', async () => {
    const [first, second, other] = [await run(7), await run(7), await run(8)];
    assert.deepEqual(second.history, first.history);
    assert.equal(second.fingerprint, first.fingerprint);
    assert.notEqual(other.fingerprint, first.fingerprint);
  });

  it('leaves the amounts, cards and PSPs of the others alone when a deposit is taken away', async () => {
    const traffic = scenario.traffic.map((entry) => ('deposits' in entry ? { ...entry, deposits: 14 } : entry));
    const fates = (result: Awaited<ReturnType<typeof run>>) =>
      result.history
        .filter(
          (event) => event.f === 'deposit' && event.type === 'invoke' && (event.value as { try: number }).try === 1,
        )
        .map((event) => event.value);
    const fewer = fates(await runScenario({ scenario: { ...scenario, traffic }, seed: 7, driver: 'virtual' }));
    assert.deepEqual(fewer, fates(await run(7)).slice(0, 14));
  });

  it('finds a service that believes every webhook, and goes on with a sound one afterwards', async () => {
    const forged = loadScenario('scenarios/library/forged-and-stale-webhooks.yaml');
    const verified = { verify: () => ({ kind: 'verified' as const }) };
    const parts = () => ({ webhookVerifiers: { acme: verified, stripe: verified, adyen: verified } });
    const broken = await runScenario({ scenario: forged, seed: 1, driver: 'virtual', mutateService: { parts } });
    assert.equal(broken.verdict, 'fail');
    assert.equal(broken.exitCode, 1);
    assert.match(
      failureBlock(broken.report),
      /Reproduce with: node bin\/assay\.js run scenarios\/library\/forged-and-stale-webhooks\.yaml --driver virtual --seed 1/,
    );
    assert.equal((await runScenario({ scenario: forged, seed: 1, driver: 'virtual' })).verdict, 'pass');
  });

  it('says which work holds the clock when the service waits for something outside of it', async () => {
    const never = { kind: 'stuck' };
    const parts = () => ({ onReturn: () => new Promise<void>((resolve) => void Object.assign(never, { resolve })) });
    const threeDs = loadScenario('scenarios/library/three-ds-failed.yaml');
    await assert.rejects(
      runScenario({ scenario: threeDs, seed: 1, driver: 'virtual', mutateService: { parts } }),
      /the virtual clock cannot move.*return/s,
    );
    assert.equal((await run(7)).verdict, 'pass');
  });
});
