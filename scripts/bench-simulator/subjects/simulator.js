/**
 * The simulator as `assay psp` runs it, one PSP, latency zero: what is measured is its own work.
 * Arguments: dialect, then the URL to which webhooks go or `-` for events that are signed and
 * stored but have nowhere to go within the measurement.
 */
import {
  createKeyedRandom,
  createPassiveActivity,
  createRandomIds,
  createRealClock,
  createTcpNetwork,
} from '../../../dist/kernel/index.js';
import { createSimulator } from '../../../dist/psp-simulator/index.js';
import { announce } from './announce.js';

const [dialect = 'acme', webhookUrl = '-'] = process.argv.slice(2);

const HOUR_MS = 3_600_000;
const clock = createRealClock();
let events = 0;
const simulator = await createSimulator({
  ports: {
    clock,
    wireClock: clock,
    random: createKeyedRandom('bench'),
    ids: createRandomIds(),
    network: createTcpNetwork({ clock }),
    history: { append: () => events++ },
    activity: createPassiveActivity(),
  },
  psps: [
    {
      name: dialect,
      dialect,
      ...(webhookUrl === '-' ? {} : { webhookUrl }),
      profile: {
        latency: { kind: 'fixed', ms: 0 },
        // Without a receiver the events wait in the courier's queue until long after the measurement.
        firstDelivery: { kind: 'fixed', ms: webhookUrl === '-' ? HOUR_MS : 0 },
      },
    },
  ],
});
const [psp] = simulator.psps;
if (psp === undefined) throw new Error('no PSP runs');
const control = simulator.control.url;

announce(Number(new URL(psp.url).port), {
  credentials: { ...psp.credentials },
  // As after webhooks that were delivered: a queue that never drains would be measured, too.
  reset: () => fetch(`${control}/v1/reset`, { method: 'POST' }),
  counts: async () => {
    const waiting = await (await fetch(`${control}/v1/deliveries/waiting`)).json();
    const dead = await (await fetch(`${control}/v1/dead-letters`)).json();
    return {
      waiting: Object.values(waiting).reduce((sum, count) => sum + Number(count), 0),
      dead: dead.length,
      events,
    };
  },
});
