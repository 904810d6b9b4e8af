/**
 * A PSP's listening address, which an outage can shut (connections are then refused) and open
 * again under the same URL. Moves happen one after the other, in the order asked for.
 */
import type { Listening, Network, RequestListener, TlsOptions } from '../../kernel/index.ts';

export interface DoorOptions {
  network: Network;
  name: string;
  port: number;
  /** TCP only; default loopback. */
  host?: string;
  /** TCP only: https on the same port. */
  tls?: TlsOptions;
  listener: RequestListener;
}

export class Door {
  readonly #options: DoorOptions;
  #listening: Listening | undefined;
  #port: number;
  #last: Promise<void> = Promise.resolve();

  constructor(options: DoorOptions) {
    this.#options = options;
    this.#port = options.port;
  }

  /** Opens for the first time; answers the URL. Rejects when the port is taken. */
  async open(): Promise<string> {
    this.#listening = await this.#listen();
    const { url } = this.#listening;
    this.#port = Number(new URL(url).port);
    return url;
  }

  /** Opens or shuts; a door that is so already stays as it is. */
  set(open: boolean): Promise<void> {
    this.#last = this.#last.then(async () => {
      if (open === (this.#listening !== undefined)) return;
      if (open) this.#listening = await this.#listen();
      else await this.#shut();
    });
    return this.#last;
  }

  /** Can anybody connect now? */
  get isOpen(): boolean {
    return this.#listening !== undefined;
  }

  close(): Promise<void> {
    return this.set(false);
  }

  #listen(): Promise<Listening> {
    const { network, name, host, tls, listener } = this.#options;
    return network.listen({
      name,
      port: this.#port,
      ...(host === undefined ? {} : { host }),
      ...(tls === undefined ? {} : { tls }),
      listener,
    });
  }

  async #shut(): Promise<void> {
    const listening = this.#listening;
    this.#listening = undefined;
    await listening?.close(0);
  }
}
