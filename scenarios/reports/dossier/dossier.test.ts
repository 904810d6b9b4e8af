/**
 * Goal: nothing in a dossier, or in a file that it rests on, can change without verification
 * naming it. Method: a sealed dossier with a real history; one thing changed at a time.
 */
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fingerprintOf, HISTORY_SCHEMA_VERSION } from '../../../kernel/index.ts';
import { passingRun } from '../test/sample-runs.ts';
import { checkDossier, dossierHtml, fileHash, readDossier, sealDossier } from './index.ts';
import type { Dossier, UnsealedDossier } from './index.ts';

const INVARIANTS = { I1: 'pass', I5: 'not-applicable' };

describe('the dossier', () => {
  let dir = '';
  let dossier: Dossier;

  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'assay-dossier-'));
    mkdirSync(join(dir, 'runs'));
    const { events } = passingRun(4);
    const lines = [{ schema: HISTORY_SCHEMA_VERSION }, ...events].map((line) => `${JSON.stringify(line)}\n`);
    writeFileSync(join(dir, 'runs/history.ndjson'), lines.join(''));
    dossier = sealDossier(open(fingerprintOf(events)));
  });
  afterEach(() => rmSync(dir, { recursive: true }));

  function open(fingerprint: string): UnsealedDossier {
    const file = 'runs/history.ndjson';
    return {
      schema: 1,
      kind: 'assay-dossier',
      scope: 'full',
      verdict: 'unknown',
      exitCode: 2,
      target: { name: 'a <shop>', file: 'shop.yaml', sha256: 'ab'.repeat(32) },
      made: { at: '2026-01-01T00:00:00.000Z', wallMs: 60_000, seed: '7', seeds: ['7'] },
      versions: { assay: '0.1.0', commit: null, changedFiles: null, node: 'v20.19.0', platform: 'linux x64' },
      scenarios: [{ name: 'story', file: 'story.yaml', sha256: 'cd'.repeat(32) }],
      coverage: { exercised: 3, feasible: 10, neverExercised: ['captured × outage'], goalsMet: 1, goals: 2 },
      p95: null,
      parts: [
        {
          id: 'library',
          title: 'The library',
          command: ['run', '--seed', '7'],
          exitCode: 0,
          verdict: 'pass',
          wallMs: 1000,
          says: '1 of 1 runs passed.',
          figures: [],
          runs: [
            {
              scenario: 'story',
              driver: 'virtual',
              seed: '7',
              verdict: 'pass',
              invariants: INVARIANTS,
              fingerprint,
              replay: 'replay',
              files: [{ path: file, sha256: fileHash(join(dir, file)) ?? '' }],
            },
          ],
          unknown: [],
        },
      ],
      unknown: [{ what: 'p95', why: 'no load was measured' }],
    };
  }

  const differences = (changed: Dossier, today: Record<string, string> = INVARIANTS): string[] =>
    checkDossier(changed, { dir, judge: () => today, scenarioHash: () => 'cd'.repeat(32) }).differences;

  it('is as it was written, also after it was written and read as JSON with its keys in another order', () => {
    assert.deepEqual(differences(dossier), []);
    const file = join(dir, 'dossier.json');
    writeFileSync(file, JSON.stringify(Object.fromEntries(Object.entries(dossier).reverse())));
    assert.deepEqual(differences(readDossier(file)), []);
  });

  it('notices any change of what it says', () => {
    const [part] = dossier.parts;
    assert.ok(part !== undefined);
    const changes: [string, Dossier][] = [
      ['verdict', { ...dossier, verdict: 'pass' }],
      ['p95', { ...dossier, p95: { observedMs: 1, serverMs: 1, deposits: 1, profile: 'smoke' } }],
      ['an open question', { ...dossier, unknown: [] }],
      ['a sentence', { ...dossier, parts: [{ ...part, says: 'All well.' }] }],
      ['a part', { ...dossier, parts: [] }],
      ['scenario', { ...dossier, scenarios: [] }],
    ];
    for (const [name, changed] of changes) assert.ok(differences(changed).length > 0, name);
    const swapped = { ...part, verdict: 'fail' as const };
    assert.match(differences({ ...dossier, parts: [swapped] }).join(), /part library: what it says does not fit/);
  });

  it('notices a changed and a missing file, and a history with another fingerprint', () => {
    const file = join(dir, 'runs/history.ndjson');
    const before = readFileSync(file, 'utf8');
    writeFileSync(file, before.replace('"EUR"', '"USD"'));
    assert.match(
      differences(dossier).join('\n'),
      /history\.ndjson has been changed\n.*the fingerprint of its history is/,
    );
    rmSync(file);
    assert.match(differences(dossier).join('\n'), /history\.ndjson is missing/);
  });

  it('says when the history is judged otherwise today, and when a scenario has changed since', () => {
    assert.match(
      differences(dossier, { ...INVARIANTS, I1: 'fail' }).join(),
      /I1 was pass and is fail by today's invariants/,
    );
    assert.deepEqual(differences(dossier, { ...INVARIANTS, I99: 'fail' }), [], 'an invariant that did not exist then');
    const { notes } = checkDossier(dossier, { dir, judge: () => INVARIANTS, scenarioHash: () => 'ef'.repeat(32) });
    assert.deepEqual(notes, ['scenario story (story.yaml) has changed since']);
  });

  it('refuses what is no dossier, in one sentence', () => {
    const file = join(dir, 'x.json');
    for (const [text, sentence] of [
      ['{', /is not JSON/],
      ['{"runs":[]}', /is not a dossier/],
      ['null', /is not a dossier/],
      [JSON.stringify({ ...dossier, schema: 9 }), /schema 9, this version reads 1/],
    ] as const) {
      writeFileSync(file, text);
      assert.throws(() => readDossier(file), sentence);
    }
    assert.throws(() => readDossier(join(dir, 'nowhere.json')), /there is no file/);
  });

  it('is a page for people that says what is not known, and loads nothing', () => {
    const html = dossierHtml(dossier);
    assert.match(html, /Inconclusive<\/h1>/);
    assert.match(html, /<b>p95<\/b>: no load was measured/);
    assert.ok(html.includes('a &lt;shop&gt;') && !html.includes('a <shop>'));
    assert.match(html, /default-src 'none'/);
    assert.doesNotMatch(html, /undefined|NaN/);
    assert.ok(html.includes(dossier.sha256));
  });
});
