/**
 * `assay psp trigger`: makes an event of a running simulator's PSP happen, with consistent books
 * behind it: a dispute comes with the payment that is disputed.
 */
import type { Command } from 'commander';
import pc from 'picocolors';
import { createRealClock, createTcpNetwork, UserError } from '../../kernel/index.ts';
import { EXIT } from '../support/exit-codes.ts';
import { didYouMean } from '../support/options.ts';
import type { Output } from '../support/output.ts';
import type { Verb, VerbContext } from '../support/verb.ts';
import { askControl, type ControlAnswer } from './ask-control.ts';
import { DEFAULT_CONTROL_PORT } from './choose-psps.ts';

interface EventType {
  event: string;
  change: string;
}

interface Triggered {
  psp: string;
  event: string;
  event_ids: string[];
  psp_reference: string | null;
  reference: string | null;
}

type Ask = (method: string, path: string, body?: unknown) => Promise<ControlAnswer>;

export const verb: Verb = {
  describe: (command: Command) =>
    command
      .description('Makes a webhook event happen at a simulator that runs, with consistent books behind it.')
      .argument('[psp]', 'name of the PSP')
      .argument('[event]', "the PSP's own word, such as charge.dispute.created")
      .option('--list', 'list the events of the PSP')
      .option(
        '--reference <reference>',
        "go on from this payment or payout, by your reference or the PSP's; default: a new one",
      )
      .option('--amount <minor>', 'amount of a new payment in minor units (5000 is 50.00 EUR)')
      .option('--currency <code>', 'currency of a new payment, ISO 4217')
      .option('--control <url>', 'control API of the simulator', `http://127.0.0.1:${DEFAULT_CONTROL_PORT}`)
      .option('--token <secret>', 'the token that the simulator was started with')
      .addHelpText(
        'after',
        `
Examples:
  assay psp trigger stripe --list
  assay psp trigger stripe charge.dispute.created
  assay psp trigger adyen REFUND --reference order-7`,
      ),

  async execute(args, options, { output }: VerbContext) {
    const [psp, event, stray] = args;
    if (psp === undefined)
      throw new UserError(
        'no PSP is given',
        'Write `assay psp trigger <psp> <event>`, such as stripe payment_intent.succeeded.',
      );
    if (stray !== undefined) throw new UserError(`"${stray}" is one argument too many`, 'Give a PSP and one event.');
    const network = createTcpNetwork({ clock: createRealClock() });
    const address = { control: String(options['control']), token: options['token'] as string | undefined };
    const ask: Ask = (method, path, body) => askControl(network, address, method, path, body);
    try {
      const running = await runningPsp(ask, psp);
      const types = await eventTypes(ask, psp);
      if (options['list'] === true || event === undefined) sayTypes(psp, types, output);
      else sayTriggered(await trigger(ask, { psp, event, types, options }), running, output);
    } finally {
      await network.close();
    }
    return EXIT.pass;
  },
};

interface RunningPsp {
  name: string;
  webhook_url: string | null;
}

async function runningPsp(ask: Ask, psp: string): Promise<RunningPsp> {
  const running = (await ask('GET', '/v1/psps')).body as RunningPsp[];
  const found = running.find(({ name }) => name === psp);
  if (found !== undefined) return found;
  const names = running.map(({ name }) => name);
  throw new UserError(`no PSP is named "${psp}" there`, didYouMean(psp, names));
}

async function eventTypes(ask: Ask, psp: string): Promise<EventType[]> {
  const answer = await ask('GET', `/v1/psps/${encodeURIComponent(psp)}/event-types`);
  return answer.body as EventType[];
}

interface TriggerRequest {
  psp: string;
  event: string;
  types: readonly EventType[];
  options: Record<string, unknown>;
}

async function trigger(ask: Ask, { psp, event, types, options }: TriggerRequest): Promise<Triggered> {
  const names = types.map((type) => type.event);
  if (!names.includes(event)) {
    const advice = didYouMean(event, names).replace('Allowed:', `${psp} has:`);
    throw new UserError(`${psp} has no event "${event}"`, advice);
  }
  const { reference, amount, currency } = options as Record<string, string | undefined>;
  const answer = await ask('POST', `/v1/psps/${encodeURIComponent(psp)}/trigger`, {
    event,
    ...(reference === undefined ? {} : { reference }),
    ...(amount === undefined ? {} : { amount_minor: readMinor(amount) }),
    ...(currency === undefined ? {} : { currency }),
  });
  if (answer.status >= 400) {
    const { message } = answer.body as { message?: string };
    throw new UserError(
      `${event} did not happen: ${message ?? `the answer was ${answer.status}`}`,
      `See assay psp trigger ${psp} --list.`,
    );
  }
  return answer.body as Triggered;
}

function readMinor(text: string): number {
  if (/^[1-9]\d{0,14}$/.test(text)) return Number(text);
  throw new UserError(`--amount "${text}" is no amount`, 'Give minor units as a whole number: 5000 is 50.00 EUR.');
}

function sayTypes(psp: string, types: readonly EventType[], output: Output): void {
  const width = Math.max(0, ...types.map(({ event }) => event.length)) + 2;
  output.say(pc.bold(`Events of ${psp}`));
  for (const { event, change } of types) output.say(`  ${event.padEnd(width)}${pc.dim(change)}`);
  output.result({ psp, events: types });
}

function sayTriggered(triggered: Triggered, running: RunningPsp, output: Output): void {
  const about = [triggered.reference, triggered.psp_reference].filter((part) => part !== null).join(', ');
  output.say(`${pc.green('✔')} ${triggered.psp} ${triggered.event}  ${triggered.event_ids.join(', ')}`);
  if (about !== '') output.say(`  about ${about}`);
  if (running.webhook_url === null) {
    output.say(pc.yellow(`  ${triggered.psp} has no webhook URL: the books changed, the event goes nowhere.`));
    output.say(`  Start the simulator with --webhook-url http://127.0.0.1:3000/webhooks/{psp}`);
  }
  output.result(triggered);
}
