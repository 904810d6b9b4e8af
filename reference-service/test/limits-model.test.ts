/**
 * A model of limits beside the real service: players set, lower, raise and remove limits, deposit
 * in every way, exclude themselves, and time passes. The model knows only lists of what happened;
 * it must agree with every answer, and what is accepted never exceeds a limit that is in force.
 */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { LIMIT_PERIODS, periodWindow, type LimitPeriod } from '../domain/limits/period.ts';
import { FakePsp } from './fake-psp.ts';
import { closeSharedDatabase, startVirtualService, type VirtualService } from './virtual-service.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

after(closeSharedDatabase);

interface ModelDeposit {
  id: string;
  attemptId: string;
  amount: number;
  at: number;
  state: 'counts' | 'released' | 'challenged';
}

class Model {
  readonly deposits: ModelDeposit[] = [];
  /** What was wished for and when, by period, oldest first. */
  readonly wishes: Record<LimitPeriod, { at: number; amount: number | null }[]> = { day: [], week: [], month: [] };
  coolOffUntil = 0;

  /** What all wishes so far leave in force: lower ones at once, higher ones a day after they were first made. */
  limit(period: LimitPeriod, now: number): number {
    let inForce = Infinity;
    let raises: { amount: number; from: number }[] = [];
    const settle = (at: number): void => {
      const [raise] = raises;
      if (raise === undefined || raise.from > at) return;
      inForce = raise.amount;
      raises = [];
    };
    for (const wish of this.wishes[period]) {
      settle(wish.at);
      const amount = wish.amount ?? Infinity;
      if (amount <= inForce) [inForce, raises] = [amount, []];
      else if (raises[0]?.amount !== amount) raises = [{ amount, from: wish.at + DAY }];
    }
    settle(now);
    return inForce;
  }

  used(period: LimitPeriod, now: number): number {
    const { startsAt } = periodWindow(period, now);
    return this.deposits
      .filter(({ at, state }) => at >= startsAt && state !== 'released')
      .reduce((sum, { amount }) => sum + amount, 0);
  }

  fits(amount: number, now: number): boolean {
    return LIMIT_PERIODS.every((period) => this.used(period, now) + amount <= this.limit(period, now));
  }
}

interface Real {
  service: VirtualService;
  alpha: FakePsp;
}

type Command = fc.AsyncCommand<Model, Real>;

const euros = (minor: number): string => (minor / 100).toFixed(2);

const setLimit = (period: LimitPeriod, amount: number | null): Command => ({
  check: () => true,
  async run(model, { service }) {
    const body = { currency: 'EUR', [period]: amount === null ? null : euros(amount) };
    model.wishes[period].push({ at: service.clock.now(), amount });
    const answer = await service.request('PUT', '/v1/players/player-1/limits', body);
    assert.equal(answer.status, 200);
    for (const limit of answer.body['limits'] as { period: LimitPeriod; amount: string | null; used: string }[]) {
      const expected = model.limit(limit.period, service.clock.now());
      assert.equal(limit.amount, expected === Infinity ? null : euros(expected), `${limit.period} in force`);
      assert.equal(limit.used, euros(model.used(limit.period, service.clock.now())), `${limit.period} used`);
    }
  },
  toString: () => `set ${period} to ${amount === null ? 'none' : euros(amount)}`,
});

const TOKENS = { accepted: 'card_ok', declined: 'card_declined', challenged: 'card_3ds' } as const;

const deposit = (amount: number, kind: keyof typeof TOKENS): Command => ({
  check: () => true,
  async run(model, { service }) {
    const at = service.clock.now();
    const fits = model.fits(amount, at);
    const excluded = at < model.coolOffUntil;
    const answer = await service.deposit({ amount: euros(amount), payment_token: TOKENS[kind] });
    if (excluded) {
      assert.deepEqual([answer.status, answer.body['error']], [403, 'self_excluded']);
      return;
    }
    if (!fits) {
      assert.deepEqual([answer.status, answer.body['error']], [422, 'limit_exceeded']);
      return;
    }
    assert.equal(answer.status, kind === 'declined' ? 402 : 201);
    const details = kind === 'declined' ? (answer.body['details'] as { payment_id: string }) : answer.body;
    const id = String(details['payment_id' as keyof typeof details]);
    const [attempt] = await service.attempts(id);
    const state = kind === 'declined' ? 'released' : kind === 'challenged' ? 'challenged' : 'counts';
    model.deposits.push({ id, attemptId: attempt?.attempt_id ?? '', amount, at, state });
    for (const period of LIMIT_PERIODS)
      assert.ok(model.used(period, at) <= model.limit(period, at), `${period} is exceeded`);
  },
  toString: () => `deposit ${euros(amount)} ${kind}`,
});

