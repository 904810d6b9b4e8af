/**
 * PGlite as a socket: the stock `pg` driver speaks its wire protocol to the in-process
 * database. Types, error codes, row counts and prepared statements are then those of
 * `pg` on a real server, and code that runs on one runs on the other.
 *
 *   pg.Client ── frontend messages ──► PGliteStream ── one batch ──► PGlite
 *             ◄── backend messages ──               ◄── answer ──
 */
import { Duplex } from 'node:stream';
import type { PGlite } from '@electric-sql/pglite';

type Done = (error?: Error | null) => void;

/** Message types after which the client waits for an answer: Query, Sync, Flush, CopyDone, CopyFail. */
const ANSWERED_MESSAGES: ReadonlySet<number> = new Set([...'QSHcf'].map((letter) => letter.charCodeAt(0)));
const TERMINATE = 'X'.charCodeAt(0);

export class PGliteStream extends Duplex {
  readonly #database: PGlite;
  #started = false;
  #batch: Buffer[] = [];

  constructor(database: PGlite) {
    super({ allowHalfOpen: false });
    this.#database = database;
  }

  /** Called by `pg` in place of `net.Socket.connect`. */
  connect(): this {
    process.nextTick(() => this.emit('connect'));
    return this;
  }

  override _read(): void {
    // Answers are pushed as they come.
  }

  override _write(message: Buffer, _encoding: BufferEncoding, done: Done): void {
    const isStartup = !this.#started;
    this.#started = true;
    if (!isStartup && message[0] === TERMINATE) {
      this.push(null);
      done();
      return;
    }
    this.#batch.push(message);
    if (!isStartup && !ANSWERED_MESSAGES.has(message[0] ?? 0)) {
      done();
      return;
    }
    const batch = Buffer.concat(this.#batch);
    this.#batch = [];
    // As a stream: otherwise PGlite, too, reads each answer through before the driver does.
    const onRawData = (answer: Uint8Array): void => void this.push(Buffer.from(answer));
    this.#database.execProtocolRawStream(batch, { syncToFs: false, onRawData }).then(
      () => done(),
      (error: unknown) => done(error instanceof Error ? error : new Error(String(error))),
    );
  }

  /** Socket options that mean nothing here. */
  setNoDelay(): this {
    return this;
  }
  setKeepAlive(): this {
    return this;
  }
  ref(): this {
    return this;
  }
  unref(): this {
    return this;
  }
}
