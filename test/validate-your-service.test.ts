/**
 * The guide for services of other people tells the truth: its marked snippets are executed and end
 * as it says, its target files are valid, and the verbs, options and files that it names exist.
 */
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { projectRoot } from '../kernel/index.ts';
import { parseTarget } from '../scenarios/index.ts';
import { runSnippet, snippetsAreTrue, snippetsOf } from './snippets.ts';

const PAGE = 'docs/VALIDATE-YOUR-SERVICE.md';

const guide = readFileSync(join(projectRoot(), PAGE), 'utf8');
const blocks = (language: string): string[] =>
  [...guide.matchAll(new RegExp(`\`\`\`${language}\n(.*?)\`\`\``, 'gs'))].map(([, block = '']) => block);

/** The files of the guide, in the order in which they stand there: a whole one, and a part of one. */
const [whole = '', abilities = ''] = blocks('yaml');

describe('the guide to validating a service', () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'assay-guide-'));
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  it('has snippets to execute', () => {
    assert.equal(snippetsOf(PAGE).filter(({ ends }) => ends !== undefined).length, 2);
  });

  snippetsAreTrue(PAGE, (line) => (line.includes(' run ') ? ['--out', folder] : []));

  it('shows target files that are valid', () => {
    parseTarget(whole, 'guide.yaml');
    parseTarget(`${whole}${abilities}`, 'guide.yaml');
    assert.ok(whole.trim().split('\n').length <= 30);
  });

  it('writes a first target file out of an OpenAPI document without a question', () => {
    const file = join(folder, 'api.yaml');
    const line = `node bin/assay.js target init ${file} --from-openapi openapi/payments.yaml --yes`;
    const { exitCode, text } = runSnippet(line);
    assert.equal(exitCode, 0, text);
    const target = parseTarget(readFileSync(file, 'utf8'), file);
    assert.equal(target.deposit.call, 'POST {base}/v1/payments/init');
    assert.equal(target.states['declined'], 'declined');
    // What is there is not written over.
    assert.equal(runSnippet(line).exitCode, 254);
  });
});
