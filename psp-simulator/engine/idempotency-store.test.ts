import assert from 'node:assert/strict';
import { PspProblem } from '../core/problem.ts';
import type { IdempotencyRules, PspAnswer, PspRequest } from '../dialects/dialect.ts';
import { IdempotencyStore } from './idempotency-store.ts';
import type { KeyUse } from './idempotency-store.ts';

const LIFE_MS = 1_000;
const ANSWER: PspAnswer = { status: 201, headers: {}, body: '{}' };

const rules: IdempotencyRules = {
  keyHeader: 'idempotency-key',
  methods: ['POST'],
  required: false,
  maxKeyLength: 8,
  scope: (request) => request.path,
  fingerprint: (request) => request.rawBody.toString(),
  otherBody: 'refuse',
  keeps: () => true,
  replayHeaders: {},
  answerHeaders: () => ({}),
};

function post(key: string | undefined, body = 'a', path = '/payments', method = 'POST'): PspRequest {
  return {
    method,
    path,
    query: new URLSearchParams(),
    headers: key === undefined ? {} : { 'idempotency-key': key },
    rawBody: Buffer.from(body),
  };
}

function openStore(overrides: Partial<IdempotencyRules> = {}) {
  const clock = { nowMs: 0 };
  return { clock, store: new IdempotencyStore({ now: () => clock.nowMs }, { ...rules, ...overrides }) };
}

function keep(use: KeyUse): void {
  assert.equal(use.kind, 'first');
  if (use.kind === 'first') use.keep(ANSWER);
}

function problemCode(work: () => unknown): string {
  try {
    work();
    return 'none';
  } catch (error) {
    assert.ok(error instanceof PspProblem);
    return error.code;
  }
}

describe('IdempotencyStore', () => {
  it("replays the kept answer, until the key's life ends to the millisecond", () => {
    const { store, clock } = openStore();
    keep(store.use(post('k'), LIFE_MS));
    clock.nowMs = LIFE_MS - 1;
    assert.equal(store.use(post('k'), LIFE_MS).kind, 'replay');
    clock.nowMs = LIFE_MS;
    assert.equal(store.use(post('k'), LIFE_MS).kind, 'first');
  });

  it('keeps a key with a longer life through the sweeps that shorter ones cause', () => {
    const { store, clock } = openStore();
    keep(store.use(post('long', 'a', '/captures'), 10 * LIFE_MS));
    clock.nowMs = 2 * LIFE_MS;
    for (let number = 0; number < 2_000; number += 1) store.use(post(`k${number}`), LIFE_MS);
    assert.equal(store.use(post('long', 'a', '/captures'), 10 * LIFE_MS).kind, 'replay');
  });

  it('says in flight until the first use is kept or released', () => {
    const { store } = openStore();
    const first = store.use(post('k'), LIFE_MS);
    assert.equal(
      problemCode(() => store.use(post('k'), LIFE_MS)),
      'idempotency-in-flight',
    );
    if (first.kind === 'first') first.release();
    assert.equal(store.use(post('k'), LIFE_MS).kind, 'first');
  });

  it('does not let a late release drop an answer that was kept', () => {
    const { store } = openStore();
    const first = store.use(post('k'), LIFE_MS);
    keep(first);
    if (first.kind === 'first') first.release();
    assert.equal(store.use(post('k'), LIFE_MS).kind, 'replay');
  });

  it('refuses another body, or replays it where the PSP does', () => {
    const refusing = openStore().store;
    keep(refusing.use(post('k'), LIFE_MS));
    assert.equal(
      problemCode(() => refusing.use(post('k', 'b'), LIFE_MS)),
      'idempotency-other-body',
    );
    const replaying = openStore({ otherBody: 'replay' }).store;
    keep(replaying.use(post('k'), LIFE_MS));
    assert.equal(replaying.use(post('k', 'b'), LIFE_MS).kind, 'replay');
  });

  it('keeps scopes apart', () => {
    const { store } = openStore();
    keep(store.use(post('k'), LIFE_MS));
    assert.equal(store.use(post('k', 'a', '/payouts'), LIFE_MS).kind, 'first');
  });

  it('ignores the header on other methods, and refuses a missing or overlong key', () => {
    const { store } = openStore({ required: true });
    assert.equal(store.use(post('k', '', '/payments', 'GET'), LIFE_MS).kind, 'none');
    assert.equal(
      problemCode(() => store.use(post(undefined), LIFE_MS)),
      'idempotency-key-missing',
    );
    assert.equal(
      problemCode(() => store.use(post('123456789'), LIFE_MS)),
      'idempotency-key-invalid',
    );
  });

  it('remembers the newest keys only, however long their life is', () => {
    const most = 5;
    const store = new IdempotencyStore({ now: () => 0 }, rules, most);
    const kindOf = (n: number): string => {
      const use = store.use(post(`k${n}`), LIFE_MS);
      if (use.kind === 'first') use.keep(ANSWER);
      return use.kind;
    };
    for (let n = 0; n <= most * 2; n += 1) assert.equal(kindOf(n), 'first');
    for (let n = most * 2; n > most; n -= 1) assert.equal(kindOf(n), 'replay');
    assert.equal(kindOf(0), 'first');
  });
});
