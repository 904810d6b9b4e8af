/** Goal: what is written is what is read; broken files are told from cut ones. Method: files in a temp folder. */
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { createManualClock } from '../clock/manual-clock.ts';
import { UserError } from '../errors.ts';
import { canonicalJson } from './canonical-json.ts';
import { diffHistories } from './diff-histories.ts';
import type { HistoryEvent } from './event.ts';
import { fingerprintOf } from './fingerprint.ts';
import { createHistoryWriter } from './history-writer.ts';
import { readHistory } from './read-history.ts';

describe('history', () => {
  let folder: string;
  let path: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'assay-history-'));
    path = join(folder, 'run', 'history.ndjson');
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  async function record(): Promise<string> {
    const clock = createManualClock({ startMs: 7 });
    const history = createHistoryWriter({ clock, path, meta: { seed: '42' } });
    const first = history.append({
      proc: 'client-1',
      type: 'invoke',
      f: 'deposit',
      key: 'pay_1',
      value: { amountMinor: 500 },
    });
    await clock.advance(12.5);
    history.append({ proc: 'client-1', type: 'ok', f: 'deposit', key: 'pay_1', cause: first });
    history.append({ proc: 'psp', type: 'obs', f: 'books', value: 'ünï\ncode' });
    await history.close();
    return history.fingerprint();
  }

  it('comes back from its file as it was written, with the same fingerprint', async () => {
    const fingerprint = await record();
    const { header, events, truncated } = readHistory(path);
    assert.deepEqual(header, { schema: 1, seed: '42' });
    assert.equal(truncated, false);
    assert.deepEqual(events[1], { i: 1, t: 12.5, proc: 'client-1', type: 'ok', f: 'deposit', key: 'pay_1', cause: 0 });
    assert.equal(events[2]?.value, 'ünï\ncode');
    assert.equal(fingerprintOf(events), fingerprint);
  });

  it('tolerates and reports a last line that was cut off at any byte', async () => {
    await record();
    const whole = readFileSync(path);
    const lastLineStart = whole.subarray(0, -1).lastIndexOf('\n') + 1;
    for (let end = lastLineStart + 1; end < whole.length; end += 1) {
      writeFileSync(path, whole.subarray(0, end));
      const { events, truncated } = readHistory(path);
      assert.equal(truncated, true);
      assert.equal(events.length, 2);
    }
  });

  it('names file and line of anything else that is broken', async () => {
    await record();
    const lines = readFileSync(path, 'utf8').split('\n');
    const withLine = (index: number, text: string): string =>
      lines.map((line, at) => (at === index ? text : line)).join('\n');
    const cases: [string, RegExp][] = [
      [withLine(2, '{"i":'), /history\.ndjson:3 .*JSON/],
      [withLine(2, lines[1] ?? ''), /history\.ndjson:3 .*index is 0, expected 1/],
      [withLine(0, '{"schema":99}'), /history\.ndjson:1 .*schema is 99/],
      [withLine(3, '{"i":2,"t":1,"proc":"p","type":"ok"}'), /history\.ndjson:4 .*"f"/],
      ['', /history\.ndjson:1 .*header/],
    ];
    for (const [content, expected] of cases) {
      writeFileSync(path, content);
      assert.throws(
        () => readHistory(path),
        (error: unknown) => error instanceof UserError && expected.test(error.message),
      );
    }
    assert.throws(() => readHistory(join(folder, 'nothing')), UserError);
  });

  it('keeps snapshots: later changes by the caller change nothing', async () => {
    const history = createHistoryWriter({ clock: createManualClock({ startMs: 0 }) });
    const value = { amountMinor: 1 };
    history.append({ proc: 'p', type: 'ok', f: 'f', value });
    value.amountMinor = 2;
    assert.deepEqual(history.events()[0]?.value, { amountMinor: 1 });
    await history.close();
    assert.throws(() => history.append({ proc: 'p', type: 'ok', f: 'f' }), /after the history was closed/);
  });

  it('writes long histories completely', async () => {
    const history = createHistoryWriter({ clock: createManualClock({ startMs: 0 }), path });
    for (let index = 0; index < 5_000; index += 1)
      history.append({ proc: 'p', type: 'note', f: 'filler', value: 'é'.repeat(40) });
    await history.close();
    assert.equal(fingerprintOf(readHistory(path).events), history.fingerprint());
  });

  it('leaves wall time out of the fingerprint, and nothing else', () => {
    const event: HistoryEvent = { i: 0, t: 0, proc: 'p', type: 'ok', f: 'f' };
    const withWall = { ...event, wall: 123 } as HistoryEvent;
    assert.equal(fingerprintOf([event]), fingerprintOf([withWall]));
    assert.notEqual(fingerprintOf([event]), fingerprintOf([{ ...event, t: 1 }]));
  });
});

describe('differences of histories', () => {
  const event = (i: number, more: Partial<HistoryEvent> = {}): HistoryEvent => ({
    i,
    t: i,
    proc: 'p',
    type: 'ok',
    f: 'f',
    ...more,
  });

  it('are found at the first event that differs, with what caused it', () => {
    const left = [event(0), event(1), event(2, { cause: 0 }), event(3, { cause: 2, value: 'a' })];
    const right = [event(0), event(1), event(2, { cause: 0 }), event(3, { cause: 2, value: 'b' })];
    const difference = diffHistories(left, right);
    assert.equal(difference?.index, 3);
    assert.deepEqual(
      difference?.leftChain.map((each) => each.i),
      [0, 2, 3],
    );
    assert.deepEqual(difference?.rightChain.at(-1)?.value, 'b');
  });

  it('are none for equal histories, and the end of the shorter one otherwise', () => {
    assert.equal(diffHistories([event(0)], [event(0)]), undefined);
    const difference = diffHistories([event(0)], [event(0), event(1)]);
    assert.equal(difference?.index, 1);
    assert.equal(difference?.left, undefined);
    assert.deepEqual(difference?.leftChain, []);
  });
});

describe('canonical JSON', () => {
  it('does not depend on the order of keys and reads back as the same value', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue({ noUnicodeString: false })), (value) => {
        const reversed = Object.fromEntries(Object.entries(value).reverse());
        assert.equal(canonicalJson(value), canonicalJson(reversed));
        assert.deepEqual(JSON.parse(canonicalJson(value)), JSON.parse(JSON.stringify(value)));
      }),
    );
  });

  it('names the place of what JSON would silently change', () => {
    assert.throws(() => canonicalJson({ a: [1, undefined] }), /\$\.a\[1\] is of type undefined/);
    assert.throws(() => canonicalJson({ a: Number.NaN }), /\$\.a is NaN/);
    assert.throws(() => canonicalJson({ a: { b: Infinity } }), /\$\.a\.b is Infinity/);
    assert.throws(() => canonicalJson({ at: new Date(0) }), /\$\.at is a Date/);
    assert.throws(() => canonicalJson({ amount: 1n }), /bigint/);
    const cycle: Record<string, unknown> = {};
    cycle['self'] = cycle;
    assert.throws(() => canonicalJson(cycle), /cycle/);
  });
});
