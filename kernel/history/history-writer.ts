/**
 * History writer: appends the events of one run to memory and, when a path is given, to a
 * file, one JSON object per line after a header line. Events are snapshots: what the caller
 * changes afterwards changes nothing here. Must not be used by two runs at once.
 */
import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Clock } from '../clock/clock.ts';
import { toMicrosecond } from '../clock/sleep.ts';
import { canonicalJson } from './canonical-json.ts';
import { HISTORY_SCHEMA_VERSION, type HistoryEvent, type HistoryEventInput, type HistorySink } from './event.ts';
import { fingerprintOf } from './fingerprint.ts';

/** Characters kept before they are written: large enough to be cheap, small enough that a killed run loses little. */
const WRITE_BUFFER_LENGTH = 65_536;

export interface HistoryWriter extends HistorySink {
  events(): readonly HistoryEvent[];
  /** SHA-256 of what was appended so far; see `fingerprintOf`. */
  fingerprint(): string;
  /** Writes what is buffered to the file. */
  flush(): void;
  /** Flushes and closes the file; appending afterwards throws. */
  close(): Promise<void>;
}

export interface HistoryWriterOptions {
  /** Stamps the events; the run begins now. */
  clock: Clock;
  /** The NDJSON file to write; missing folders are made, an existing file is replaced. */
  path?: string;
  /** Facts about the run for the header line: scenario, seed, driver. They do not enter the fingerprint. */
  meta?: Record<string, unknown>;
}

export function createHistoryWriter(options: HistoryWriterOptions): HistoryWriter {
  const { clock, path, meta = {} } = options;
  const startElapsedMs = clock.elapsed();
  const recorded: HistoryEvent[] = [];
  let buffer = `${JSON.stringify({ schema: HISTORY_SCHEMA_VERSION, ...meta })}\n`;
  let file = path === undefined ? undefined : openForWriting(path);
  let closed = false;

  function flush(): void {
    if (file !== undefined && buffer !== '') writeFully(file, buffer);
    buffer = '';
  }

  function append(input: HistoryEventInput): number {
    if (closed) throw new Error(`history: "${input.f}" of ${input.proc} came after the history was closed`);
    const i = recorded.length;
    const t = toMicrosecond(clock.elapsed() - startElapsedMs);
    const defined = Object.fromEntries(Object.entries(input).filter(([, field]) => field !== undefined));
    const line = canonicalJson({ ...defined, i, t });
    recorded.push(JSON.parse(line) as HistoryEvent);
    if (file !== undefined) {
      buffer += `${line}\n`;
      if (buffer.length >= WRITE_BUFFER_LENGTH) flush();
    }
    return i;
  }

  async function close(): Promise<void> {
    closed = true;
    if (file === undefined) return;
    flush();
    closeSync(file);
    file = undefined;
  }

  return { append, events: () => recorded, fingerprint: () => fingerprintOf(recorded), flush, close };
}

function openForWriting(path: string): number {
  mkdirSync(dirname(path), { recursive: true });
  return openSync(path, 'w');
}

function writeFully(file: number, text: string): void {
  const bytes = Buffer.from(text, 'utf8');
  for (let written = 0; written < bytes.length;) written += writeSync(file, bytes, written);
}
