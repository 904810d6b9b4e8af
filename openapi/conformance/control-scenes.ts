/**
 * Answers of the simulator's control API that need a past: payments, disputes, batches, deliveries,
 * faults and runs that exist. Hands on their ids for generated calls.
 */
import assert from 'node:assert/strict';
import { createRealClock } from '../../kernel/index.ts';
import type { Hints } from './valid-values.ts';
import type { Call, Wire } from './wire.ts';
import { openSimulator, type SimulatorWorld } from './world.ts';

type Body = Record<string, unknown>;

const ACME = { psp: 'acme' };
/** Nobody listens there: what is delivered becomes a dead letter at once. */
const NOBODY = 'http://127.0.0.1:9/nobody';
const RETURN = { return_url: 'https://shop.example/done' };
const LOOK_MS = 20;
const PATIENCE_MS = 60_000;
const clock = createRealClock();

async function until<T>(what: string, look: () => Promise<T | undefined>): Promise<T> {
  const limit = clock.now() + PATIENCE_MS;
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    assert.ok(clock.now() < limit, `${what} did not happen`);
    await clock.sleep(LOOK_MS);
  }
}

export async function playControl(wire: Wire, world: SimulatorWorld): Promise<Hints> {
  await wire.expect('updatePsp', 200, {
    path: ACME,
    body: { webhook_url: NOBODY, profile: { retryScheduleMs: [] } },
  });
  const payment = await pay(world, 'tok_ok');
  const waiting = await pay(world, 'tok_3ds');
  const lists = await playEvents(wire, payment);
  await playMoney(wire, world, { payment, waiting });
  const settled = await playSettlement(wire);
  await playFaultsAndRuns(wire);
  return {
    ...{ psp: ['acme'], psp_reference: [payment], payment: [payment], event: ['payment.captured'] },
    ...{ run_id: ['default'], dialect: ['acme'], fault: ['outage'], operation: ['create-payment'], reference: ['r-1'] },
    ...{ webhook_url: [NOBODY], currency: ['EUR'], what: ['books', 'history'], name: ['acme'], port: [0] },
    ...lists,
    ...settled,
  };
}

