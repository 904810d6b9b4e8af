/**
 * Goal: beliefs follow what was seen, fade, and borrow where little was seen. Method: made-up
 * histories, read once as they happened and once from the stored buckets, as after a restart.
 */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { MINUTE_MS, type QualityBucket } from './observation.ts';
import { QualityBook, type Estimate } from './quality.ts';
import { ObservationTally } from './tally.ts';

const PSPS = ['alpha', 'beta'];
const HALF_LIFE_MS = 15 * MINUTE_MS;

function history(
  entries: { psp: string; segment?: string; approved: number; declined: number; minute: number }[],
): QualityBucket[] {
  const tally = new ObservationTally();
  for (const { psp, segment = 'card|DE|EUR', approved, declined, minute } of entries) {
    const seen = { psp, operation: 'authorize', segment } as const;
    for (let count = 0; count < approved; count += 1) tally.add({ ...seen, kind: 'approved' }, minute * MINUTE_MS);
    for (let count = 0; count < declined; count += 1) tally.add({ ...seen, kind: 'declined' }, minute * MINUTE_MS);
  }
  return tally.take();
}

function believed(buckets: readonly QualityBucket[], minute: number, segment = 'card|DE|EUR'): readonly Estimate[] {
  const book = new QualityBook(PSPS, HALF_LIFE_MS);
  book.learn(buckets, minute * MINUTE_MS);
  return book.view(minute * MINUTE_MS).estimates('authorize', segment);
}

describe('quality of PSPs', () => {
  it('comes close to what was seen, and closer the more was seen', () => {
    const few = believed(history([{ psp: 'alpha', approved: 6, declined: 4, minute: 0 }]), 0);
    const many = believed(history([{ psp: 'alpha', approved: 600, declined: 400, minute: 0 }]), 0);
    assert.ok(Math.abs((many[0]?.conversion ?? 0) - 0.6) < 0.03);
    assert.ok((many[0]?.deviation ?? 1) < (few[0]?.deviation ?? 0));
  });

  it('forgets: what is new weighs more than what is old', () => {
    const buckets = history([
      { psp: 'alpha', approved: 0, declined: 300, minute: 0 },
      { psp: 'alpha', approved: 300, declined: 0, minute: 90 },
    ]);
    assert.ok((believed(buckets, 90)[0]?.conversion ?? 0) > 0.8);
  });

  it('expects of a PSP in a new country what it does elsewhere', () => {
    const buckets = history([
      { psp: 'alpha', approved: 500, declined: 500, minute: 0 },
      { psp: 'beta', approved: 900, declined: 100, minute: 0 },
    ]);
    const [alpha, beta] = believed(buckets, 0, 'card|FR|EUR');
    assert.ok((beta?.conversion ?? 0) - (alpha?.conversion ?? 1) > 0.2);
  });

  it('expects trouble that shows in a busy segment in the quiet ones of the same method', () => {
    const calm = [0, 10, 20, 30].flatMap((minute) => [
      { psp: 'alpha', approved: 180, declined: 20, minute },
      { psp: 'alpha', segment: 'card|ES|EUR', approved: 18, declined: 2, minute },
    ]);
    const trouble = { psp: 'alpha', approved: 0, declined: 300, minute: 60 };
    const before = believed(history(calm), 60, 'card|ES|EUR')[0]?.conversion ?? 0;
    const after = believed(history([...calm, trouble]), 60, 'card|ES|EUR')[0]?.conversion ?? 1;
    assert.ok(before - after > 0.2, `${before} to ${after}`);
  });

  it('believes after a restart what it believed before', () => {
    const entry = fc.record({
      psp: fc.constantFrom(...PSPS),
      segment: fc.constantFrom('card|DE|EUR', 'card|ES|EUR', 'bank|DE|EUR'),
      approved: fc.nat(20),
      declined: fc.nat(20),
      minute: fc.nat(120),
    });
    fc.assert(
      fc.property(fc.array(entry, { maxLength: 40 }), (entries) => {
        const buckets = history(entries);
        const running = new QualityBook(PSPS, HALF_LIFE_MS);
        // As in the service: each minute what the book asks for, as far as it had happened.
        for (let minute = 0; minute <= 130; minute += 1) {
          const nowMs = minute * MINUTE_MS;
          const from = running.wantedFrom(nowMs);
          running.learn(
            buckets.filter((one) => one.minute >= from && one.minute <= nowMs),
            nowMs,
          );
        }
        const nowMs = 130 * MINUTE_MS;
        const restarted = new QualityBook(PSPS, HALF_LIFE_MS);
        restarted.learn(
          buckets.filter((one) => one.minute >= restarted.wantedFrom(nowMs)),
          nowMs,
        );
        for (const segment of ['card|DE|EUR', 'card|ES|EUR', 'bank|DE|EUR', 'voucher|DE|EUR']) {
          const one = running.view(nowMs).estimates('authorize', segment);
          const other = restarted.view(nowMs).estimates('authorize', segment);
          one.forEach((estimate, index) => {
            assert.ok(Math.abs(estimate.conversion - (other[index]?.conversion ?? 0)) < 1e-3);
            assert.ok(estimate.conversion > 0 && estimate.conversion < 1);
          });
        }
      }),
      { numRuns: 30 },
    );
  });
});
