/** What pods of a cluster measured: one line per operation in their logs, among other lines. */
import { UserError } from '../../kernel/index.ts';
import { ofOperations, type LoadResult, type OperationLine } from '../../load/index.ts';
import { EXIT } from '../support/exit-codes.ts';

/** @throws UserError (254) when no line is one of an operation. */
export function resultOfLog(file: string, text: string, profile: string, outDir: string): LoadResult {
  const lines = text.split('\n').flatMap((line) => operation(line) ?? []);
  if (lines.length === 0)
    throw new UserError(
      `${file} is no result of a load run, and has no line of an operation`,
      'Name the load.json of each segment, or the logs of the pods.',
      EXIT.usage,
    );
  return ofOperations(lines, profile, outDir);
}

function operation(line: string): OperationLine | undefined {
  if (!line.startsWith('{"kind":')) return undefined;
  try {
    return JSON.parse(line) as OperationLine;
  } catch {
    // A pod that was stopped may leave half a line.
    return undefined;
  }
}
