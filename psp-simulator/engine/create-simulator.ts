/**
 * Puts a simulator together: one plan of faults, one PSP per configuration behind its own
 * address, and the control API beside them.
 */
import type { Network } from '../../kernel/index.ts';
import { bug, messageOf } from '../../kernel/index.ts';
import { createControlApi } from '../control/create-control-api.ts';
import { DIALECTS } from '../dialects/index.ts';
import { FaultPlan } from '../faults/plan.ts';
import { Door } from './door.ts';
import { gateHistory } from './gate-history.ts';
import { pspListener } from './listen.ts';
import { checkConfigs } from './psp-config.ts';
import type { PspConfig } from './psp-config.ts';
import { Psp } from './psp.ts';
import type { SimulatorPorts } from './psp.ts';

export interface SimulatorOptions {
  ports: SimulatorPorts;
  psps: readonly PspConfig[];
  control?: { port?: number };
  /** The courier's way out; default the simulator's network. */
  courierNetwork?: Network;
}

/** What the outside may know of a running PSP. */
export interface RunningPsp {
  readonly name: string;
  readonly dialect: string;
  readonly url: string;
  /** acme and stripe: `apiKey`, `webhookSecret`; adyen: `apiKey`, `merchantAccount`, `hmacKey`. */
  readonly credentials: Readonly<Record<string, string>>;
}

export interface Simulator {
  readonly control: { readonly url: string };
  readonly psps: readonly RunningPsp[];
  /** Stops listening and cancels everything planned. */
  close(): Promise<void>;
}

/** Rejects with a UserError on a bad configuration, with a NetworkError when a port is taken. */
export async function createSimulator(options: SimulatorOptions): Promise<Simulator> {
  const { psps: configs } = options;
  checkConfigs(configs);
  const journal = gateHistory(options.ports.history);
  const ports: SimulatorPorts = { ...options.ports, history: journal.history };
  const doors = new Map<string, Door>();
  const plan = new FaultPlan({
    clock: ports.clock,
    random: ports.random,
    history: ports.history,
    psps: configs.map((config) => config.name),
    setDoor: async (name, open) => {
      try {
        await doors.get(name)?.set(open);
      } catch (error) {
        // A door that cannot open again is a PSP that stays down: the run goes on, the note says why.
        const value = { psp: name, message: messageOf(error) };
        ports.history.append({ proc: `psp:${name}`, type: 'note', f: 'simulator-defect', value });
      }
    },
  });
  const courierNetwork = options.courierNetwork ?? ports.network;
  const psps = configs.map((config) => {
    const dialect = DIALECTS[config.dialect] ?? bug(`dialect ${config.dialect} passed the check`);
    return new Psp({ config, dialect, ports, courierNetwork, plan });
  });

  async function close(): Promise<void> {
    plan.removeAll();
    await plan.settled();
    journal.shut();
    for (const psp of psps) psp.close();
    await Promise.all([...doors.values()].map((door) => door.close()));
  }

  try {
    for (const psp of psps) {
      const port = configs.find((config) => config.name === psp.name)?.port ?? 0;
      const door = new Door({ network: ports.network, name: `psp-${psp.name}`, port, listener: pspListener(psp) });
      doors.set(psp.name, door);
      psp.url = await door.open();
    }
    const control = new Door({
      network: ports.network,
      name: 'psp-control',
      port: options.control?.port ?? 0,
      listener: createControlApi({ psps, plan, ports }),
    });
    doors.set('', control);
    const url = await control.open();
    return { control: { url }, psps: psps.map(describe), close };
  } catch (error) {
    await close();
    throw error;
  }
}

function describe(psp: Psp): RunningPsp {
  return { name: psp.name, dialect: psp.dialect.name, url: psp.url, credentials: psp.credentials };
}
