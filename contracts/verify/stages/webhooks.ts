/**
 * Webhooks as they really come: each event that our service reads, its signature over the very
 * bytes, the signed time, and what happens when we could not take one.
 */
import type { PactFile, PactMessage } from '../../pact-files.ts';
import type { StandIns } from '../../provider/stand-ins.ts';
import type { SchemeName, VectorVerdict } from '../../vectors/read-vectors.ts';
import { fail, pass, unknown, type Check, type Finding } from '../check.ts';
import type { Delivery } from '../deliveries.ts';
import { send } from '../exchange.ts';
import { matchBody, matchHeaders, type Mismatch } from '../pact/match.ts';
import type { Rules } from '../pact/rules.ts';
import { checkSignature } from '../signatures/check.ts';
import { isTaken, keyOf, makeCall, paymentCall, show, type World } from '../world.ts';
import { idOf, inStates, mismatched } from './calls.ts';

type RuledMessage = PactMessage & {
  metadata?: Record<string, unknown>;
  matchingRules?: { body?: Rules; metadata?: Record<string, Rules[string]> };
};

const TOLERANCE_SECONDS = 300;
const stage = 'webhooks';

export function webhookChecks(
  pact: PactFile | undefined,
  { settlesAtOnce, isLive, standIns }: { settlesAtOnce: boolean; isLive: boolean; standIns: StandIns },
): Check<World>[] {
  const messages = (pact?.interactions ?? []).filter(({ type }) => type === 'Asynchronous/Messages') as RuledMessage[];
  return [
    ...messages.map((message): Check<World> => ({
      id: idOf(stage, { ...message, description: message.description.replace(/^webhook /, '') }),
      stage,
      title: `${message.description}, after ${message.providerStates?.map(({ name }) => name).join(' and ') ?? 'anything'}`,
      why: message.comments?.text?.join(' ') ?? '',
      run: (world) =>
        world.config.webhooks.source === 'folder'
          ? judgeEvent(world, message, standIns)
          : inStates(world, message, () => judgeEvent(world, message, standIns)),
    })),
    ...(settlesAtOnce && isLive ? retryChecks() : []),
    // Where nothing provokes a delivery there is nothing to judge.
    ...(messages.length > 0 || settlesAtOnce || !isLive ? overallChecks() : []),
  ];
}

const eventName = ({ description }: RuledMessage): string => description.replace(/^webhook /, '');

/** References of the state's making; a refund has one of its own, made from that of its payment. */
function referencesOf({ providerStates = [] }: RuledMessage): string[] {
  return providerStates.flatMap(({ params }) => {
    const reference = String(params?.['reference'] ?? '');
    return [reference, `${reference}_refund`];
  });
}

async function judgeEvent(world: World, message: RuledMessage, standIns: StandIns): Promise<Finding> {
  const { source, waitMs } = world.config.webhooks;
  const isRecorded = source === 'folder';
  // A dispute may name the PSP's id of the payment and nothing of ours.
  const ids = (message.providerStates ?? []).map(({ params }) => standIns.replace(String(params?.['psp_reference'])));
  const references = [...referencesOf(message), ...ids].map((reference) => `"${reference}"`);
  const fits = (delivery: Delivery): boolean =>
    delivery.event === eventName(message) &&
    (isRecorded || references.some((reference) => delivery.body.includes(reference)));
  // Two needs may have the same event; among recorded ones the best is the one that counts.
  const delivery = await world.deliveries.find(fits, waitMs);
  if (delivery === undefined && isRecorded) return unknown(`no ${eventName(message)} is among the recorded deliveries`);
  if (delivery === undefined) return fail(`a delivery of ${eventName(message)}`, `none within ${waitMs / 1000} s`);
  const candidates = isRecorded ? world.deliveries.all.filter(fits) : [delivery];
  const verdicts = candidates.map((one) => mismatchesOf(message, one, world));
  const best = verdicts.sort((a, b) => a.length - b.length)[0] ?? [];
  return best.length === 0 ? pass() : mismatched(best, world.secrets);
}

