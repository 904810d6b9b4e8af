/**
 * Reads a recorded history back, so that invariants can judge old runs. A run that was killed
 * leaves a cut last line: that is reported, not an error. Anything else that is broken is an
 * error with file and line, because a half-read history could pass by accident.
 */
import { closeSync, openSync, readSync } from 'node:fs';
import { StringDecoder } from 'node:string_decoder';
import { messageOf, UserError } from '../errors.ts';
import { HISTORY_SCHEMA_VERSION, type HistoryEvent } from './event.ts';

const BYTES_PER_READ = 1_048_576;

export interface RecordedHistory {
  /** The header line: schema and facts about the run. */
  header: Record<string, unknown>;
  events: HistoryEvent[];
  /** True when the last line was cut off and left out. */
  truncated: boolean;
}

/** Throws a UserError when the file is missing, of another schema, or broken before its last line. */
export function readHistory(path: string): RecordedHistory {
  let header: Record<string, unknown> | undefined;
  const events: HistoryEvent[] = [];
  const rest = eachLine(path, (line) => {
    if (header === undefined) header = parseHeader(line, path);
    else events.push(parseEvent(line, events.length, path));
  });
  if (header === undefined) throw broken(path, 1, 'there is no complete header line');
  return { header, events, truncated: rest !== '' };
}

/**
 * Gives each complete line to `take`, in pieces of the file: a history of a million events is longer than one string
 * can be.
 *
 * @returns what follows the last line break.
 */
function eachLine(path: string, take: (line: string) => void): string {
  const file = reading(path, () => openSync(path, 'r'));
  try {
    const decoder = new StringDecoder('utf8');
    const piece = Buffer.allocUnsafe(BYTES_PER_READ);
    let rest = '';
    for (;;) {
      const bytes = reading(path, () => readSync(file, piece));
      if (bytes === 0) return rest + decoder.end();
      const lines = (rest + decoder.write(piece.subarray(0, bytes))).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) take(line);
    }
  } finally {
    closeSync(file);
  }
}

function reading<T>(path: string, step: () => T): T {
  try {
    return step();
  } catch (error) {
    throw new UserError(
      `The history ${path} cannot be read: ${messageOf(error)}.`,
      'Give the folder of a run that contains history.ndjson.',
    );
  }
}

function parseHeader(line: string, path: string): Record<string, unknown> {
  const header = parseObject(line, path, 1);
  if (header['schema'] === HISTORY_SCHEMA_VERSION) return header;
  throw broken(
    path,
    1,
    `the schema is ${JSON.stringify(header['schema'])}, this version reads ${HISTORY_SCHEMA_VERSION}`,
  );
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
