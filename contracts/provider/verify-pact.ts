/**
 * Runs Pact's verifier on one pact against one simulated PSP, and gives its verdicts as data.
 * The messages of the pact are webhooks that the PSP really delivers.
 */
import { Verifier } from '@pact-foundation/pact';
import { createRandomIds, type Clock, type Network } from '../../kernel/index.ts';
import { createPspAdapter, webhookVerifiers } from '../../reference-service/index.ts';
import { realOfExamples } from '../consumer/example-credentials.ts';
import { readPact, type PactInteraction, type PactState } from '../index.ts';
import type { Control } from './control.ts';
import { authorizedHeaders } from './authorize.ts';
import { createHands } from './hands.ts';
import type { SimulatedPsp } from './simulator-process.ts';
import { createStandIns } from './stand-ins.ts';
import { createStateHandlers } from './states.ts';
import type { WebhookReceiver } from './webhook-receiver.ts';

/** How old the time in a signature may be: the service's own tolerance. */
const TOLERANCE_MS = 300_000;
/** For one call of the verifier, a state that takes its time included. */
const REQUEST_TIMEOUT_MS = 15_000;

type VerifierOptions = ConstructorParameters<typeof Verifier>[0];

export interface Verdict {
  description: string;
  ok: boolean;
  /** What did not fit, as the verifier says it; empty when all did. */
  mismatches: string[];
}

export interface Verification {
  /** In the order of the pact. */
  verdicts: Verdict[];
  /** What went wrong beside the comparison: a state that could not be made, a signature that does not fit. */
  problems: string[];
}

export interface VerificationTools {
  psp: SimulatedPsp;
  control: Control;
  receiver: WebhookReceiver;
  network: Network;
  clock: Clock;
}

export async function verifyPact(
  path: string,
  { psp, control, receiver, network, clock }: VerificationTools,
): Promise<Verification> {
  const pact = readPact(path);
  const problems: string[] = [];
  const keep = (error: unknown): never => {
    problems.push(String(error));
    throw error;
  };
  const standIns = createStandIns(realOfExamples(psp.dialect, psp.credentials));
  const stateHandlers = createStateHandlers({
    pact,
    psp,
    network,
    hands: createHands(network, psp),
    control,
    standIns,
    problems,
  });
  // The verifier only warns of a state that nobody can make.
  problems.push(
    ...statesOf(pact.interactions)
      .filter((name) => !(name in stateHandlers))
      .map((name) => `nobody can make the state "${name}"`),
  );

  const adapter = createPspAdapter(
    { name: psp.name, dialect: psp.dialect, baseUrl: psp.url, credentials: psp.credentials },
    { clock, ids: createRandomIds(), network, timeoutMs: REQUEST_TIMEOUT_MS },
  );
  type Filter = typeof standIns.requestFilter;
  const requestFilter: Filter = (request, response, next) =>
    standIns.requestFilter(request, response, () => {
      const body: unknown = request.body;
      const call = {
        method: request.method,
        path: request.url,
        headers: request.headers as Record<string, string>,
        ...(Buffer.isBuffer(body) ? { body: body.toString('utf8') } : {}),
      };
      authorizedHeaders(network, psp, call)
        .then((headers) => {
          const lower = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]);
          request.headers = Object.fromEntries(lower) as typeof request.headers;
          next();
        })
        .catch((error: unknown) => {
          problems.push(String(error));
          next();
        });
    });

  /** A webhook that was really delivered, and that the service's own verifier accepts, as the pact's message. */
  async function delivered({
    description,
    providerStates: [state] = [],
  }: {
    description: string;
    providerStates?: PactState[];
  }) {
    const event = description.replace(/^webhook /, '');
    const { reference, psp_reference: example } = state?.params ?? {};
    const pspReference = standIns.replace(String(example));
    const input = await receiver.delivery({ psp: psp.name, event, reference: String(reference), pspReference });
    // What is published (a certificate, public keys) is fetched as the service fetches it.
    const published = (await adapter.webhookKeys?.(input)) ?? {};
    const verdict = webhookVerifiers[psp.dialect]?.verify({
      ...input,
      credentials: { ...psp.credentials, ...published },
      receivedAtMs: clock.now(),
      toleranceMs: TOLERANCE_MS,
    });
    if (verdict?.kind !== 'verified')
      throw new Error(`the signature of ${event} is no good: ${JSON.stringify(verdict)}`);
    const metadata = { ...input.headers, contentType: 'application/json' };
    return { __pactMessageMetadata: metadata, message: JSON.parse(input.rawBody.toString('utf8')) as object };
  }

  const messages = pact.interactions.filter(({ type }) => type === 'Asynchronous/Messages');
  const verifier = new Verifier({
    provider: pact.provider.name,
    providerBaseUrl: psp.url,
    pactUrls: [path],
    stateHandlers: stateHandlers as unknown as NonNullable<VerifierOptions['stateHandlers']>,
    requestFilter,
    messageProviders: Object.fromEntries(
      messages.map(({ description }) => [
        description,
        (message: unknown) => delivered(message as Parameters<typeof delivered>[0]).catch(keep),
      ]),
    ),
    timeout: REQUEST_TIMEOUT_MS,
    logLevel: 'error',
  });
  // The report comes either way: as the result, or as the message of the failure.
  const report = await verifier.verifyProvider().then(String, (error: Error) => error.message);
  return { verdicts: verdictsOf(report, pact.interactions), problems };
}

function statesOf(interactions: readonly PactInteraction[]): string[] {
  return [...new Set(interactions.flatMap(({ providerStates = [] }) => providerStates.map(({ name }) => name)))];
}

interface Report {
  interactionResults?: { description: string; result: string }[];
  /** One per failed interaction, in the same order, each named by a sentence that ends with its description. */
  errors?: { interaction: string; mismatch: { mismatches?: { path?: string; mismatch: string }[] } }[];
}

/** The verifier's report, of `verifyProvider` or of its failure, as one verdict per interaction. */
export function verdictsOf(text: string, interactions: readonly PactInteraction[]): Verdict[] {
  const { interactionResults = [], errors = [] } = JSON.parse(text) as Report;
  if (interactionResults.length !== interactions.length)
    throw new Error(`the verifier judged ${interactionResults.length} of ${interactions.length} interactions`);
  const unread = [...errors];
  return interactionResults.map(({ description, result }) => {
    if (result === 'OK') return { description, ok: true, mismatches: [] };
    const at = unread.findIndex(({ interaction }) => interaction.endsWith(` - ${description}`));
    const [error] = at < 0 ? [] : unread.splice(at, 1);
    return {
      description,
      ok: false,
      mismatches: (error?.mismatch.mismatches ?? []).map(({ path = '', mismatch }) => `${path} ${mismatch}`.trim()),
    };
  });
}
