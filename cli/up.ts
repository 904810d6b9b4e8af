/**
 * `assay up`: the whole stage to try by hand. An embedded PostgreSQL (or DATABASE_URL), the
 * simulated PSPs, and the reference service connected to them, until Ctrl-C.
 */
import { join } from 'node:path';
import type { Command } from 'commander';
import pc from 'picocolors';
import { createRealClock, projectRoot } from '../kernel/index.ts';
import { DIALECTS } from '../scenarios/index.ts';
import { EXIT } from './support/exit-codes.ts';
import { createLiveHistory } from './support/live-lines.ts';
import { startLocalStack, type LocalStack } from './support/local-stack.ts';
import { readPort } from './support/options.ts';
import type { Output } from './support/output.ts';
import type { Verb } from './support/verb.ts';

const DEFAULT_PORT = 8080;

/** For this machine only: the service listens on the loopback address and moves no real money. */
const API_KEY = 'assay-up';

export const verb: Verb = {
  describe: (command: Command) =>
    command
      .description('Starts simulator and reference service together until Ctrl-C.')
      .option('--port <port>', 'port of the reference service; 0 takes any free one', String(DEFAULT_PORT))
      .option('--control-port <port>', "port of the simulator's control API; 0 takes any free one", '0')
      .option('--any-port', 'take any free port, whatever --port says')
      .option('--seed <seed>', 'seed of latencies and fault draws', '1')
      .addHelpText(
        'after',
        '\nExamples:\n  assay up\n  DATABASE_URL=postgres://me@127.0.0.1/postgres assay up --port 3000',
      ),

  async execute(_args, options, { output, interrupt }) {
    const clock = createRealClock();
    const logPath = join(projectRoot(), '.assay', 'up.log');
    const starting = startLocalStack({
      psps: DIALECTS.map((dialect) => ({ name: dialect, dialect })),
      servicePort: options['anyPort'] === true ? 0 : readPort('--port', String(options['port'])),
      controlPort: readPort('--control-port', String(options['controlPort'])),
      seed: String(options['seed']),
      apiKey: API_KEY,
      logPath,
      history: createLiveHistory({ clock, print: output.live ? output.note : () => {} }),
    });
    output.note('starting PostgreSQL, the simulator and the service…');
    const stack = await starting;
    announce(stack, logPath, output);
    await interrupt.stopped;
    await stack.stop();
    return EXIT.pass;
  },
};

function announce({ service, simulator, databaseUrl }: LocalStack, logPath: string, output: Output): void {
  output.say(`${pc.bold('reference service')}  ${service.url}   (log: ${logPath})`);
  for (const { name, url } of simulator.psps) output.say(`  ${name.padEnd(15)}  ${url}`);
  output.say(`  ${'control API'.padEnd(15)}  ${simulator.control.url}`);
  output.say(`  ${'database'.padEnd(15)}  ${databaseUrl}`);
  output.say('');
  output.say('Try: a deposit, and what became of it');
  output.say(`  curl -s ${service.url}/v1/payments/init -H 'authorization: Bearer ${service.apiKey}' \\`);
  output.say(`    -H 'content-type: application/json' -H 'idempotency-key: try-1' \\`);
  output.say(
    `    -d '{"amount":"50.00","currency":"EUR","method":"card","return_url":"http://localhost/","player_id":"you"}'`,
  );
  output.say(`  curl -s ${service.url}/v1/wallets/you -H 'authorization: Bearer ${service.apiKey}'`);
  output.say('Ctrl-C stops everything.');
  output.result({
    service,
    control: simulator.control.url,
    psps: simulator.psps.map(({ name, dialect, url, credentials }) => ({ name, dialect, url, credentials })),
    database: databaseUrl,
  });
}
