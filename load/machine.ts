/** What this machine is: numbers of two machines must not be compared with each other. */
import { createHash } from 'node:crypto';
import { availableParallelism, cpus, platform, totalmem } from 'node:os';

export interface Machine {
  /** Short name of all that follows. */
  fingerprint: string;
  cpu: string;
  cores: number;
  memoryGb: number;
  platform: string;
  node: string;
  k6: string;
}

export function thisMachine(k6: string): Machine {
  const facts = {
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    cores: availableParallelism(),
    memoryGb: Math.round(totalmem() / 2 ** 30),
    platform: `${platform()} ${process.arch}`,
    node: process.version.split('.')[0] ?? process.version,
    k6: k6.split(' ').slice(0, 2).join(' '),
  };
  const fingerprint = createHash('sha256').update(JSON.stringify(facts)).digest('hex').slice(0, 12);
  return { fingerprint, ...facts };
}
