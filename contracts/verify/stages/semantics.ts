/** What a pact cannot say: what happens when a call is made twice, at once, about nothing, or without credentials. */
import { fail, pass, unknown, type Check, type Finding } from '../check.ts';
import { at, type Refusal } from '../dialects/dialect.ts';
import type { Answer, Call } from '../exchange.ts';
import { isTaken, keyOf, makeCall, paymentCall, show, type Made, type World } from '../world.ts';

type Probe = (world: World) => Promise<Finding>;

const CONFLICTS: readonly number[] = [409, 425, 429];

function probe(id: string, title: string, why: string, run: Probe): Check<World> {
  return { id: `semantics.${id}`, stage: 'semantics', title, why, run };
}

const payment = (world: World, name: string, amountMinor = 5_000): Promise<Made> =>
  makeCall(world, paymentCall(world, name, { amountMinor }), { key: keyOf(world, name) });
const idIn = ({ config }: World, { json }: Answer): string | undefined => config.dialect.idOf(json);

export function semanticsChecks(dialect: string): Check<World>[] {
  return [
    probe(
      'payment',
      'an ordinary payment of 50.00 EUR is taken',
      'Every other probe begins with one.',
      async (world) => {
        const { answer, curl } = await payment(world, 'plain');
        return isTaken(answer) && idIn(world, answer) !== undefined
          ? pass()
          : fail('2xx with an id', show(answer), curl);
      },
    ),
    probe(
      'money',
      'amount and currency stand on the wire as documented',
      'An amount of another type or unit, or a currency in another case, is another amount to a program.',
      money,
    ),
    probe(
      'same-key-one-payment',
      'the same call under the same key makes one payment',
      'After a lost answer we call again; a second payment would charge the player twice.',
      async (world) => {
        const { first, second } = await twice(world, 'repeat');
        if (!isTaken(first.answer)) return unknown(`the first call was answered ${show(first.answer)}`);
        const [one, other] = [idIn(world, first.answer), idIn(world, second.answer)];
        return one === other ? pass() : fail(`the payment ${one}`, show(second.answer), second.curl);
      },
    ),
    probe(
      'same-key-same-answer',
      'a repeated call is answered as the first one was',
      'We act on the answer: another amount or status would be booked instead of the true one.',
      sameAnswer,
    ),
    probe(
      'same-key-other-body',
      'the same key with another body is handled as documented',
      'A key of ours that belongs to something else must never make a payment silently.',
      otherBody,
    ),
    probe(
      'other-key-other-payment',
      'another key makes another payment',
      'Two deposits of the same amount are two deposits.',
      async (world) => {
        const [one, other] = [
          await payment(world, 'one'),
          await makeCall(world, paymentCall(world, 'one'), { key: keyOf(world, 'other') }),
        ];
        if (!isTaken(one.answer) || !isTaken(other.answer))
          return fail('two payments', `${show(one.answer)}; ${show(other.answer)}`, other.curl);
        return idIn(world, one.answer) === idIn(world, other.answer)
          ? fail('two ids', String(idIn(world, one.answer)), other.curl)
          : pass();
      },
    ),
    probe(
      'in-flight',
      'two calls at once under one key make one payment',
      'A call that we gave up on may still be at work when we repeat it.',
      inFlight,
    ),
    probe(
      'unknown-id',
      'an id that was never given out is refused as documented',
      'Only a clear no proves that a payment was never made; anything else keeps it in doubt.',
      async (world) => {
        const { dialect: wire, credentials } = world.config;
        return refusal(await makeCall(world, wire.unknownId.call(credentials)), wire.unknownId);
      },
    ),
    probe(
      'no-credentials',
      'a payment without credentials is refused',
      'A sandbox that lets anybody in has not checked ours either.',
      async (world) => {
        const made = await makeCall(world, paymentCall(world, 'anonymous'), {
          key: keyOf(world, 'anonymous'),
          anonymous: true,
        });
        return refusal(made, world.config.dialect.noCredentials);
      },
    ),
    probe('amount-zero', 'an amount of zero is refused', 'A payment of nothing would be credited as one.', (world) =>
      refused(world, 'zero', { amountMinor: 0 }),
    ),
    probe('amount-negative', 'a negative amount is refused', 'It would take money from the PSP, or from us.', (world) =>
      refused(world, 'negative', { amountMinor: -5_000 }),
    ),
    probe(
      'currency-malformed',
      'a currency that is none is refused',
      'The amount would be read in a currency that somebody guessed.',
      (world) => refused(world, 'currency', { currency: 'EU' }),
    ),
    probe(
      'currency-unknown',
      'a currency that does not exist (ZZZ) is refused as documented',
      'Nobody knows its decimals: the amount would be a hundred times more or less to one of us.',
      async (world) => {
        const made = await makeCall(world, paymentCall(world, 'zzz', { currency: 'ZZZ' }), {
          key: keyOf(world, 'zzz'),
        });
        return refusal(made, world.config.dialect.unknownCurrency);
      },
    ),
    ...(dialect === 'open-banking' ? signedRequests() : []),
  ];
}

