/** `assay load merge`: the segments of one load, measured side by side, as one result. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { UserError } from '../../kernel/index.ts';
import { mergeResults, readProfile, type LoadResult } from '../../load/index.ts';
import { EXIT } from '../support/exit-codes.ts';
import type { Output } from '../support/output.ts';
import { finish } from './finish.ts';
import { resultOfLog } from './read-lines.ts';

export function mergeFiles(files: string[], options: Record<string, unknown>, output: Output): number {
  const texts = files.map(textOf);
  const out = String(options['out']);
  const results = texts.map((text) => resultIn(text));
  const [first] = results;
  if (files.length > 0 && results.every((result) => result === undefined)) {
    const folder = join(out, 'load-pods', 'merged');
    return finish(resultOfLog(files.join(', '), texts.join('\n'), String(options['profile']), folder), options, output);
  }
  const parts = results.map((result, i) => result ?? noResult(files[i] ?? ''));
  const p95Ms = first === undefined ? 0 : readProfile(first.profile).p95Ms;
  return finish(mergeResults(parts, p95Ms, join(out, `load-${first?.journey ?? 'none'}`, 'merged')), options, output);
}

function textOf(file: string): string {
  if (!existsSync(file))
    throw new UserError(`there is no file ${file}`, 'Name the load.json of each segment.', EXIT.usage);
  return readFileSync(file, 'utf8');
}

function resultIn(text: string): LoadResult | undefined {
  try {
    const read = JSON.parse(text) as Partial<LoadResult>;
    return read.schema === 1 && read.measurement !== undefined ? (read as LoadResult) : undefined;
  } catch {
    return undefined;
  }
}

function noResult(file: string): never {
  throw new UserError(`${file} is no result of a load run`, 'Name the load.json of each segment.', EXIT.usage);
}
