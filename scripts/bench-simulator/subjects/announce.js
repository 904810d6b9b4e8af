/**
 * How a server under measurement tells its parent where it listens, and what it has used so
 * far when asked. The subjects are plain JavaScript and use the compiled product, so that what
 * is measured is what users run.
 *
 * @typedef {{ port: number, credentials: Record<string, string> }} Announcement
 * @typedef {{ cpuMs: number, rssMb: number, heapMb: number, counts: Record<string, number> }} Usage
 */

/**
 * @param {number} port
 * @param {{ credentials?: Record<string, string>, reset?: () => Promise<unknown>, counts?: () => Record<string, number> | Promise<Record<string, number>> }} [more]
 */
export function announce(port, more = {}) {
  process.send?.({ port, credentials: more.credentials ?? {} });
  process.on('message', async (order) => {
    if (order === 'reset') await more.reset?.();
    const counts = (await more.counts?.()) ?? {};
    const { user, system } = process.cpuUsage();
    const { rss } = process.memoryUsage();
    // Where it can be collected first, the heap is what is really held.
    globalThis.gc?.();
    const { heapUsed } = process.memoryUsage();
    process.send?.({ cpuMs: (user + system) / 1_000, rssMb: rss / 2 ** 20, heapMb: heapUsed / 2 ** 20, counts });
  });
  process.on('disconnect', () => process.exit(0));
}
