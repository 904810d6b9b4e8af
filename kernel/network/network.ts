/**
 * Network: how one part of Assay reaches another. Over TCP sockets (`tcp-network.ts`), or
 * over in-memory sockets that carry real HTTP/1.1 bytes in this process
 * (`memory-network.ts`), so that a reset, a truncated body or a slow drip is the same event
 * in both.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';

export type RequestListener = (request: IncomingMessage, response: ServerResponse) => void;

/** A certificate (with what chains it to a trusted one) and its private key, both as PEM text. */
export interface ServerCertificate {
  readonly key: string;
  readonly cert: string;
}

export interface TlsOptions {
  /**
   * The certificate for the host name that the client asks for; undefined when it names none.
   * Asked at every handshake; equal certificates should be the same object.
   */
  certificateFor(serverName: string | undefined): ServerCertificate;
  /** Told of every handshake that the client or the server broke off, with OpenSSL's code. */
  onFailure?(failure: { serverName: string | undefined; code: string; message: string }): void;
}

/** Is a tunnel to this authority (`host:port`) let in? Undefined is yes. */
export type TunnelGuard = (authority: string) => { status: number; message: string } | undefined;

export interface ListenOptions {
  /** Name of the listener: host name in memory (`http://psp-stripe`), label over TCP. */
  name: string;
  /** TCP only. 0 (the default) lets the system choose. A taken port rejects with a NetworkError of kind `port-taken`. */
  port?: number;
  /** TCP only; the default is 127.0.0.1. */
  host?: string;
  /** TCP only: https beside http on the same port. */
  tls?: TlsOptions;
  /**
   * TCP only: CONNECT is answered as by an HTTP proxy, and whatever comes through the tunnel is
   * served by `listener` itself (after TLS with `tls`). Without it CONNECT closes the connection.
   */
  tunnel?: TunnelGuard;
  /** TCP only: what requests and responses are built by, where a framework has classes of its own. */
  messages?: MessageClasses;
  listener: RequestListener;
}

export interface MessageClasses {
  IncomingMessage: typeof IncomingMessage;
  ServerResponse: typeof ServerResponse;
}

export interface Listening {
  /** Without a trailing slash: `http://127.0.0.1:9101` or `http://psp-stripe`. */
  readonly url: string;
  /** Stops accepting, ends idle connections, destroys busy ones after `graceMs` (default 1,000; wall time). */
  close(graceMs?: number): Promise<void>;
}

export interface HttpRequest {
  method: string;
  /** Absolute URL. */
  url: string;
  headers?: Record<string, string>;
  body?: string | Uint8Array;
  /** From the call to the last byte of the answer, in milliseconds of the network's clock. */
  timeoutMs: number;
  /** Ends the exchange early with a NetworkError of kind `aborted`. */
  signal?: AbortSignal;
}

export interface HttpResponse {
  status: number;
  /** Lower-case names; repeated headers joined by `, `. */
  headers: Record<string, string>;
  body: Buffer;
}

export type NetworkErrorKind =
  'refused' | 'unresolved' | 'reset' | 'truncated' | 'timeout' | 'aborted' | 'protocol' | 'port-taken';

/**
 * A failed exchange. `requestMayHaveArrived` is the fact that money depends on: false only
 * when no byte of the request can have reached the other side (connection refused, name not
 * resolved); true after anything was written. When in doubt it is true.
 */
export class NetworkError extends Error {
  readonly kind: NetworkErrorKind;
  readonly requestMayHaveArrived: boolean;
  constructor(kind: NetworkErrorKind, message: string, requestMayHaveArrived: boolean) {
    super(message);
    this.name = 'NetworkError';
    this.kind = kind;
    this.requestMayHaveArrived = requestMayHaveArrived;
  }
}

export interface Network {
  readonly kind: 'tcp' | 'memory';
  listen(options: ListenOptions): Promise<Listening>;
  request(request: HttpRequest): Promise<HttpResponse>;
  /** Closes idle client connections and any listener left open. */
  close(): Promise<void>;
}
