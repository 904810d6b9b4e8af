/**
 * The two networks, each with the clock that belongs to it, so that one case can run on both:
 * TCP with a real clock, memory with a virtual clock that runs until the case is over.
 */
import type { Clock } from '../../clock/clock.ts';
import { createRealClock } from '../../clock/real-clock.ts';
import { createActivity } from '../../clock/tracked-activity.ts';
import { createVirtualClock } from '../../clock/virtual-clock.ts';
import { createMemoryNetwork } from '../memory-network.ts';
import type { Network } from '../network.ts';
import { createTcpNetwork } from '../tcp-network.ts';

export interface Bench {
  network: Network;
  clock: Clock;
  /** Runs the case and, in virtual time, the clock with it. */
  play<T>(work: () => Promise<T>): Promise<T>;
}

export function tcpBench(): Bench {
  const clock = createRealClock();
  return { clock, network: createTcpNetwork({ clock }), play: (work) => work() };
}

export function memoryBench(): Bench {
  const activity = createActivity();
  const clock = createVirtualClock({ startMs: Date.UTC(2030, 0, 1), activity });
  const network = createMemoryNetwork({ clock, activity });
  async function play<T>(work: () => Promise<T>): Promise<T> {
    const outcome = activity.run('case', work);
    let over = false;
    const finish = (): void => {
      over = true;
      activity.touch();
    };
    outcome.then(finish, finish);
    await clock.run({ until: () => over, stallMs: 3_000 });
    return outcome;
  }
  return { clock, network, play };
}

/** Long enough never to fire in a case that does not mean it to. */
export const AMPLE_MS = 20_000;
