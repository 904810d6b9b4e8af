/**
 * `assay psp`: the PSP simulator alone, for a service of your own to connect to. Each PSP
 * listens on a port of its own (http and https) and speaks its own wire protocol; a proxy
 * answers for the PSPs' real host names, so that an official SDK connects unchanged.
 */
import type { Command } from 'commander';
import { UserError } from '../kernel/index.ts';
import { describeFaults } from '../psp-simulator/index.ts';
import { announce } from './psp/announce.ts';
import { DEFAULT_CONTROL_PORT, DEFAULT_PROXY_PORT, choosePsps } from './psp/choose-psps.ts';
import { checkFaults, dryRun, planFaults } from './psp/plan-faults.ts';
import { printEnvironment } from './psp/print-environment.ts';
import { readPspOptions } from './psp/read-options.ts';
import { startSimulator } from './psp/start-simulator.ts';
import { EXIT } from './support/exit-codes.ts';
import { DIALECT_NAMES } from './support/psp-choice.ts';
import type { Verb } from './support/verb.ts';

const collect = (value: string, before: string[] = []): string[] => [...before, value];

export const verb: Verb = {
  describe: (command: Command) =>
    command
      .allowExcessArguments()
      .description(
        'Runs the PSP simulator alone until Ctrl-C.\n`assay psp trigger` makes an event happen at one that runs.',
      )
      .option(
        '--psp <[name=]dialect[:port]>',
        `a PSP to run, repeatable (dialects: ${DIALECT_NAMES.join(', ')}; default: one of each)`,
        collect,
      )
      .option('--psps <file>', 'the PSPs to run, from the `psps:` of a YAML file (profiles, ports, webhook URLs)')
      .option('--faults <file>', 'misbehave from the start by the `faults:` of a YAML file')
      .option('--dry-run [payments]', 'only say what --faults would hit among that many payments (100), and end')
      .option('--webhook-url <url>', "where the PSPs send their events; {psp} stands for the PSP's name")
      .option('--allow-webhooks-to <host>', 'let events leave this machine for a host or network, repeatable', collect)
      .option('--print-env', 'print the lines that connect each SDK and language, and end')
      .option('--control-port <port>', 'port of the control API; 0 takes any free one', String(DEFAULT_CONTROL_PORT))
      .option(
        '--proxy-port <port>',
        "port of the proxy for the PSPs' real host names; `off` for none",
        String(DEFAULT_PROXY_PORT),
      )
      .option('--ca-dir <folder>', "folder of the simulator's own CA for https, made when missing", '.assay/ca')
      .option('--no-https', 'plain http only: no CA, no proxy')
      .option('--any-port', 'take any free port, whatever the other options say')
      .option('--host <address>', 'address to listen on; 0.0.0.0 lets others in', '127.0.0.1')
      .option(
        '--public-host <name>',
        'host name in the URLs that the PSPs hand out, where others see this machine by another name',
      )
      .option('--token <secret>', 'the control API asks for it; without one it stays on loopback')
      .option('--speed <factor>', 'let retry schedules and key lives run that many times faster', '1')
      .option('--seed <seed>', 'seed of latencies and fault draws', '1')
      .addHelpText(
        'after',
        `
Examples:
  assay psp                                              one PSP per dialect, on 9101 and up
  assay psp --print-env                                  how each SDK connects to them
  assay psp --psp stripe:9101 --webhook-url http://127.0.0.1:3000/webhooks/{psp}
  assay psp --psp eu=stripe --psp us=stripe --speed 60   two Stripe accounts, an hour in a minute
  assay psp --faults faults.yaml                         faults: [{ fault: answer-lost, chance: 0.3 }]
  assay psp trigger stripe charge.dispute.created        with a payment behind it

With --json the first line says what listens where; then follows one object per API call,
delivery, change of the books, fault and note.

Faults:
${describeFaults()
  .map(({ name, summary }) => `  ${name.padEnd(34)} ${summary}`)
  .join('\n')}`,
      ),

  async execute(args, options, context) {
    const [stray] = args;
    if (stray !== undefined) {
      const advice = 'PSPs are given with --psp; the only word that may stand here is `trigger`.';
      throw new UserError(`"${stray}" is not an action of \`assay psp\``, advice);
    }
    const settings = readPspOptions(options);
    const psps = choosePsps(settings);
    if (settings.printEnv) {
      printEnvironment(psps, settings, context.output);
      return EXIT.pass;
    }
    const faults = checkFaults(settings.faultsFile, psps);
    if (settings.dryRun) {
      await dryRun(faults, psps, settings, context.output);
      return EXIT.pass;
    }
    const running = await startSimulator(psps, settings, context.output);
    try {
      await planFaults(faults, running, settings);
      announce(running, { faults: faults.length, file: settings.faultsFile }, context.output);
      running.startLive();
      await context.interrupt.stopped;
    } finally {
      await running.close();
    }
    return EXIT.pass;
  },
};
