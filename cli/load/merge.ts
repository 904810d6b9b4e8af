/** `assay load merge`: the segments of one load, measured side by side, as one result. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { UserError } from '../../kernel/index.ts';
import { mergeResults, readProfile, type LoadResult } from '../../load/index.ts';
import { EXIT } from '../support/exit-codes.ts';
import type { Output } from '../support/output.ts';
import { finish } from './finish.ts';

export function mergeFiles(files: string[], options: Record<string, unknown>, output: Output): number {
  const parts = files.map(readResult);
  const [first] = parts;
  const folder = join(String(options['out']), `load-${first?.journey ?? 'none'}`, 'merged');
  return finish(mergeResults(parts, first === undefined ? 0 : readProfile(first.profile).p95Ms, folder), options, output);
}

function readResult(file: string): LoadResult {
  if (!existsSync(file))
    throw new UserError(`there is no file ${file}`, 'Name the load.json of each segment.', EXIT.usage);
  try {
    const read = JSON.parse(readFileSync(file, 'utf8')) as Partial<LoadResult>;
    if (read.schema === 1 && read.measurement !== undefined) return read as LoadResult;
  } catch {
    // What is no JSON is no result either.
  }
  throw new UserError(`${file} is no result of a load run`, 'Name the load.json of each segment.', EXIT.usage);
}
