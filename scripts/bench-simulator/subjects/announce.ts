/** How a server under measurement tells its parent where it listens, and what it has used so far when asked. */

/** CPU and memory of this process since its start. */
export interface Usage {
  /** User and system time, milliseconds. */
  cpuMs: number;
  rssMb: number;
  heapMb: number;
  /** Counters of the subject's own. */
  counts: Record<string, number>;
}

export interface Announcement {
  port: number;
  credentials: Record<string, string>;
}

export function announce(
  address: unknown,
  more: {
    credentials?: Record<string, string>;
    counts?: () => Record<string, number> | Promise<Record<string, number>>;
  } = {},
): void {
  const port = typeof address === 'number' ? address : (address as { port: number }).port;
  process.send?.({ port, credentials: more.credentials ?? {} } satisfies Announcement);
  process.on('message', () => {
    void Promise.resolve(more.counts?.() ?? {}).then((counts) => {
      const { user, system } = process.cpuUsage();
      const { rss, heapUsed } = process.memoryUsage();
      const usage: Usage = { cpuMs: (user + system) / 1_000, rssMb: rss / 2 ** 20, heapMb: heapUsed / 2 ** 20, counts };
      process.send?.(usage);
    });
  });
  process.on('disconnect', () => process.exit(0));
}
