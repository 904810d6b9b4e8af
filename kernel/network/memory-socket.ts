/**
 * Memory socket: one end of a connection inside this process. Behaves like a TCP socket where
 * HTTP can tell: back-pressure, half-close, and a peer that vanishes is seen as ECONNRESET.
 *
 *   client end ── _write ──► push ── server end
 *              ◄── push ── _write ──
 *
 * Everything moves in microtasks and ticks, so the order of bytes is the order of calls.
 */
import { Duplex } from 'node:stream';

type Done = (error?: Error | null) => void;

function resetError(syscall: string): NodeJS.ErrnoException {
  return Object.assign(new Error(`${syscall} ECONNRESET`), { code: 'ECONNRESET', syscall });
}

export class MemorySocket extends Duplex {
  /** What HTTP frameworks read from a socket. */
  readonly remoteAddress = '127.0.0.1';
  readonly remoteFamily = 'IPv4';
  readonly localAddress = '127.0.0.1';
  readonly connecting = false;
  #peer: MemorySocket | undefined;
  #acknowledge: Done | undefined;
  readonly #onTraffic: () => void;

  constructor(onTraffic: () => void, allowHalfOpen: boolean) {
    super({ allowHalfOpen });
    this.#onTraffic = onTraffic;
  }

  /** Two connected ends. `onTraffic` is called whenever bytes, an end or a reset pass. */
  static pair(onTraffic: () => void): { client: MemorySocket; server: MemorySocket } {
    const client = new MemorySocket(onTraffic, false);
    const server = new MemorySocket(onTraffic, true);
    client.#peer = server;
    server.#peer = client;
    return { client, server };
  }

  override _read(): void {
    const acknowledge = this.#acknowledge;
    this.#acknowledge = undefined;
    if (acknowledge !== undefined) process.nextTick(acknowledge);
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: Done): void {
    this.#onTraffic();
    const peer = this.#peer;
    if (peer === undefined || peer.destroyed || peer.readableEnded) {
      done(resetError('write'));
      return;
    }
    if (chunk.length === 0) {
      process.nextTick(done);
      return;
    }
    peer.#acknowledge = done;
    peer.push(chunk);
  }

  override _final(done: Done): void {
    this.#onTraffic();
    const peer = this.#peer;
    if (peer !== undefined && !peer.destroyed) peer.push(null);
    done();
  }

  override _destroy(error: Error | null, done: Done): void {
    this.#onTraffic();
    const peer = this.#peer;
    const waiting = this.#acknowledge;
    this.#acknowledge = undefined;
    const closedInOrder = this.writableFinished;
    process.nextTick(() => {
      if (waiting !== undefined) waiting(resetError('write'));
      if (peer !== undefined && !peer.destroyed && !closedInOrder) peer.destroy(resetError('read'));
    });
    done(error);
  }

  /** Ends the writing side and closes once everything is handed over (as `net.Socket` does). */
  destroySoon(): void {
    if (this.writable) this.end();
    if (this.writableFinished) this.destroy();
    else this.once('finish', () => this.destroy());
  }

  /** Drops the connection at once (a TCP RST). */
  resetAndDestroy(): this {
    return this.destroy();
  }

  /** Socket options that mean nothing without a wire. */
  setTimeout(): this {
    return this;
  }
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
