/**
 * A shrunk failure as a scenario file that a person can read: what was broken and how to bring it
 * back stand above it as comments. Files of this folder are played by the tests, so what was once
 * broken stays repaired.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';
import type { ShrunkOutcome } from './explore-seed.ts';

const LINE_WIDTH = 110;

/** @returns the path of the file. */
export function writeRegression(dir: string, shrunk: ShrunkOutcome): string {
  mkdirSync(dir, { recursive: true });
  const file = join(dir, `${shrunk.scenario.name}.yaml`);
  writeFileSync(file, regressionText(shrunk));
  return file;
}

export function regressionText({ token, invariant, contradiction, scenario }: ShrunkOutcome): string {
  const comment = [
    `What was left of a generated scenario when everything was taken away without which ${invariant} held.`,
    `Contradiction: ${contradiction}`,
    `Token: ${token}`,
    `Again: node bin/assay.js replay ${token}`,
  ];
  const lines = comment.flatMap((line) => wrapped(line).map((part) => `# ${part}\n`));
  return `${lines.join('')}${stringify(scenario, { aliasDuplicateObjects: false, lineWidth: LINE_WIDTH })}`;
}

function wrapped(text: string): string[] {
  const lines = [''];
  for (const word of text.split(' ')) {
    const last = lines.at(-1) ?? '';
    if (last !== '' && last.length + word.length >= LINE_WIDTH) lines.push(word);
    else lines[lines.length - 1] = last === '' ? word : `${last} ${word}`;
  }
  return lines;
}
