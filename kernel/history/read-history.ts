/**
 * Reads a recorded history back, so that invariants can judge old runs. A run that was killed
 * leaves a cut last line: that is reported, not an error. Anything else that is broken is an
 * error with file and line, because a half-read history could pass by accident.
 */
import { readFileSync } from 'node:fs';
import { messageOf, UserError } from '../errors.ts';
import { HISTORY_SCHEMA_VERSION, type HistoryEvent } from './event.ts';

export interface RecordedHistory {
  /** The header line: schema and facts about the run. */
  header: Record<string, unknown>;
  events: HistoryEvent[];
  /** True when the last line was cut off and left out. */
  truncated: boolean;
}

/** Throws a UserError when the file is missing, of another schema, or broken before its last line. */
export function readHistory(path: string): RecordedHistory {
  const lines = readText(path).split('\n');
  const lastLine = lines.pop() ?? '';
  const truncated = lastLine !== '';
  const [headerLine, ...eventLines] = lines;
  if (headerLine === undefined) throw broken(path, 1, 'there is no complete header line');
  const header = parseObject(headerLine, path, 1);
  if (header['schema'] !== HISTORY_SCHEMA_VERSION) {
    throw broken(
      path,
      1,
      `the schema is ${JSON.stringify(header['schema'])}, this version reads ${HISTORY_SCHEMA_VERSION}`,
    );
  }
  const events = eventLines.map((line, index) => parseEvent(line, index, path));
  return { header, events, truncated };
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new UserError(
      `The history ${path} cannot be read: ${messageOf(error)}.`,
      'Give the folder of a run that contains history.ndjson.',
    );
  }
}

function parseEvent(line: string, index: number, path: string): HistoryEvent {
  const event = parseObject(line, path, index + 2);
  if (event['i'] !== index)
    throw broken(path, index + 2, `the event index is ${JSON.stringify(event['i'])}, expected ${index}`);
  for (const field of ['proc', 'type', 'f']) {
    if (typeof event[field] !== 'string') throw broken(path, index + 2, `"${field}" is not a text`);
  }
  if (typeof event['t'] !== 'number') throw broken(path, index + 2, '"t" is not a number');
  return event as unknown as HistoryEvent;
}

function parseObject(line: string, path: string, lineNumber: number): Record<string, unknown> {
  let parsed: unknown;
  try {
    parsed = JSON.parse(line);
  } catch (error) {
    throw broken(path, lineNumber, messageOf(error));
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed))
    throw broken(path, lineNumber, 'not a JSON object');
  return parsed as Record<string, unknown>;
}

function broken(path: string, lineNumber: number, reason: string): UserError {
  return new UserError(
    `${path}:${lineNumber} is not a valid history line: ${reason}.`,
    'Record the run again; a history must not be edited by hand.',
  );
}
