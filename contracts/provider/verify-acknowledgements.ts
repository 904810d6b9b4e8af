/**
 * Verifies the reference service, over a real socket and with a database of its own, against what
 * PSPs rely on when they deliver. A program of its own, as `verify.ts` is and for the same reason.
 *
 *   npx tsx contracts/provider/verify-acknowledgements.ts <pact files>
 */
import { Verifier } from '@pact-foundation/pact';
import {
  createPassiveActivity,
  createPgliteKnex,
  createRandomIds,
  createRealClock,
  createTcpNetwork,
} from '../../kernel/index.ts';
import { signWebhook } from '../../psp-simulator/index.ts';
import { createService, migrate } from '../../reference-service/index.ts';
import { ACK_PATH, BAD_SIGNATURE, OLD_SECONDS, storedBefore } from '../consumer/acknowledgements/needs.ts';
import { keepPactLocal } from '../config.ts';
import { readPact, type PactCall } from '../index.ts';
import { send } from './http.ts';
import { verdictsOf } from './verify-pact.ts';
import type { Finding } from './verify.ts';

const CREDENTIALS = { apiKey: 'sk_acme_acknowledged', webhookSecret: 'whs_acknowledged' };
/** Nobody listens there: no event of these leads to a call. */
const NO_PSP = 'http://127.0.0.1:9';

const clock = createRealClock();
const network = createTcpNetwork({ clock });
const activity = createPassiveActivity();

/** As the simulated PSP signs, by its own code. */
function signed(body: string, atMs: number): Record<string, string> {
  const { headers } = signWebhook('acme', {
    body,
    key: 'current',
    form: 'signed',
    atMs,
    credentials: CREDENTIALS,
    targetUrl: NO_PSP,
    pspUrl: NO_PSP,
  });
  return { ...headers };
}

async function verify(path: string, url: string): Promise<Finding> {
  const pact = readPact(path);
  const problems: string[] = [];
  let deliveries = 0;
  /** An event of its own for each interaction, unless the state says that it came before. */
  const eventOf = (body: object, isRepeated: boolean): string => {
    if (!isRepeated) deliveries += 1;
    return JSON.stringify({ ...body, event_id: `aevt_ack_${deliveries}` });
  };
  const example = (pact.interactions as PactCall[]).map(({ request }) => request.body?.content).find(Boolean) as object;
  let isStored = false;
  const verifier = new Verifier({
    provider: pact.provider.name,
    providerBaseUrl: url,
    pactUrls: [path],
    stateHandlers: {
      [storedBefore.name]: async () => {
        const body = eventOf(example, false);
        const headers = signed(body, clock.now());
        await send(network, { method: 'POST', url: `${url}${ACK_PATH}`, headers, body }).catch((error: unknown) =>
          problems.push(String(error)),
        );
        isStored = true;
      },
    },
    requestFilter: (request, _response, next) => {
      if (!request.path.startsWith('/_')) {
        const parsed = request.body as unknown;
        const isEvent = typeof parsed === 'object' && parsed !== null && 'event_id' in parsed;
        const body = isEvent ? eventOf(parsed, isStored) : '{"half":';
        isStored = false;
        const isOld = request.headers['x-timestamp'] === OLD_SECONDS;
        const headers = signed(body, isOld ? Number(OLD_SECONDS) * 1000 : clock.now());
        const isBad = request.headers['x-signature'] === BAD_SIGNATURE;
        if (isBad) headers['x-signature'] = BAD_SIGNATURE;
        Object.assign(request.headers, headers, { 'content-length': String(Buffer.byteLength(body)) });
        request.body = Buffer.from(body);
      }
      next();
    },
    logLevel: 'error',
  });
  const report = await verifier.verifyProvider().then(String, (error: Error) => error.message);
  return { path, verdicts: verdictsOf(report, pact.interactions), problems, payments: {} };
}

keepPactLocal();
const { knex } = await createPgliteKnex({ activity });
await migrate(knex);
const psp = { name: 'acme', dialect: 'acme', baseUrl: NO_PSP, credentials: CREDENTIALS } as const;
const service = await createService({
  config: { apiKey: 'key_of_the_platform', psps: [psp] },
  ports: { clock, ids: createRandomIds(), network, activity, knex },
});
await service.start();
const findings: Finding[] = [];
for (const path of process.argv.slice(2)) findings.push(await verify(path, service.url));
await service.stop({ graceMs: 1_000 });
await network.close();
await knex.destroy();
const isKept = findings.every(({ verdicts }) => verdicts.every(({ ok }) => ok));
const end = (): void => process.exit(isKept ? 0 : 1);
// The verifier's native part may keep a process alive that has nothing left to do.
if (process.send === undefined) end();
else process.send(findings, end);
