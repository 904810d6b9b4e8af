/** The simulator's own sender of webhooks, brought to make one delivery of a kind. */
import {
  createKeyedIds,
  createKeyedRandom,
  createPassiveActivity,
  type Clock,
  type Network,
} from '../../../kernel/index.ts';
import { createSimulator } from '../../../psp-simulator/index.ts';
import { createControl } from '../../provider/control.ts';
import { createHands } from '../../provider/hands.ts';
import type { Fault } from '../../../openapi/generated/simulator-control.ts';
import type { AckNeed } from './needs.ts';

const AT_ONCE = { kind: 'fixed', ms: 0 } as const;
const HOUR_MS = 3_600_000;
/** Enough for a second delivery that follows the first at once. */
const SETTLE_MS = 150;

/** Charges a card at a simulated acme that tells `webhookUrl` about it, with the need's fault planned. */
export async function deliver(
  { fault, senderNowMs }: Pick<AckNeed, 'fault' | 'senderNowMs'>,
  { clock, network, webhookUrl }: { clock: Clock; network: Network; webhookUrl: string },
): Promise<void> {
  const profile = { latency: AT_ONCE, firstDelivery: AT_ONCE, retryScheduleMs: [HOUR_MS] };
  const simulator = await createSimulator({
    ports: {
      clock,
      wireClock: senderNowMs === undefined ? clock : { ...clock, now: () => senderNowMs },
      random: createKeyedRandom('acknowledgements'),
      ids: createKeyedIds('acknowledgements'),
      network,
      history: { append: () => 0 },
      activity: createPassiveActivity(),
    },
    psps: [{ name: 'acme', dialect: 'acme', profile, webhookUrl }],
  });
  try {
    const [psp] = simulator.psps;
    if (psp === undefined) throw new Error('the simulator started no PSP');
    const control = createControl({ network, clock, url: simulator.control.url, psp: psp.name });
    if (fault !== undefined) await control.plan({ psp: psp.name, count: 1, ...fault } as Fault);
    const hands = createHands(network, { dialect: 'acme', url: psp.url, credentials: { ...psp.credentials } });
    await hands.pay('att_ack', 'captured');
    await clock.sleep(SETTLE_MS);
  } finally {
    await simulator.close();
  }
}
