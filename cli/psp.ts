/**
 * `assay psp`: the PSP simulator alone, for a service of your own to connect to. Each PSP
 * listens on a port of its own and speaks its own wire protocol, so an official SDK connects
 * with nothing but another host and port.
 */
import type { Command } from 'commander';
import pc from 'picocolors';
import {
  createKeyedRandom,
  createPassiveActivity,
  createRandomIds,
  createRealClock,
  createScaledClock,
  createTcpNetwork,
  NetworkError,
  UserError,
} from '../kernel/index.ts';
import { createSimulator, describeFaults, type Simulator } from '../psp-simulator/index.ts';
import { createLiveHistory } from './support/live-lines.ts';
import { readFactor, readPort } from './support/options.ts';
import type { Output } from './support/output.ts';
import { EXIT } from './support/exit-codes.ts';
import { DIALECT_NAMES, readPspChoice, type PspChoice } from './support/psp-choice.ts';
import type { Verb, VerbContext } from './support/verb.ts';

/** Where the simulator listens unless told otherwise: a configuration written down once stays right. */
const DEFAULT_CONTROL_PORT = 9100;
const DEFAULT_PSPS: PspChoice[] = DIALECT_NAMES.map((dialect, index) => ({
  name: dialect,
  dialect,
  port: DEFAULT_CONTROL_PORT + 1 + index,
}));

/** Retry schedules may run faster than the wall; no delay gets shorter than this (milliseconds). */
const SHORTEST_DELAY_MS = 20;

const collect = (value: string, before: string[]): string[] => [...before, value];

export const verb: Verb = {
  describe: (command: Command) =>
    command
      .description('Runs the PSP simulator alone until Ctrl-C.')
      .option(
        '--psp <[name=]dialect[:port]>',
        `a PSP to run, repeatable (dialects: ${DIALECT_NAMES.join(', ')}; default: one of each)`,
        collect,
        [],
      )
      .option('--webhook-url <url>', "where the PSPs send their events; {psp} stands for the PSP's name")
      .option('--control-port <port>', 'port of the control API', String(DEFAULT_CONTROL_PORT))
      .option('--speed <factor>', 'let retry schedules and key lives run that many times faster', '1')
      .option('--seed <seed>', 'seed of latencies and fault draws', '1')
      .addHelpText(
        'after',
        `
Examples:
  assay psp                                              acme, stripe and adyen on 9101, 9102, 9103
  assay psp --psp stripe:9101 --webhook-url http://127.0.0.1:3000/webhooks/{psp}
  assay psp --psp eu=stripe --psp us=stripe --speed 60   two Stripe accounts, an hour in a minute

Faults (PUT them to the control API, /v1/faults):
${describeFaults()
  .map(({ name, summary }) => `  ${name.padEnd(24)} ${summary}`)
  .join('\n')}`,
      ),

  async execute(_args, options, context) {
    const simulator = await startSimulator(options, context);
    announce(simulator, context.output);
    await context.interrupt.stopped;
    await simulator.close();
    return EXIT.pass;
  },
};

async function startSimulator(options: Record<string, unknown>, { output }: VerbContext): Promise<Simulator> {
  const speed = readFactor('--speed', String(options['speed']));
  const wireClock = createRealClock();
  const chosen = (options['psp'] as string[]).map(readPspChoice);
  const webhookUrl = options['webhookUrl'] as string | undefined;
  const psps = (chosen.length === 0 ? DEFAULT_PSPS : chosen).map((psp) => ({
    ...psp,
    ...(webhookUrl === undefined ? {} : { webhookUrl: webhookUrl.replaceAll('{psp}', psp.name) }),
  }));
  try {
    return await createSimulator({
      ports: {
        clock:
          speed === 1 ? wireClock : createScaledClock({ factor: speed, floorMs: SHORTEST_DELAY_MS, base: wireClock }),
        wireClock,
        random: createKeyedRandom(String(options['seed'])),
        ids: createRandomIds(),
        network: createTcpNetwork({ clock: wireClock }),
        // Live lines are for a person; a pipe would only fill up.
        history: createLiveHistory({ clock: wireClock, print: output.live ? output.note : () => {} }),
        activity: createPassiveActivity(),
      },
      psps,
      control: { port: readPort('--control-port', String(options['controlPort'])) },
    });
  } catch (error) {
    if (error instanceof NetworkError && error.kind === 'port-taken') {
      throw new UserError(
        error.message,
        'Choose ports with --psp <dialect>:<port> and --control-port <port>; 0 takes any free one.',
      );
    }
    throw error;
  }
}

function announce(simulator: Simulator, output: Output): void {
  output.say(pc.bold('PSP simulator'));
  for (const psp of simulator.psps) {
    output.say(`  ${psp.name.padEnd(10)} ${psp.url}   (${psp.dialect})`);
    for (const [name, value] of Object.entries(psp.credentials))
      output.say(pc.dim(`  ${''.padEnd(10)} ${name}: ${value}`));
  }
  output.say(`  ${'control'.padEnd(10)} ${simulator.control.url}`);
  output.say('');
  output.say('Try: the next answers are lost after the money moved (undo with -X DELETE)');
  output.say(`  curl -X PUT ${simulator.control.url}/v1/faults -H 'content-type: application/json' \\`);
  output.say(`    -d '{"faults":[{"fault":"answer-lost","operation":"create-payment"}]}'`);
  output.say('Ctrl-C stops.');
  output.result({
    control: simulator.control.url,
    psps: simulator.psps.map(({ name, dialect, url, credentials }) => ({ name, dialect, url, credentials })),
  });
}
