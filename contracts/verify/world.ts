/** What all checks of one run share: the partner's address and credentials, webhooks, states, and how a call is made. */
import type { Clock, Ids, Network } from '../../kernel/index.ts';
import type { PactFile } from '../pact-files.ts';
import type { PartnerConfig } from './config.ts';
import type { Deliveries } from './deliveries.ts';
import { withHeaders, type Session, type Wish } from './dialects/dialect.ts';
import { curlOf, send, type Answer, type Call } from './exchange.ts';
import type { Secrets } from './secrets.ts';
import type { StateMaker } from './states.ts';
import { testValueSwap } from './test-values.ts';

export interface World {
  config: PartnerConfig;
  network: Network;
  clock: Clock;
  ids: Ids;
  /** Marks everything that this run makes, so that a sandbox can be verified again and again. */
  run: string;
  /** With the references of this run; undefined when there is none for this dialect. */
  pact?: PactFile;
  deliveries: Deliveries;
  states: StateMaker;
  secrets: Secrets;
}

export interface Made {
  answer: Answer;
  /** The call as a line to paste. */
  curl: string;
}

export interface CallOptions {
  key?: string;
  /** Send it without credentials. */
  anonymous?: boolean;
  /** Changes the call after it was signed. */
  alter?(call: Call): Call;
}

export function sessionOf({ config, network }: World): Session {
  return { network, baseUrl: config.baseUrl, credentials: config.credentials };
}

/** @throws NetworkError */
export async function makeCall(world: World, call: Call, options: CallOptions = {}): Promise<Made> {
  const { config, network, secrets } = world;
  const { key, anonymous = false, alter = (same) => same } = options;
  const named = key === undefined ? call : withHeaders(call, { [config.dialect.keyHeader]: key });
  const keyed = named.body === undefined ? named : { ...named, body: testValueSwap(config.testValues)(named.body) };
  const authorized = anonymous ? keyed : await config.dialect.authorize(keyed, sessionOf(world));
  // A token that was fetched is in no configuration.
  if (!anonymous) secrets.learn((authorized.headers['authorization'] ?? '').replace(/^\w+ /, ''));
  const ready = alter(authorized);
  const answer = await send(network, config.baseUrl, ready);
  return { answer, curl: curlOf(config.baseUrl, ready, secrets) };
}

/** A payment of 50.00 EUR under a reference of this run. */
export function paymentCall({ config, run }: World, name: string, more: Partial<Wish> = {}): Call {
  const wish = {
    reference: `probe_${run}_${name}`,
    amountMinor: 5_000,
    currency: 'EUR',
    credentials: config.credentials,
  };
  return config.dialect.pay({ ...wish, ...more });
}

export const keyOf = ({ run }: World, name: string): string => `probe-${run}-${name}`;

export const isTaken = ({ status }: Answer): boolean => status >= 200 && status < 300;

/** In full: a finding is shortened once its secrets are hidden. */
export function show({ status, text }: Answer): string {
  return `${status} ${text}`.trim();
}
