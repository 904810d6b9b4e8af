/**
 * Guesses of reconciliation: whatever lines and movements stand side by side, a movement is only
 * ever named for a line without its references when nothing else could be meant.
 */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { classify } from './classify.ts';
import type { Expectation, Item } from './records.ts';
import { DEFAULT_TERMS } from './terms.ts';

const DAY_MS = 86_400_000;
const SETTLED_AT = 10 * DAY_MS;
const WITHIN_MS = DEFAULT_TERMS.suggestWithinSeconds * 1_000;

const movement = (id: number, amountMinor: number, occurredAt: number): Expectation => ({
  id,
  kind: 'payment',
  subjectId: `pay_${id}`,
  part: '',
  reference: `att_${id}`,
  pspReference: `psp_${id}`,
  partReference: null,
  amountMinor,
  currency: 'EUR',
  occurredAt,
  dueAt: 2 * DAY_MS,
  lateAt: 20 * DAY_MS,
  state: 'open',
  batch: null,
});

const line = (id: number, grossMinor: number, given: Partial<Item>): Item => ({
  id,
  batch: 'b',
  line: id,
  kind: 'payment',
  reference: `nobody-${id}`,
  pspReference: `none-${id}`,
  partReference: null,
  grossMinor,
  currency: 'EUR',
  netMinor: grossMinor,
  feeMinor: 0,
  settlementCurrency: 'EUR',
  occurredAt: 0,
  settledAt: SETTLED_AT,
  isConverted: false,
  ...given,
});

const named = (id: number, grossMinor: number, of: number): Item =>
  line(id, grossMinor, { reference: `att_${of}`, pspReference: `psp_${of}` });

/** Few amounts and a short time, so that many could be meant. */
const thing = fc.record({ amount: fc.integer({ min: 1, max: 3 }), at: fc.integer({ min: 0, max: 4 * WITHIN_MS }) });
const things = fc.array(thing, { maxLength: 8 });

describe('lines that name nobody', () => {
  it('are taken for a movement only where neither has another that fits', () => {
    fc.assert(
      fc.property(things, things, (movements, lines) => {
        const expectations = movements.map(({ amount, at }, n) => movement(n + 1, amount, at));
        const items = lines.map(({ amount, at }, n) => line(n + 1, amount, { occurredAt: at }));
        const fits = (item: Item, one: Expectation): boolean =>
          one.amountMinor === item.grossMinor && Math.abs(one.occurredAt - (item.occurredAt ?? 0)) <= WITHIN_MS;
        const { findings, movements: moved } = classify({ items, expectations, attempts: [] }, DEFAULT_TERMS);
        for (const { kind, expectation, items: told } of findings) {
          if (kind === 'wrong_reference') {
            const [item] = told;
            assert.ok(item !== undefined && expectation !== null);
            assert.deepEqual(
              expectations.filter((one) => fits(item, one)),
              [expectation],
            );
            assert.deepEqual(
              items.filter((one) => fits(one, expectation)),
              [item],
            );
          } else if (kind === 'ambiguous_line') {
            for (const item of told) assert.ok(expectations.some((one) => fits(item, one)));
          } else {
            assert.equal(kind, 'missing_in_ledger');
            for (const item of told) assert.ok(!expectations.some((one) => fits(item, one)));
          }
        }
        // Each line is told once, and a movement that could be meant is not called missing besides.
        assert.deepEqual(
          findings.flatMap(({ items: told }) => told.map(({ id }) => id)).sort((a, b) => a - b),
          items.map(({ id }) => id),
        );
        const meant = expectations.filter((one) => items.some((item) => fits(item, one))).map(({ id }) => id);
        assert.deepEqual(
          moved.map(({ id }) => id).sort((a, b) => a - b),
          meant,
        );
      }),
      { numRuns: 500 },
    );
  });

  it('does not depend on the order in which lines and movements come', () => {
    const told = (items: Item[], expectations: Expectation[]): string[] =>
      classify({ items, expectations, attempts: [] }, DEFAULT_TERMS)
        .findings.map(
          ({ kind, items: of }) =>
            `${kind} ${of
              .map(({ id }) => id)
              .sort((a, b) => a - b)
              .join(' ')}`,
        )
        .sort();
    fc.assert(
      fc.property(things, things, (movements, lines) => {
        const expectations = movements.map(({ amount, at }, n) => movement(n + 1, amount, at));
        const items = lines.map(({ amount, at }, n) => line(n + 1, amount, { occurredAt: at }));
        assert.deepEqual(told([...items].reverse(), [...expectations].reverse()), told(items, expectations));
      }),
    );
  });

  it('leaves it to a person which of two equal payments was settled, and says what is missing', () => {
    const expectations = [movement(1, 500, 0), movement(2, 500, 2_000)];
    const { findings } = classify({ items: [line(1, 500, {})], expectations, attempts: [] }, DEFAULT_TERMS);
    assert.deepEqual(
      findings.map(({ kind, subjectId, openMinor }) => [kind, subjectId, openMinor]),
      [['ambiguous_line', 'b:1', 500]],
    );
    assert.match(findings[0]?.summary ?? '', /pay_1 .* or .*pay_2/);
  });
});

describe('a line over more than the movement that it names', () => {
  const kinds = (amounts: number[], grossMinor: number): string[] =>
    classify(
      {
        items: [named(1, grossMinor, 1)],
        expectations: amounts.map((amount, n) => movement(n + 1, amount, n * 600_000)),
        attempts: [],
      },
      DEFAULT_TERMS,
    ).findings.map(({ kind, subjectId }) => `${kind} ${subjectId}`);

  it('is two movements when exactly one other could be the rest', () => {
    assert.deepEqual(kinds([500, 300], 800), ['merged_line pay_1']);
  });

  it('is a wrong amount when none could be', () => {
    assert.deepEqual(kinds([500, 299], 800), ['amount_mismatch pay_1']);
  });

  it('is left to a person when several could be', () => {
    assert.deepEqual(kinds([500, 300, 300], 800), ['ambiguous_line b:1']);
  });
});

describe('a movement that was told as missing', () => {
  const missing: Expectation = { ...movement(1, 500, 0), state: 'missing' };
  const came = (...items: Item[]): [string[], string[]] => {
    const free = { ...DEFAULT_TERMS, fees: {} };
    const { findings, found } = classify({ items, expectations: [missing], attempts: [] }, free);
    return [findings.map(({ kind }) => kind), found.map(({ subjectId }) => subjectId)];
  };

  it('is missing no more when its line comes, whatever is wrong with that line', () => {
    const line = named(1, 500, 1);
    assert.deepEqual(came(line), [[], ['pay_1']]);
    assert.deepEqual(came({ ...line, feeMinor: 25, netMinor: 475 }), [['fee_mismatch'], ['pay_1']]);
    assert.deepEqual(came(named(1, 400, 1)), [['amount_mismatch'], ['pay_1']]);
    assert.deepEqual(came({ ...line, currency: 'USD' }), [['currency_mismatch'], ['pay_1']]);
    assert.deepEqual(came(line, named(2, 500, 1)), [['duplicate_line'], ['pay_1']]);
  });
});