async function money(world: World): Promise<Finding> {
  const { dialect, patienceMs } = world.config;
  const made = await payment(world, 'plain');
  const id = idIn(world, made.answer);
  if (!isTaken(made.answer) || id === undefined) return unknown(`the payment was answered ${show(made.answer)}`);
  const giveUpAt = world.clock.elapsed() + patienceMs;
  for (;;) {
    const seen = dialect.read === undefined ? made : await makeCall(world, dialect.read(id));
    const got = [at(seen.answer.json, dialect.money.amount), at(seen.answer.json, dialect.money.currency)];
    const shown = (values: readonly unknown[]): string =>
      `${dialect.money.amount} ${JSON.stringify(values[0]) ?? 'missing'}, ${dialect.money.currency} ${JSON.stringify(values[1]) ?? 'missing'}`;
    if (JSON.stringify(got) === JSON.stringify(dialect.money.expected)) return pass();
    if (dialect.read === undefined || world.clock.elapsed() >= giveUpAt)
      return fail(shown(dialect.money.expected), shown(got), seen.curl);
    await world.clock.sleep(250);
  }
}

async function twice(world: World, name: string): Promise<{ first: Made; second: Made }> {
  const first = await payment(world, name);
  return { first, second: await payment(world, name) };
}

async function sameAnswer(world: World): Promise<Finding> {
  const { first, second } = await twice(world, 'replay');
  if (!isTaken(first.answer)) return unknown(`the first call was answered ${show(first.answer)}`);
  const { replay, idOf, money: where } = world.config.dialect;
  // Where the latest state is shown, status and times may have moved on; id and money may not.
  const essence = ({ status, json }: Answer): string =>
    JSON.stringify(
      replay === 'first-answer' ? [status, json] : [idOf(json), at(json, where.amount), at(json, where.currency)],
    );
  return essence(first.answer) === essence(second.answer)
    ? pass()
    : fail(show(first.answer), show(second.answer), second.curl);
}

async function otherBody(world: World): Promise<Finding> {
  const first = await payment(world, 'other-body');
  if (!isTaken(first.answer)) return unknown(`the first call was answered ${show(first.answer)}`);
  const second = await makeCall(world, paymentCall(world, 'other-body', { amountMinor: 5_100 }), {
    key: keyOf(world, 'other-body'),
  });
  const documented = world.config.dialect.otherBody;
  if (documented !== 'first-payment') return refusal(second, documented);
  // Refusing is safer than what is documented, and fine as well.
  const id = idIn(world, first.answer);
  const isSafe = idIn(world, second.answer) === id || (second.answer.status >= 400 && second.answer.status < 500);
  return isSafe ? pass() : fail(`the payment ${id}, or a refusal`, show(second.answer), second.curl);
}

async function inFlight(world: World): Promise<Finding> {
  const made = await Promise.all([payment(world, 'flight'), payment(world, 'flight')]);
  const strange = made.find(
    ({ answer }) => !isTaken(answer) && !CONFLICTS.includes(answer.status) && answer.status !== 422,
  );
  if (strange !== undefined) return fail('the payment, or a conflict (409)', show(strange.answer), strange.curl);
  const ids = new Set(made.filter(({ answer }) => isTaken(answer)).map(({ answer }) => idIn(world, answer)));
  return ids.size === 1 ? pass() : fail('one payment', `${ids.size}: ${[...ids].join(', ')}`, made[0]?.curl);
}

async function refused(
  world: World,
  name: string,
  wish: { amountMinor?: number; currency?: string },
): Promise<Finding> {
  const made = await makeCall(world, paymentCall(world, name, wish), { key: keyOf(world, name) });
  const { status } = made.answer;
  return status >= 400 && status < 500 ? pass() : fail('a refusal (4xx)', show(made.answer), made.curl);
}

function refusal({ answer, curl }: Made, { statuses, code }: Refusal): Finding {
  const expected = `status ${statuses.join(' or ')}${code === undefined ? '' : ` with ${code[0]} ${JSON.stringify(code[1])}`}`;
  const hasCode = code === undefined || at(answer.json, code[0]) === code[1];
  return statuses.includes(answer.status) && hasCode ? pass() : fail(expected, show(answer), curl);
}

function signedRequests(): Check<World>[] {
  const altered = (name: string, alter: (call: Call) => Call) => async (world: World) =>
    refusal(await makeCall(world, paymentCall(world, name), { key: keyOf(world, name), alter }), { statuses: [401] });
  return [
    probe(
      'unsigned-request',
      'a request without a signature is refused',
      'A stolen token alone must not move money.',
      altered('unsigned', (call) => ({
        ...call,
        headers: Object.fromEntries(
          Object.entries(call.headers).filter(([name]) => name.toLowerCase() !== 'tl-signature'),
        ),
      })),
    ),
    probe(
      'altered-request',
      'a request that was changed after it was signed is refused',
      'Whoever stands between us must not be able to change amount or account.',
      altered('altered', (call) => ({ ...call, body: (call.body ?? '').replace('5000', '4000') })),
    ),
  ];
}