function mismatchesOf(message: RuledMessage, delivery: Delivery, world: World): Mismatch[] {
  const { contents, metadata = {}, matchingRules = {} } = message;
  const { source } = world.config.webhooks;
  const texts = Object.entries(metadata).filter(
    (entry): entry is [string, string] => typeof entry[1] === 'string' && entry[0] !== 'contentType',
  );
  // An event log shows events, not the headers of their delivery.
  const headers = source === 'pull' ? {} : Object.fromEntries(texts);
  const rules = source === 'folder' ? withAnyReference(contents.content, message) : {};
  return [
    ...matchHeaders(headers, delivery.headers, matchingRules.metadata),
    ...matchBody(contents.content, delivery.json, { ...rules, ...matchingRules.body }),
  ];
}

/** Recorded events are about things that we did not make: any reference will do. */
function withAnyReference(content: unknown, message: RuledMessage, path = '$'): Rules {
  if (typeof content === 'string' && referencesOf(message).includes(content))
    return { [path]: { matchers: [{ match: 'type' }] } };
  if (typeof content !== 'object' || content === null) return {};
  const steps = Object.entries(content).map(([name, inner]) =>
    withAnyReference(inner, message, Array.isArray(content) ? `${path}[${name}]` : `${path}.${name}`),
  );
  return Object.assign({}, ...steps) as Rules;
}

function retryChecks(): Check<World>[] {
  return [
    {
      id: 'webhooks.retry',
      stage,
      title: 'a delivery that we refuse with 500 comes again',
      why: 'A node of ours may be restarting; an event that is told once only is lost.',
      run: async (world) => {
        const { first, second, made } = await refusedDelivery(world);
        if (first === undefined)
          return fail('a delivery about a payment', `none within ${world.config.webhooks.waitMs / 1000} s`, made.curl);
        return second === undefined
          ? fail(
              `another delivery of ${first.event}`,
              `none within ${world.config.webhooks.retryWaitMs / 1000} s`,
              made.curl,
            )
          : pass();
      },
    },
    {
      id: 'webhooks.retry-same-id',
      stage,
      title: 'a delivery that comes again is the same event',
      why: 'By its id we know that we have acted on it; with a new one the money would be booked twice.',
      run: async (world) => {
        const { first, second } = await refusedDelivery(world);
        if (first === undefined || second === undefined) return unknown('no delivery came again');
        return first.eventId === second.eventId ? pass() : fail(`the id ${first.eventId}`, `the id ${second.eventId}`);
      },
    },
  ];
}

interface Refused {
  first?: Delivery;
  second?: Delivery;
  made: { curl: string };
}

const refused = new WeakMap<World, Promise<Refused>>();

/** Pays once, refuses the first delivery about it, and waits for the next. */
function refusedDelivery(world: World): Promise<Refused> {
  const known = refused.get(world) ?? refuse(world);
  refused.set(world, known);
  return known;
}

async function refuse(world: World): Promise<Refused> {
  const { deliveries, config } = world;
  const name = 'refused';
  const reference = `probe_${world.run}_${name}`;
  let id = 'never';
  const isAbout = ({ body }: Delivery): boolean => body.includes(reference) || body.includes(id);
  let first: Delivery | undefined;
  deliveries.refuseOnce((delivery) => {
    if (!isAbout(delivery)) return false;
    first = delivery;
    return true;
  });
  const made = await makeCall(world, paymentCall(world, name), { key: keyOf(world, name) });
  if (!isTaken(made.answer)) return { made };
  id = config.dialect.idOf(made.answer.json) ?? id;
  await deliveries.find(() => first !== undefined, config.webhooks.waitMs);
  if (first === undefined) return { made };
  const { event, body } = first;
  const isAgain = (delivery: Delivery): boolean =>
    delivery !== first && delivery.event === event && (delivery.body.equals(body) || isAbout(delivery));
  const second = await deliveries.find(isAgain, config.webhooks.retryWaitMs);
  return { first, made, ...(second === undefined ? {} : { second }) };
}

