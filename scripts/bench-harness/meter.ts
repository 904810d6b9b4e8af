/** Time on the wall and of the processor around a piece of work, in milliseconds. */
export interface Taken {
  wallMs: number;
  cpuMs: number;
}

export async function metered<T>(work: () => Promise<T>): Promise<Taken & { result: T }> {
  const cpu = process.cpuUsage();
  const wall = performance.now();
  const result = await work();
  const { user, system } = process.cpuUsage(cpu);
  return { result, wallMs: performance.now() - wall, cpuMs: (user + system) / 1_000 };
}

/** The smallest value that is not below this share of all of them. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? 0;
}
