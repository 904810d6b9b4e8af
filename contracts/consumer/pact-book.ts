/**
 * The writing of one pact: each need is a test that lets the service's real adapter speak to
 * Pact's mock server, or read a message, and adds what it used to the pact file. The last test
 * holds the file against the committed one, byte for byte.
 */
import assert from 'node:assert/strict';
import { copyFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Pact, type Matchers } from '@pact-foundation/pact';
import { createKeyedIds, createRealClock, createTcpNetwork, type Network } from '../../kernel/index.ts';
import type { ContractedDialect } from './examples.ts';
import { createPspAdapter, type PspAdapter, type PspEvent } from '../../reference-service/index.ts';
import { keepPactLocal, writesPacts } from '../config.ts';
import { pactFileName, pactsFolder, readPact, titleOf, type PactState } from '../index.ts';
import { EXAMPLE_CREDENTIALS } from './examples.ts';
import { runCalls, type CallNeed, type JsonMap } from './run-calls.ts';

export type { CallNeed } from './run-calls.ts';

const CONSUMER = 'reference-service';
/** The mock server answers at once. */
const CALL_TIMEOUT_MS = 5_000;

export interface WebhookNeed {
  /** The event as the PSP names it: `payment_intent.succeeded`. */
  event: string;
  why: string;
  given: PactState;
  content: object;
  /** Headers of the delivery; lower-case names. */
  headers?: Record<string, ReturnType<typeof Matchers.regex>>;
}

export interface PactBook {
  /** A test: `act` makes the adapter do exactly these calls, in any order. */
  call(
    needs: CallNeed | CallNeed[],
    act: (adapter: PspAdapter) => Promise<void>,
    credentials?: Record<string, string>,
  ): void;
  /** A test: the service reads the delivery as this one event. */
  webhook(need: WebhookNeed, event: Partial<PspEvent>): void;
}

export interface PactOptions {
  /** What the adapter does before every call of the example credentials (fetch a token). */
  first?: readonly CallNeed[];
  /** The media type of answers that name no other; JSON by default. */
  contentType?: string;
}

/** Declares the test suite of one pact; `write` declares its needs. */
export function describePact(
  dialect: ContractedDialect,
  write: (book: PactBook) => void,
  { first = [], contentType }: PactOptions = {},
): void {
  describe(`what the service needs of ${dialect}`, () => {
    const pact = { consumer: CONSUMER, provider: `psp-${dialect}`, dir: '', logLevel: 'error' as const };
    const fileName = pactFileName(pact.consumer, pact.provider);
    const clock = createRealClock();
    const adapterAt = (baseUrl: string, network: Network, credentials = EXAMPLE_CREDENTIALS[dialect]) =>
      createPspAdapter(
        { name: dialect, dialect, baseUrl, credentials },
        { clock, ids: createKeyedIds('contracts'), network, timeoutMs: CALL_TIMEOUT_MS },
      );
    /** A need may occur in several tests, and is in the pact once. */
    const declared = new Set<string>();
    const declare = (description: string, states: readonly PactState[]): void =>
      void declared.add(JSON.stringify([description, states]));

    before(() => {
      keepPactLocal();
      pact.dir = mkdtempSync(join(tmpdir(), 'assay-pact-'));
    });
    after(() => rmSync(pact.dir, { recursive: true, force: true }));

    write({
      call: (given, act, credentials) => {
        const own = [given].flat().map((need) => withType(need, contentType));
        const needs = credentials === undefined ? [...first, ...own] : own;
        for (const { description, given: states = [] } of needs) declare(description, states);
        const title = own.map(({ description, given: providerStates = [] }) =>
          titleOf({ description, providerStates }),
        );
        it(title.join(', then '), async () => {
          // A network of its own: no connection may outlive the mock server that it leads to.
          const network = createTcpNetwork({ clock });
          await runCalls({ pact, needs, clock, act: (url) => act(adapterAt(url, network, credentials)) });
          await network.close();
        });
      },
      webhook: (need, expected) => {
        declare(`webhook ${need.event}`, [need.given]);
        it(titleOf({ description: `webhook ${need.event}`, providerStates: [need.given] }), async () => {
          await messageOf(new Pact(pact), need).executeTest(({ contents, metadata }) => {
            // Pact hands the JSON over under another level of `content`.
            const rawBody = Buffer.from(JSON.stringify(contents.content));
            const adapter = adapterAt('http://psp.example', createTcpNetwork({ clock }));
            const events = adapter.parseWebhook({ rawBody, headers: metadata as Record<string, string> });
            assert.equal(events.length, 1);
            assert.deepEqual(pick(events[0], expected), expected);
            return Promise.resolve();
          });
        });
      },
    });

    it(writesPacts() ? 'writes the pact file' : 'is the committed pact, byte for byte', () => {
      const fresh = join(pact.dir, fileName);
      const committed = join(pactsFolder(), fileName);
      assert.equal(readPact(fresh).interactions.length, declared.size, 'a need whose test failed is not in the pact');
      if (writesPacts()) copyFileSync(fresh, committed);
      const same = readFileSync(fresh).equals(readFileSync(committed));
      assert.ok(same, `contracts/pacts/${fileName} is out of date: run \`npm run contracts\` and look at what changed`);
    });
  });
}

function withType(need: CallNeed, contentType: string | undefined): CallNeed {
  if (contentType === undefined || need.response.body === undefined) return need;
  return { ...need, response: { contentType, ...need.response } };
}

function messageOf(pact: Pact, { event, why, given, content, headers }: WebhookNeed) {
  return pact
    .addAsynchronousInteraction()
    .given(given.name, given.params as JsonMap | undefined)
    .comment(why)
    .expectsToReceive(`webhook ${event}`, (message) => {
      message.withJSONContent(content);
      if (headers !== undefined) message.withMetadata(headers as unknown as Parameters<typeof message.withMetadata>[0]);
    });
}

/** Those fields of `event` that `expected` names. */
function pick(event: PspEvent | undefined, expected: Partial<PspEvent>): Partial<PspEvent> {
  return Object.fromEntries(Object.entries(event ?? {}).filter(([field]) => field in expected));
}
