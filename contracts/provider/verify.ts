/**
 * Verifies pacts against the simulated PSPs, as a program of its own: Pact's native verifier
 * writes pages to standard output, and a crash of it ends only this process.
 *
 *   npx tsx contracts/provider/verify.ts [pact files, default: all committed ones]
 *
 * Exit code 0 when every pact is kept. Started by a test, it sends its findings to the parent.
 */
import { createRealClock, createTcpNetwork } from '../../kernel/index.ts';
import { CONTRACTED_DIALECTS } from '../consumer/example-credentials.ts';
import { keepPactLocal } from '../config.ts';
import { listPacts, readPact } from '../index.ts';
import { createControl } from './control.ts';
import { startSimulator } from './simulator-process.ts';
import { verifyPact, type Verification } from './verify-pact.ts';
import { startReceiver } from './webhook-receiver.ts';

/** The PSPs do at once what they do at all; payouts wait for the state that decides them. */
const AT_ONCE = { kind: 'fixed', ms: 0 } as const;
const PROFILE = {
  latency: AT_ONCE,
  firstDelivery: AT_ONCE,
  refundSettlement: AT_ONCE,
  payoutSettlement: { kind: 'fixed', ms: 3_600_000 },
  visibilityLagMs: 0,
} as const;

/** These send an event only to who asked for it. */
const SUBSCRIBED: ReadonlySet<string> = new Set(['mollie', 'open-banking']);

export interface Finding extends Verification {
  path: string;
  /** Payments per reference in the PSP's books afterwards. */
  payments: Record<string, number>;
}

async function verifyAll(paths: readonly string[]): Promise<Finding[]> {
  const clock = createRealClock();
  const network = createTcpNetwork({ clock });
  const receiver = await startReceiver(network, clock);
  const simulator = await startSimulator(clock, CONTRACTED_DIALECTS, receiver.url);
  const findings: Finding[] = [];
  try {
    for (const path of paths) {
      const provider = readPact(path).provider.name;
      const psp = simulator.psps.find(({ name }) => provider === `psp-${name}`);
      if (psp === undefined) throw new Error(`${path} is about ${provider}, which is not simulated`);
      const control = createControl({ network, clock, url: simulator.control, psp: psp.name });
      await control.update({ profile: SUBSCRIBED.has(psp.dialect) ? { ...PROFILE, webhookEvents: ['*'] } : PROFILE });
      const verification = await verifyPact(path, { psp, control, receiver, network, clock });
      const payments: Record<string, number> = {};
      for (const { reference } of (await control.books()).payments)
        payments[String(reference)] = (payments[String(reference)] ?? 0) + 1;
      findings.push({ path, ...verification, payments });
    }
  } finally {
    await simulator.stop();
    await network.close();
  }
  return findings;
}

keepPactLocal();
const given = process.argv.slice(2);
const findings = await verifyAll(given.length === 0 ? listPacts() : given);
const isKept = findings.every(({ verdicts, problems }) => problems.length === 0 && verdicts.every(({ ok }) => ok));
const end = (): void => process.exit(isKept ? 0 : 1);
// The verifier's native part may keep a process alive that has nothing left to do.
if (process.send === undefined) end();
else process.send(findings, end);