/** By the PSP's own wire. */
async function pay(world: SimulatorWorld, token: string, path = '/payments', more: Body = {}): Promise<string> {
  const [acme] = world.simulator.psps;
  const response = await fetch(`${acme?.url}${path}`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${acme?.credentials['apiKey']}`,
      'content-type': 'application/json',
      'idempotency-key': `${path}-${token}`,
    },
    body: JSON.stringify({
      amount: '50.00',
      currency: 'EUR',
      reference: `ref-${token}`,
      method: 'card',
      token,
      ...RETURN,
      ...more,
    }),
  });
  const body = (await response.json()) as { payment_id?: string; payout_id?: string };
  assert.equal(response.status, 201, JSON.stringify(body));
  return body.payment_id ?? body.payout_id ?? '';
}

async function playEvents(wire: Wire, payment: string): Promise<Hints> {
  await wire.expect('triggerEvent', 202, { path: ACME, body: { event: 'payment.captured' } });
  await wire.expect('triggerEvent', 409, { path: ACME, body: { event: 'payment.captured', reference: payment } });
  await wire.expect('injectEvent', 202, { path: ACME, body: { kind: 'forged' } });
  const [dead] = await until('a dead letter', async () => {
    const letters = (await wire.expect('listDeadLetters', 200)) as unknown as { id: string }[];
    return letters.length > 1 ? letters : undefined;
  });
  const [delivery] = (await wire.expect('listDeliveries', 200)) as unknown as { id: string }[];
  const id = delivery?.id ?? '';
  await wire.expect('replayDelivery', 202, { path: { id }, body: { mode: 'once' } });
  await wire.expect('replayDeadLetter', 202, { path: { id: dead?.id } });
  await wire.expect('replayDeadLetters', 202, { body: {} });
  return { id: [id], with: [id] };
}

async function playMoney(
  wire: Wire,
  world: SimulatorWorld,
  { payment, waiting }: { payment: string; waiting: string },
): Promise<void> {
  const [challenge] = (await wire.expect('listChallenges', 200)) as unknown as { id: string }[];
  const path = { id: challenge?.id };
  await wire.expect('playCardholder', 200, { path, body: { action: 'approve' } });
  await wire.expect('playCardholder', 409, { path, body: { action: 'approve' } });
  await wire.expect('expirePayment', 409, { path: { ...ACME, psp_reference: payment } });
  assert.ok(waiting);
  const open = await pay(world, 'tok_3ds_declined');
  await wire.expect('expirePayment', 200, { path: { ...ACME, psp_reference: open } });
  const disputed = await pay(world, 'tok_mastercard');
  const dispute = await wire.expect('openDispute', 201, { path: ACME, body: { payment: disputed } });
  await wire.expect('openDispute', 409, { path: ACME, body: { payment: disputed } });
  const move: Call = { path: { ...ACME, psp_reference: dispute['psp_reference'] }, body: { action: 'won' } };
  await wire.expect('moveDispute', 200, move);
  await wire.expect('moveDispute', 409, move);
  const payout = await pay(world, 'tok_payout_ok', '/payouts', { destination_token: 'tok_payout_ok' });
  const settle = (outcome: string): Call => ({ path: { ...ACME, psp_reference: payout }, body: { outcome } });
  const { status } = await wire.call('settlePayout', settle('paid'));
  if (status !== 200) await wire.expect('settlePayout', 200, settle('returned'));
  await wire.expect('settlePayout', 409, settle('failed'));
}

async function playSettlement(wire: Wire): Promise<Hints> {
  const [closed] = (await wire.expect('closeSettlement', 201, { path: ACME })) as unknown as {
    batch: string;
    files: { name: string }[];
  }[];
  const path = { ...ACME, batch: closed?.batch };
  const file = closed?.files[0]?.name ?? '';
  await wire.expect('getSettlement', 200, { path });
  await wire.expect('downloadSettlementFile', 200, { path: { ...path, file } });
  return { batch: [closed?.batch], file: [file] };
}

async function playFaultsAndRuns(wire: Wire): Promise<void> {
  const fault = await wire.expect('addFault', 201, { body: { fault: 'outage', operation: 'create-payout' } });
  await wire.expect('healFault', 204, { path: { id: fault['id'] } });
  const run = { run_id: 'job-1', clock: { kind: 'manual' } };
  await wire.expect('openRun', 201, { body: run });
  await wire.expect('openRun', 409, { body: run });
  await wire.expect('endRun', 204, { path: { run_id: 'job-1' } });
  await wire.expect('endRun', 409, { path: { run_id: 'default' } });
  await wire.expect('advanceClock', 409, { body: { ms: 1 } });
  // A run whose clock stands still until it is told.
  const manual = await openSimulator();
  try {
    const other = wire.at(manual.controlUrl, null);
    const opened = await other.expect('openRun', 201, { body: { run_id: 'still', clock: { kind: 'manual' } } });
    await wire.at(String(opened['control_url']), null).expect('advanceClock', 200, { body: { by: 'P1D' } });
  } finally {
    await manual.close();
  }
}

/** A body above the limit, a page of another origin, and a simulator that asks for its token. */
export async function playKeptOut(wire: Wire, hints: Hints): Promise<void> {
  const guarded = await openSimulator({ control: { token: 'the token of this test' } });
  try {
    const closed = wire.at(guarded.controlUrl, null);
    for (const { id, parameters, answers, takes } of wire.operations) {
      const inPath = parameters.filter((parameter) => parameter.in === 'path');
      const path = Object.fromEntries(inPath.map(({ name }) => [name, (hints[name] ?? ['any'])[0]]));
      if (answers.has(401)) await closed.expect(id, 401, { path });
      if (answers.has(403)) await wire.expect(id, 403, { path, headers: { origin: 'http://elsewhere.example' } });
      const raw = { text: `"${'a'.repeat(2_200_000)}"`, type: 'application/json' };
      if (takes.length > 0) await wire.expect(id, 413, { path, raw });
    }
  } finally {
    await guarded.close();
  }
}
