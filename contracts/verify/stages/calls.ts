/** The calls of the pact, made as our service makes them; each answer must hold what the service reads. */
import { titleOf, type PactCall, type PactFile } from '../../pact-files.ts';
import { EXAMPLE_TOKEN } from '../../consumer/example-credentials.ts';
import type { StandIns } from '../../provider/stand-ins.ts';
import { fail, pass, slug, unknown, type Check, type Finding } from '../check.ts';
import type { Call } from '../exchange.ts';
import { matchBody, matchHeaders, type Mismatch } from '../pact/match.ts';
import type { Rules } from '../pact/rules.ts';
import { shorten, type Secrets } from '../secrets.ts';
import { StateUnmadeError } from '../states.ts';
import { makeCall, show, type Made, type World } from '../world.ts';

/** Matching rules of an answer; the committed format has more than is read here. */
interface Ruled {
  matchingRules?: { body?: Rules; header?: Record<string, Rules[string]> };
  headers?: Record<string, string[]>;
}

const PAUSE_MS = 250;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

export function callChecks(pact: PactFile | undefined, standIns: StandIns): Check<World>[] {
  return (pact?.interactions ?? [])
    .filter((interaction): interaction is PactCall => interaction.type === 'Synchronous/HTTP')
    .map((call) => ({
      id: idOf('calls', call),
      stage: 'calls',
      title: titleOf(call),
      why: call.comments?.text?.join(' ') ?? '',
      run: (world) => inStates(world, call, () => judge(world, call, standIns)),
    }));
}

/** `<stage>.<description>` and, after another dot, the states that it needs. */
export function idOf(
  stage: string,
  { description, providerStates = [] }: Pick<PactCall, 'description' | 'providerStates'>,
): string {
  return [`${stage}.${slug(description)}`, ...providerStates.map(({ name }) => slug(name))].join('.');
}

/** Makes the states, does the work, ends the states. A state that nobody can make leaves the check unknown. */
export async function inStates(
  world: World,
  { providerStates = [] }: Pick<PactCall, 'providerStates'>,
  work: () => Promise<Finding>,
): Promise<Finding> {
  const ends: (() => Promise<void>)[] = [];
  try {
    for (const state of providerStates) ends.push(await world.states.make(state));
    return await work();
  } catch (error) {
    if (error instanceof StateUnmadeError) return unknown(error.message);
    throw error;
  } finally {
    for (const end of ends) await end();
  }
}

async function judge(world: World, interaction: PactCall, standIns: StandIns): Promise<Finding> {
  const { call, options } = requestOf(world, interaction, standIns);
  const giveUpAt = world.clock.elapsed() + (call.method === 'GET' ? world.config.patienceMs : 0);
  for (;;) {
    const made = await makeCall(world, call, options);
    const finding = compare(interaction, made, world.secrets);
    // What a payment has become may take a moment to show.
    if (finding.verdict === 'pass' || world.clock.elapsed() >= giveUpAt) return finding;
    await world.clock.sleep(PAUSE_MS);
  }
}

function requestOf(
  world: World,
  { request }: PactCall,
  standIns: StandIns,
): { call: Call; options: { anonymous: boolean } } {
  const query = Object.entries(request.query ?? {}).flatMap(([name, values]) =>
    values.map((value) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`),
  );
  const { keyHeader } = world.config.dialect;
  const headers = Object.entries(request.headers ?? {}).map(([name, [value = '']]): [string, string] =>
    name.toLowerCase() === keyHeader.toLowerCase()
      ? // A fresh key of the pact would be an old one the second time.
        [keyHeader, UUID.test(value) ? world.ids.uuid() : standIns.replace(value)]
      : [name, standIns.replace(value)],
  );
  const content = request.body?.content;
  const body =
    content === undefined || content === ''
      ? undefined
      : typeof content === 'string'
        ? content
        : JSON.stringify(content);
  // Where a token has to be fetched; any other credentials are the partner's own by now, or wrong on purpose.
  const anonymous = !JSON.stringify(request.headers ?? {}).includes(EXAMPLE_TOKEN);
  return {
    call: {
      method: request.method,
      path: standIns.replace(`${request.path}${query.length === 0 ? '' : `?${query.join('&')}`}`),
      headers: Object.fromEntries(headers),
      ...(body === undefined ? {} : { body: standIns.replace(body) }),
    },
    options: { anonymous },
  };
}

function compare({ response }: PactCall, { answer, curl }: Made, secrets: Secrets): Finding {
  if (answer.status !== response.status) return fail(`status ${response.status}`, show(answer), curl);
  const { matchingRules = {}, headers = {} } = response as Ruled;
  const wanted = Object.fromEntries(Object.entries(headers).map(([name, [value = '']]) => [name, value]));
  const mismatches = [
    ...matchHeaders(wanted, answer.headers, matchingRules.header),
    ...(response.body === undefined ? [] : matchBody(response.body.content, answer.json, matchingRules.body)),
  ];
  return mismatches.length === 0 ? pass() : mismatched(mismatches, secrets, curl);
}

const MOST_OF_A_VALUE = 200;

export function mismatched(mismatches: readonly Mismatch[], { hide }: Secrets, curl?: string): Finding {
  const each = (pick: (one: Mismatch) => string): string =>
    mismatches.map((one) => `${one.path}: ${shorten(hide(pick(one)), MOST_OF_A_VALUE)}`).join('; ');
  return fail(
    each(({ expected }) => expected),
    each(({ got }) => got),
    curl,
  );
}
