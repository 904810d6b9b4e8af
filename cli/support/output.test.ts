import assert from 'node:assert/strict';
import { UserError } from '../../kernel/index.ts';
import { createOutput } from './output.ts';

function captured(json: boolean): { out: () => string; err: () => string; output: ReturnType<typeof createOutput> } {
  let out = '';
  let err = '';
  const output = createOutput({
    json,
    streams: { stdout: { write: (text) => (out += text) }, stderr: { write: (text) => (err += text) } },
  });
  return { out: () => out, err: () => err, output };
}

describe('output', () => {
  it('with --json puts one JSON object on standard output and all lines on standard error', () => {
    const { out, err, output } = captured(true);
    output.say('a table');
    output.note('a note');
    output.result({ exitCode: 0 });
    assert.deepEqual(JSON.parse(out()), { exitCode: 0 });
    assert.equal(err(), 'a table\na note\n');
  });

  it('without --json prints the result as lines and no JSON', () => {
    const { out, err, output } = captured(false);
    output.say('a table');
    output.result({ exitCode: 0 });
    assert.equal(out(), 'a table\n');
    assert.equal(err(), '');
  });

  it('prints a problem as a sentence and the next step, and as the JSON object with --json', () => {
    const { out, err, output } = captured(true);
    output.problem(new UserError('port 9101 is in use', 'Choose another port.', 254));
    assert.equal(err(), 'assay: port 9101 is in use\n  Choose another port.\n');
    assert.deepEqual(JSON.parse(out()), {
      error: 'port 9101 is in use',
      advice: 'Choose another port.',
      exitCode: 254,
    });
  });
});
