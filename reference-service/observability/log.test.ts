/**
 * Goal: each line is one JSON document with its level, everyday lines are written together and
 * soon, and what needs a person is written at once, after all that came before it.
 */
import assert from 'node:assert/strict';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createManualClock } from '../../kernel/index.ts';
import { createLog } from './log.ts';

describe('the log of a process', () => {
  const folder = mkdtempSync(join(tmpdir(), 'log-'));
  const file = join(folder, 'log');
  const descriptor = openSync(file, 'w');
  const clock = createManualClock({ startMs: 0 });
  const log = createLog('info', clock, descriptor);
  const lines = (): unknown[] =>
    readFileSync(file, 'utf8')
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as unknown);
  after(() => {
    closeSync(descriptor);
    rmSync(folder, { recursive: true, force: true });
  });

  it('writes lines of everyday together, a moment later', async () => {
    log({ time: 't1', level: 'info', msg: 'one' });
    log({ time: 't2', level: 'debug', msg: 'not of this level' });
    log({ time: 't3', level: 'info', msg: 'two' });
    assert.deepEqual(lines(), []);
    await clock.advance(100);
    assert.deepEqual(lines(), [
      { level: 'info', time: 't1', msg: 'one' },
      { level: 'info', time: 't3', msg: 'two' },
    ]);
  });

  it('writes what needs a person at once, after what came before it', () => {
    log({ level: 'info', msg: 'three' });
    log({ level: 'warn', msg: 'four' });
    assert.deepEqual(lines().slice(2), [
      { level: 'info', msg: 'three' },
      { level: 'warn', msg: 'four' },
    ]);
  });
});
