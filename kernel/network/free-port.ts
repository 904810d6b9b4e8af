/**
 * A free TCP port for a process that must be told its port before it starts: the embedded
 * database, a service whose restarts keep their address. Between asking and taking, somebody
 * else may take it; the process then says so. A listener of this process asks for port 0 instead.
 */
import { createServer, type AddressInfo } from 'node:net';

/** A port of 127.0.0.1 that is free now. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as AddressInfo;
      probe.close(() => resolve(port));
    });
  });
}
