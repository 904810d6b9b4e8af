/** Settlements that disagree with the books: what each fault changes, and what stays true of any of them. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { createKeyedRandom, createManualClock } from '../../../kernel/index.ts';
import type { HistoryEventInput } from '../../../kernel/index.ts';
import type { SettlementBatch, SettlementLine } from '../../settlement/settlement.ts';
import { acmeClient, HOUR_MS, openBench } from '../../test/bench.ts';
import { FAULT_KINDS } from '../index.ts';
import { FaultPlan } from '../plan.ts';

const CLOSED_AT = Date.UTC(2026, 0, 6);

function lineOf(n: number, more: Partial<SettlementLine> = {}): SettlementLine {
  const grossMinor = more.grossMinor ?? 1_000 * (n + 1);
  const fees = { commission: 25, interchange: 0, scheme: 0, markup: 0 };
  return {
    id: `acme-line-${n}`,
    type: 'payment',
    pspReference: `apay_${'abcdefghij'.charAt(n % 10)}${n}`,
    modificationReference: null,
    reference: `order-${n}`,
    method: 'card',
    atMs: CLOSED_AT - HOUR_MS,
    availableAtMs: CLOSED_AT,
    grossMinor,
    currency: 'EUR',
    convertedMinor: grossMinor,
    settlementCurrency: 'EUR',
    exchangeRate: '1',
    fees,
    netMinor: grossMinor - 25,
    ...more,
  };
}

function batchOf(lines: readonly SettlementLine[], carriedMinor = 0): SettlementBatch {
  const netMinor = lines.reduce((sum, line) => sum + line.netMinor, 0);
  return {
    id: 'acme-EUR-1',
    number: 1,
    currency: 'EUR',
    fromMs: CLOSED_AT - 24 * HOUR_MS,
    toMs: CLOSED_AT,
    lines,
    netMinor,
    carriedMinor,
    transferMinor: Math.max(0, netMinor + carriedMinor),
  };
}

function tell(batch: SettlementBatch, faults: readonly unknown[], seed = 'settlement') {
  const history: HistoryEventInput[] = [];
  const plan = new FaultPlan({
    clock: createManualClock({ startMs: CLOSED_AT }),
    random: createKeyedRandom(seed),
    history: { append: (event) => history.push(event) },
    psps: ['acme'],
    setDoor: async () => {},
  });
  plan.replace(faults, CLOSED_AT - 48 * HOUR_MS);
  const told = plan.settlement({ psp: 'acme', batch, cause: undefined });
  const hits = history.filter(({ value }) => (value as { phase?: string }).phase === undefined);
  return { ...told, hits, evidence: hits.map(({ value }) => value as Record<string, unknown>) };
}

const TRUTH = batchOf(Array.from({ length: 5 }, (_, n) => lineOf(n)));
const idsOf = (lines: readonly SettlementLine[]): string[] => lines.map(({ id }) => id);
const changedIn = (batch: SettlementBatch): SettlementLine[] =>
  batch.lines.filter((line) => !TRUTH.lines.some((known) => JSON.stringify(known) === JSON.stringify(line)));

describe('faults of settlements', () => {
  it('settlement-missing-line: one line less, the money for it is missing, and the history names it', () => {
    const { batch, evidence } = tell(TRUTH, [{ fault: 'settlement-missing-line' }]);
    assert.equal(batch.lines.length, 4);
    const [missing] = TRUTH.lines.filter((line) => !batch.lines.includes(line));
    assert.equal(batch.transferMinor, TRUTH.transferMinor - (missing?.netMinor ?? 0));
    assert.deepEqual(
      evidence.map((one) => [one['discrepancy'], one['line_id'], one['batch_id']]),
      [['missing-line', missing?.id, 'acme-EUR-1']],
    );
  });

  it('settlement-extra-line: a payment of nobody we know', () => {
    const { batch } = tell(TRUTH, [{ fault: 'settlement-extra-line' }]);
    const [extra] = changedIn(batch);
    assert.equal(batch.lines.length, 6);
    assert.ok(extra !== undefined && !TRUTH.lines.some(({ pspReference }) => pspReference === extra.pspReference));
    assert.match(extra.reference ?? '', /^order-\d$/);
  });

  it('settlement-wrong-amount: the same line, another amount', () => {
    const { batch } = tell(TRUTH, [{ fault: 'settlement-wrong-amount', reference: 'order-3', with: { factor: 0.5 } }]);
    assert.deepEqual(
      changedIn(batch).map(({ id, grossMinor, netMinor }) => [id, grossMinor, netMinor]),
      [['acme-line-3', 2_000, 1_975]],
    );
  });

  it('settlement-wrong-currency: the same figures, another currency', () => {
    const { batch } = tell(TRUTH, [{ fault: 'settlement-wrong-currency', with: { currency: 'SEK' } }]);
    const [wrong] = changedIn(batch);
    assert.equal(wrong?.currency, 'SEK');
    assert.equal(batch.netMinor, TRUTH.netMinor);
  });

  it('settlement-wrong-fee: more is kept, less is paid', () => {
    const { batch } = tell(TRUTH, [{ fault: 'settlement-wrong-fee', with: { more: 40 } }]);
    assert.equal(changedIn(batch)[0]?.fees.commission, 65);
    assert.equal(batch.transferMinor, TRUTH.transferMinor - 40);
  });

  it('settlement-duplicate-line: the same payment twice', () => {
    const { batch } = tell(TRUTH, [{ fault: 'settlement-duplicate-line', reference: 'order-1' }]);
    assert.equal(batch.lines.filter(({ reference }) => reference === 'order-1').length, 2);
    assert.equal(new Set(idsOf(batch.lines)).size, 6);
  });

  it('settlement-wrong-reference: amount and time as they were, references of nobody', () => {
    const { batch } = tell(TRUTH, [{ fault: 'settlement-wrong-reference', amount: 3_000 }]);
    const [wrong] = changedIn(batch);
    assert.equal(wrong?.grossMinor, 3_000);
    assert.notEqual(wrong?.reference, 'order-2');
    assert.equal(batch.netMinor, TRUTH.netMinor);
  });

  it('settlement-late-line: missing now, handed over for the next batch', () => {
    const { batch, later } = tell(TRUTH, [{ fault: 'settlement-late-line' }]);
    assert.equal(batch.lines.length, 4);
    assert.equal(later.length, 1);
    assert.equal(batch.netMinor + (later[0]?.netMinor ?? 0), TRUTH.netMinor);
  });

  it('settlement-split-line: two lines that add up', () => {
    const { batch } = tell(TRUTH, [{ fault: 'settlement-split-line', reference: 'order-4', with: { share: 0.3 } }]);
    assert.deepEqual(
      changedIn(batch).map(({ id, grossMinor }) => [id, grossMinor]),
      [
        ['acme-line-4-a', 1_500],
        ['acme-line-4-b', 3_500],
      ],
    );
    assert.equal(batch.netMinor, TRUTH.netMinor);
  });

  it('settlement-merged-lines: two payments in one line, with the references of one', () => {
    const { batch, evidence } = tell(TRUTH, [{ fault: 'settlement-merged-lines' }]);
    assert.equal(batch.lines.length, 4);
    assert.equal(batch.netMinor, TRUTH.netMinor);
    assert.notEqual(evidence[0]?.['other_line_id'], evidence[0]?.['line_id']);
  });

  it('settlement-unannounced-chargeback: the money goes back with a fee, and no dispute is known', () => {
    const { batch } = tell(TRUTH, [{ fault: 'settlement-unannounced-chargeback', with: { feeMinor: 500 } }]);
    const [back] = changedIn(batch);
    assert.equal(back?.type, 'chargeback');
    assert.equal(
      back?.netMinor,
      -(TRUTH.lines.find(({ reference }) => reference === back?.reference)?.grossMinor ?? 0) - 500,
    );
  });

  it('settlement-short-payout: every line is right, the transfer is not', () => {
    const { batch } = tell(TRUTH, [{ fault: 'settlement-short-payout', with: { missing: 1_727 } }]);
    assert.deepEqual(batch.lines, TRUTH.lines);
    assert.equal(batch.netMinor, TRUTH.netMinor);
    assert.equal(batch.transferMinor, TRUTH.transferMinor - 1_727);
  });

  it('strikes one line unless a chance, a count or a number says otherwise', () => {
    const lost = (fault: object): number =>
      5 - tell(TRUTH, [{ fault: 'settlement-missing-line', ...fault }]).batch.lines.length;
    assert.deepEqual([lost({}), lost({ chance: 1 }), lost({ count: 2 }), lost({ nth: 3 })], [1, 5, 2, 1]);
  });

  it('strikes only batches that were closed in its window', () => {
    const within = { from: 47 * HOUR_MS, to: 49 * HOUR_MS };
    const before = { from: 0, to: 47 * HOUR_MS };
    assert.equal(tell(TRUTH, [{ fault: 'settlement-missing-line', ...within }]).batch.lines.length, 4);
    assert.equal(tell(TRUTH, [{ fault: 'settlement-missing-line', ...before }]).batch.lines.length, 5);
  });

  const settlementKinds = [...FAULT_KINDS.values()]
    .filter(({ point }) => point === 'settlement')
    .map(({ name }) => name);

  it('agrees with itself whatever happens: lines with their fees, totals with their lines', () => {
    const anyLine = fc.tuple(
      fc.integer({ min: -50_000, max: 50_000 }),
      fc.constantFrom('payment', 'refund', 'payout', 'chargeback', 'fee', 'reserve-held') as fc.Arbitrary<
        SettlementLine['type']
      >,
      fc.nat(300),
    );
    const anyBatch = fc.tuple(fc.array(anyLine, { maxLength: 12 }), fc.integer({ min: -20_000, max: 0 }));
    fc.assert(
      fc.property(anyBatch, fc.subarray(settlementKinds), fc.string(), ([drafts, carried], kinds, seed) => {
        const lines = drafts.map(([gross, type, commission], n) =>
          lineOf(n, {
            type,
            grossMinor: gross,
            convertedMinor: gross,
            fees: { commission, interchange: 0, scheme: 0, markup: 0 },
            netMinor: gross - commission,
          }),
        );
        const truth = batchOf(lines, carried);
        const { batch, later, hits } = tell(
          truth,
          kinds.map((fault) => ({ fault, chance: 0.5 })),
          seed,
        );
        for (const line of [...batch.lines, ...later]) {
          const { commission, interchange, scheme, markup } = line.fees;
          assert.equal(line.netMinor, line.convertedMinor - commission - interchange - scheme - markup);
        }
        assert.equal(
          batch.netMinor,
          batch.lines.reduce((sum, line) => sum + line.netMinor, 0),
        );
        assert.ok(batch.transferMinor >= 0 && batch.transferMinor <= Math.max(0, batch.netMinor + batch.carriedMinor));
        assert.equal(new Set(idsOf(batch.lines)).size, batch.lines.length);
        if (hits.length === 0) assert.deepEqual(batch, truth);
        assert.deepEqual(
          tell(
            truth,
            kinds.map((fault) => ({ fault, chance: 0.5 })),
            seed,
          ).batch,
          batch,
        );
      }),
    );
  });

  it('reaches the native file that the merchant reads, and the truth stays beside it', async () => {
    const bench = await openBench();
    await bench.plan({ fault: 'settlement-missing-line', reference: 'order-2' });
    const acme = acmeClient(bench);
    for (const reference of ['order-1', 'order-2', 'order-3']) await acme.pay(reference);
    const closed = await bench.control('POST', '/psps/acme/settlements', {});
    const [settlement] = closed.json as unknown as { batch: string; truthful: boolean; files: { name: string }[] }[];
    assert.equal(settlement?.truthful, false);
    const path = `/v1/psps/acme/settlements/${settlement?.batch}`;
    const file = await bench.exchange(`${bench.simulator.control.url}${path}/files/${settlement?.files[0]?.name}`);
    const text = file.body.toString();
    assert.ok(text.includes('order-1') && !text.includes('order-2') && text.includes('order-3'), text);
    const whole = await bench.exchange(`${bench.simulator.control.url}${path}`);
    const { truth } = JSON.parse(whole.body.toString()) as { truth: { items: { reference: string }[] } };
    assert.ok(truth.items.some(({ reference }) => reference === 'order-2'));
    await bench.close();
  });
});