/** The player fails or passes a challenge that still waits. */
const answerChallenge = (which: number, passes: boolean): Command => ({
  check: (model) => model.deposits.some(({ state }) => state === 'challenged'),
  async run(model, { service, alpha }) {
    const open = model.deposits.filter(({ state }) => state === 'challenged');
    const one = open[which % open.length] as ModelDeposit;
    const book = alpha.books.get(one.attemptId);
    assert.ok(book);
    book.state = passes ? 'captured' : 'declined';
    await service.webhook('alpha', alpha.event(one.attemptId, passes ? 'succeeded' : 'failed'));
    await service.pass(1_000);
    one.state = passes ? 'counts' : 'released';
    const status = (await service.payment(one.id))['status'];
    assert.equal(status, passes ? 'succeeded' : 'declined');
  },
  toString: () => `challenge ${which} ${passes ? 'passed' : 'failed'}`,
});

const coolOff = (hours: number): Command => ({
  check: () => true,
  async run(model, { service }) {
    const until = service.clock.now() + hours * HOUR;
    const answer = await service.request('PUT', '/v1/players/player-1/cool-off', {
      until: new Date(until).toISOString(),
    });
    const isShorter = service.clock.now() < model.coolOffUntil && until < model.coolOffUntil;
    assert.equal(answer.status, isShorter ? 409 : 200);
    if (!isShorter) model.coolOffUntil = until;
  },
  toString: () => `cool off for ${hours} h`,
});

/** Challenges that nobody answered are given up on the way. */
const pass = (minutes: number): Command => ({
  check: () => true,
  async run(model, { service }) {
    await service.pass(minutes * MINUTE);
    for (const one of model.deposits.filter(({ state }) => state === 'challenged')) {
      const status = (await service.payment(one.id))['status'];
      assert.ok(status === 'pending' || status === 'canceled', String(status));
      if (status === 'canceled') one.state = 'released';
    }
  },
  toString: () => `pass ${minutes} min`,
});

describe('limits under a model', function () {
  it('agree with it in every answer, and are never exceeded by what was accepted', async () => {
    const amount = fc.constantFrom(1_000, 2_000, 5_000, 10_000, 20_000, 40_000);
    const commands = fc.commands(
      [
        fc
          .tuple(fc.constantFrom(...LIMIT_PERIODS), fc.option(amount, { nil: null }))
          .map((given) => setLimit(...given)),
        fc.tuple(fc.constantFrom(...LIMIT_PERIODS), amount).map((given) => setLimit(...given)),
        fc
          .tuple(amount, fc.constantFrom('accepted', 'accepted', 'declined', 'challenged'))
          .map(([minor, kind]) => deposit(minor, kind as keyof typeof TOKENS)),
        amount.map((minor) => deposit(Math.ceil(minor / 4), 'accepted')),
        fc.tuple(fc.nat({ max: 5 }), fc.boolean()).map((given) => answerChallenge(...given)),
        fc.integer({ min: 1, max: 30 }).map(coolOff),
        fc.constantFrom(1, 90, 700, 1_500, 5_000, 12_000).map(pass),
      ],
      { maxCommands: 30, size: 'max' },
    );
    await fc.assert(
      fc.asyncProperty(commands, async (list) => {
        const alpha = new FakePsp('alpha');
        const service = await startVirtualService({ psps: [alpha] });
        try {
          await fc.asyncModelRun(() => ({ model: new Model(), real: { service, alpha } }), list);
          assert.deepEqual(
            service.log.filter((line) => line['level'] === 'error'),
            [],
          );
        } finally {
          await service.stop();
        }
      }),
      { numRuns: 25 },
    );
  });
});
