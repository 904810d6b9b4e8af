/**
 * The seeds that are tried before any fresh one: those that broke something once, and those that
 * reach what few others do. They stand in `scenarios/regressions/corpus.yaml`.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { projectRoot, UserError } from '../../kernel/index.ts';
import { parseToken } from './token.ts';

export interface CorpusSeed {
  token: string;
  why: string;
}

export const CORPUS_FILE = 'scenarios/regressions/corpus.yaml';

/** @throws UserError for an entry that names no generated run. */
export function readCorpus(file: string = join(projectRoot(), CORPUS_FILE)): CorpusSeed[] {
  const seeds = parse(readFileSync(file, 'utf8')) as CorpusSeed[] | null;
  for (const { token } of seeds ?? []) {
    if (parseToken(token)?.kind !== 'generated')
      throw new UserError(`${CORPUS_FILE}: "${token}" names no generated run`, 'Write a token such as gen2:42.');
  }
  return seeds ?? [];
}
