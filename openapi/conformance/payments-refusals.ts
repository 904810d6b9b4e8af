/** What the service refuses whatever the operation: no key, no scope, too often, too large, no database. */
import assert from 'node:assert/strict';
import { depositOf, freshKey } from './payments-scenes.ts';
import type { Operation } from './api-document.ts';
import { sampleCalls, type Generation } from './generated-calls.ts';
import type { Hints } from './valid-values.ts';
import type { Call, Wire } from './wire.ts';
import { HURRIED_KEY, openService, PLATFORM_KEY, POWERLESS_KEY } from './world.ts';

/** Above the service's limit of a JSON body. */
const TOO_LARGE = `"${'a'.repeat(1_100_000)}"`;
const JSON_TYPE = 'application/json';
const FILE_TYPE = 'application/octet-stream';
/** A number that no card has, of a form that all have. */
const CARD_NUMBER = '4111111111111111';

/** A call that fits as far as its address and headers go. */
function bareCall({ parameters }: Operation, hints: Hints): Call {
  const inPath = parameters.filter((parameter) => parameter.in === 'path');
  const asked = parameters.filter((parameter) => parameter.in === 'query' && parameter.required);
  const values = (list: typeof parameters): Record<string, unknown> =>
    Object.fromEntries(list.map(({ name }) => [name, (hints[name] ?? ['any'])[0]]));
  return { path: values(inPath), query: values(asked), ...freshKey() };
}

export async function playRefusals(wire: Wire, hints: Hints): Promise<void> {
  for (const operation of wire.operations) {
    const { id, security, answers, takes } = operation;
    const call = bareCall(operation, hints);
    if (answers.has(422)) await wire.expect(id, 422, { ...call, headers: { ...call.headers, 'x-note': CARD_NUMBER } });
    if (takes.includes(JSON_TYPE)) await wire.expect(id, 413, { ...call, raw: { text: TOO_LARGE, type: JSON_TYPE } });
    if (security === 'none') continue;
    await wire.expect(id, 401, { ...call, authorization: null });
    await wire.expect(id, 403, { ...call, authorization: `Bearer ${POWERLESS_KEY}` });
    if (takes.length > 0) await wire.expect(id, 415, { ...call, raw: { text: 'a=b', type: 'text/plain' } });
    const hurried = { ...call, authorization: `Bearer ${HURRIED_KEY}` };
    await wire.call(id, hurried);
    await wire.expect(id, 429, hurried);
  }
  await playWithoutPlatform(wire);
}

/** A service that tells nobody, and takes one webhook a minute. */
async function playWithoutPlatform(known: Wire): Promise<void> {
  const world = await openService({ events: undefined as never, limits: { webhooksPerPsp: 1 } });
  try {
    const wire = known.at(world.service.url, `Bearer ${PLATFORM_KEY}`);
    await wire.expect('initPayment', 201, depositOf());
    await wire.expect('replayEvent', 409, { path: { event_id: 'any' } });
    await wire.expect('replayEvents', 409, { body: { since: '2026-01-01T00:00:00.000Z', only: 'dead' } });
    await wire.expect('resumeEventEndpoint', 409);
    const webhook: Call = { path: { psp: 'acme' }, raw: { text: '{}', type: JSON_TYPE }, authorization: null };
    await wire.call('receiveWebhook', webhook);
    await wire.expect('receiveWebhook', 429, webhook);
  } finally {
    await world.close();
  }
}

/** Each operation that reads or writes says so, and none calls it a defect; those that do neither go on. */
export async function playWithoutDatabase(wire: Wire, generation: Generation): Promise<void> {
  for (const operation of wire.operations) {
    const isFile = operation.takes.includes(FILE_TYPE);
    const raw = isFile ? { raw: { text: 'booked_at,amount,currency,text\n', type: FILE_TYPE } } : {};
    // Some of what fits is refused before the database is asked.
    for (const call of sampleCalls(operation, generation)) {
      const { status } = await wire.call(operation, { ...call, ...raw });
      assert.notEqual(status, 500, operation.id);
      if (status === 503 || operation.parameters.length + operation.takes.length === 0) break;
    }
  }
}