function overallChecks(): Check<World>[] {
  return [
    {
      id: 'webhooks.signature',
      stage,
      title: 'every delivery is signed over the very bytes that arrived',
      why: 'Anybody can call our endpoint; only the signature says that it was the PSP.',
      run: async (world) => {
        await provokeOne(world);
        const judged = await judgeSignatures(world);
        if (typeof judged === 'string') return unknown(judged);
        const wrong = judged.find(({ verdict }) => ['missing', 'malformed', 'mismatch'].includes(verdict));
        return wrong === undefined
          ? pass(`${judged.length} deliveries`)
          : fail('a signature that fits', `${wrong.verdict}: ${wrong.shown}`);
      },
    },
    {
      id: 'webhooks.signed-time',
      stage,
      title: 'the signed time is that of the delivery',
      why: 'An old time looks like a captured message that is played again, and is refused.',
      run: async (world) => {
        await provokeOne(world);
        const judged = await judgeSignatures(world);
        if (typeof judged === 'string') return unknown(judged);
        const wrong = judged.find(({ verdict }) => verdict === 'stale' || verdict === 'future');
        return wrong === undefined
          ? pass()
          : fail(`a time within ${TOLERANCE_SECONDS} s of the delivery`, `${wrong.verdict}: ${wrong.shown}`);
      },
    },
    {
      id: 'webhooks.event-ids',
      stage,
      title: 'no two events share an id',
      why: 'An event whose id we have seen is not acted on again: the second one would be lost.',
      run: async (world) => {
        await provokeOne(world);
        const byId = new Map<string, Delivery>();
        for (const delivery of world.deliveries.all) {
          if (delivery.eventId === '') return fail('an event with an id', delivery.body.toString('utf8'));
          const other = byId.get(delivery.eventId);
          if (other !== undefined && other.event !== delivery.event)
            return fail('one event per id', `${delivery.eventId} is ${other.event} and ${delivery.event}`);
          byId.set(delivery.eventId, delivery);
        }
        return byId.size === 0 ? unknown('no delivery was seen') : pass();
      },
    },
  ];
}

/** Asked for alone, a check of all deliveries has nothing to look at: a payment makes some. */
async function provokeOne(world: World): Promise<void> {
  const { deliveries, config } = world;
  if (deliveries.all.length > 0 || config.webhooks.source !== 'receive') return;
  await makeCall(world, paymentCall(world, 'any'), { key: keyOf(world, 'any') });
  await deliveries.find(() => true, config.webhooks.waitMs);
}

/** Of every delivery, or a sentence why nothing can be said. */
async function judgeSignatures(world: World): Promise<{ verdict: VectorVerdict; shown: string }[] | string> {
  const { deliveries, config } = world;
  if (config.webhooks.source === 'pull') return 'an event log shows no signatures; use source: receive or folder';
  if (deliveries.all.length === 0) return 'no delivery was seen';
  const judged: { verdict: VectorVerdict; shown: string }[] = [];
  for (const delivery of deliveries.all) {
    const { body, headers, path, receivedAtMs, event } = delivery;
    const verdict = checkSignature(
      config.dialect.name as SchemeName,
      { body, headers, path: config.credentials['webhookPath'] ?? path },
      { keys: await keysFor(world, delivery), receivedAtMs, toleranceSeconds: TOLERANCE_SECONDS },
    );
    judged.push({ verdict, shown: `${event} with ${JSON.stringify(signatureHeaders(headers))}` });
  }
  return judged;
}

function signatureHeaders(headers: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => /signature|timestamp|transmission/.test(name)));
}

/** Public keys are fetched from the sandbox itself, never from wherever a message says. */
async function keysFor({ network, config }: World, { headers }: Delivery): Promise<Record<string, string>> {
  const keys: Record<string, string> = { ...config.credentials };
  const certUrl = headers['paypal-cert-url'];
  const read = async (path: string): Promise<string> => {
    const answer = await send(network, config.baseUrl, { method: 'GET', path, headers: {} });
    if (!isTaken(answer)) throw new Error(`the key at ${path} was answered ${show(answer)}`);
    return answer.text;
  };
  if (config.dialect.name === 'paypal' && keys['webhookCertificate'] === undefined && certUrl !== undefined)
    keys['webhookCertificate'] = await read(new URL(certUrl).pathname);
  if (config.dialect.name === 'open-banking' && keys['webhookJwks'] === undefined)
    keys['webhookJwks'] = await read('/.well-known/jwks');
  return keys;
}
