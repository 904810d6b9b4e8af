/**
 * Verifies the reference service, over a real socket and with a database of its own, against what
 * PSPs rely on when they deliver: each delivery of a pact is made by the simulated PSP itself, with
 * a new event. A program of its own, as `verify.ts` is and for the same reason.
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
import { createService, migrate } from '../../reference-service/index.ts';
import { ACK_STATES, ackConsumer } from '../consumer/acknowledgements/needs.ts';
import { ACK_PSPS, type AckPsp } from '../consumer/acknowledgements/psps.ts';
import { startSender, type Caught, type Sender } from '../consumer/acknowledgements/sender.ts';
import { keepPactLocal } from '../config.ts';
import { readPact } from '../index.ts';
import { verdictsOf } from './verify-pact.ts';
import type { Finding } from './verify.ts';

const clock = createRealClock();
const network = createTcpNetwork({ clock });
const activity = createPassiveActivity();

function pspOf(path: string): AckPsp {
  const { name } = readPact(path).consumer;
  const psp = ACK_PSPS.find((one) => ackConsumer(one) === name);
  if (psp === undefined) throw new Error(`${path} is of ${name}, which is no PSP that delivers`);
  return psp;
}

async function verify(path: string, url: string, sender: Sender): Promise<Finding> {
  const psp = pspOf(path);
  const pact = readPact(path);
  const problems: string[] = [];
  /** What the next interaction delivers; an ordinary event where no state has said otherwise. */
  let next: Caught | undefined;
  const prepare = async (name: string): Promise<void> => {
    const { kind, isStored } = ACK_STATES[name] ?? {};
    if (kind === undefined) throw new Error(`nobody knows the state "${name}"`);
    next = await sender.catch(kind);
    if (isStored !== true) return;
    const call = { method: 'POST', url: `${url}${psp.path}`, ...next, timeoutMs: 10_000 } as const;
    const { status } = await network.request(call);
    if (status !== 200) throw new Error(`the first delivery was answered ${status}`);
  };
  const verifier = new Verifier({
    provider: pact.provider.name,
    providerBaseUrl: url,
    pactUrls: [path],
    stateHandlers: Object.fromEntries(
      Object.keys(ACK_STATES).map((name) => [
        name,
        () => prepare(name).catch((error: unknown) => void problems.push(String(error))),
      ]),
    ),
    requestFilter: (request, _response, go) => {
      if (request.path.startsWith('/_')) return go();
      const delivery = next === undefined ? sender.catch('ordinary') : Promise.resolve(next);
      next = undefined;
      delivery
        .then(({ headers: { host: _host, connection: _connection, ...headers }, body }) => {
          for (const name of Object.keys(request.headers))
            if (name.includes('-signature')) delete request.headers[name];
          Object.assign(request.headers, headers, { 'content-length': String(body.length) });
          request.body = body;
        })
        .catch((error: unknown) => void problems.push(String(error)))
        .finally(go);
    },
    logLevel: 'error',
  });
  const report = await verifier.verifyProvider().then(String, (error: Error) => error.message);
  return { path, verdicts: verdictsOf(report, pact.interactions), problems, payments: {} };
}

keepPactLocal();
const paths = process.argv.slice(2);
const psps = [...new Set(paths.map(pspOf))];
const senders = new Map<AckPsp, Sender>();
for (const psp of psps) senders.set(psp, await startSender(psp, { clock, network }));
const { knex } = await createPgliteKnex({ activity });
await migrate(knex);
const service = await createService({
  config: {
    apiKey: 'key_of_the_platform',
    psps: [...senders].map(([{ form, dialect }, { url, credentials }]) => ({
      ...{ name: form ?? dialect, dialect, baseUrl: url, credentials: { ...credentials } },
    })),
  },
  ports: { clock, ids: createRandomIds(), network, activity, knex },
});
await service.start();
const findings: Finding[] = [];
for (const path of paths) {
  const sender = senders.get(pspOf(path));
  if (sender !== undefined) findings.push(await verify(path, service.url, sender));
}
await service.stop({ graceMs: 1_000 });
for (const sender of senders.values()) await sender.close();
await network.close();
await knex.destroy();
const isKept = findings.every(({ verdicts }) => verdicts.every(({ ok }) => ok));
const end = (): void => process.exit(isKept ? 0 : 1);
// The verifier's native part may keep a process alive that has nothing left to do.
if (process.send === undefined) end();
else process.send(findings, end);
