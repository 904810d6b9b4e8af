/**
 * Goal: whatever the platform sends about game rounds, in any order and however often, each round
 * debits once and credits once, and no money appears or goes. Method: random commands through
 * the API, against a model that knows nothing of databases.
 */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { closeSharedDatabase, startVirtualService, type Answered, type VirtualService } from './virtual-service.ts';

after(closeSharedDatabase);

const FUNDS = 1_000;

interface ModelRound {
  status: 'open' | 'settled' | 'rolled_back';
  player: string;
  debitTxn: string;
  debited: number;
  closeTxn: string | null;
  credited: number | null;
  answers: Map<string, string>;
}

class Model {
  readonly wallets = new Map<string, number>();
  readonly rounds = new Map<string, ModelRound>();
}

interface Real {
  service: VirtualService;
}

type Command = fc.AsyncCommand<Model, Real>;

const minor = (cents: number): string => (cents / 100).toFixed(2);

function movement(direction: 'debit' | 'credit', round: string, player: string, txn: string, cents: number) {
  return (service: VirtualService): Promise<Answered> =>
    service.request('POST', `/v1/wallet/${direction}`, {
      player_id: player,
      payment_id: `game-${round}`,
      txn_id: txn,
      amount: minor(cents),
      currency: 'EUR',
      idempotency_key: txn,
      round_id: round,
    });
}

/** Sends a command, compares the answer with what the model expects, and the model's answer of a repetition with the first. */
class RoundCommand implements Command {
  readonly kind: 'debit' | 'credit' | 'rollback';
  readonly round: string;
  readonly player: string;
  readonly variant: number;
  readonly cents: number;
  constructor(kind: 'debit' | 'credit' | 'rollback', round: string, player: string, variant: number, cents: number) {
    this.kind = kind;
    this.round = round;
    this.player = player;
    this.variant = variant;
    this.cents = cents;
  }
  check(): boolean {
    return true;
  }
  toString(): string {
    return `${this.kind} ${this.round} of ${this.player} #${this.variant} ${minor(this.cents)}`;
  }

  async run(model: Model, { service }: Real): Promise<void> {
    const { kind, round, player, cents } = this;
    // The txn_id says all that it stands for: the same one is always the same request.
    const txn = `${kind}-${round}-${player}-${this.variant}-${cents}`;
    const answer =
      kind === 'rollback'
        ? await service.request('POST', `/v1/rounds/${round}/rollback`, { txn_id: txn, idempotency_key: txn })
        : await movement(kind, round, player, txn, cents)(service);
    const known = model.rounds.get(round);
    const available = model.wallets.get(player) ?? 0;
    const expected = this.expect(model, known, { txn, available });
    assert.equal(answer.status, expected, `${this.toString()}: ${JSON.stringify(answer.body)}`);
    if (answer.status !== 200) return;
    const told = JSON.stringify(answer.body);
    const answers = model.rounds.get(round)?.answers;
    const before = answers?.get(txn);
    if (before !== undefined) {
      assert.equal(told, before, 'a repetition answers something else');
      assert.equal(answer.headers['idempotent-replayed'], 'true');
    }
    answers?.set(txn, told);
  }

  private expect(model: Model, known: ModelRound | undefined, now: { txn: string; available: number }): number {
    const { kind, round, player, cents } = this;
    const { txn, available } = now;
    if (kind === 'debit') {
      if (known !== undefined) return known.debitTxn === txn ? 200 : 409;
      if (available < cents) return 402;
      model.wallets.set(player, available - cents);
      model.rounds.set(round, {
        status: 'open',
        player,
        debitTxn: txn,
        debited: cents,
        closeTxn: null,
        credited: null,
        answers: new Map(),
      });
      return 200;
    }
    if (known === undefined) return kind === 'rollback' ? 404 : 409;
    if (known.closeTxn !== null) return known.closeTxn === txn ? 200 : 409;
    if (kind === 'credit' && known.player !== player) return 409;
    known.closeTxn = txn;
    known.status = kind === 'credit' ? 'settled' : 'rolled_back';
    known.credited = kind === 'credit' ? cents : known.debited;
    model.wallets.set(known.player, (model.wallets.get(known.player) ?? 0) + known.credited);
    return 200;
  }
}

const commands = fc.commands(
  [
    fc
      .record({
        kind: fc.constantFrom(
          'debit' as const,
          'debit' as const,
          'credit' as const,
          'credit' as const,
          'rollback' as const,
        ),
        round: fc.constantFrom('r1', 'r2', 'r3'),
        player: fc.constantFrom('p1', 'p1', 'p2'),
        variant: fc.constantFrom(1, 1, 1, 2),
        cents: fc.constantFrom(300, 300, 800),
        win: fc.constantFrom(0, 0, 500),
      })
      .map(
        ({ kind, round, player, variant, cents, win }) =>
          new RoundCommand(kind, round, player, variant, kind === 'credit' ? win : cents),
      ),
  ],
  { maxCommands: 25 },
);

describe('game rounds', function () {
  this.timeout(300_000);

  it('debit once and credit once under any interleaving and repetition, and conserve money', async () => {
    await fc.assert(
      fc.asyncProperty(commands, async (sequence) => {
        const service = await startVirtualService();
        try {
          const model = new Model();
          for (const player of ['p1', 'p2']) {
            const funds = {
              player_id: player,
              payment_id: 'gift',
              txn_id: `fund-${player}`,
              idempotency_key: `fund-${player}`,
            };
            await service.request('POST', '/v1/wallet/credit', { ...funds, amount: minor(FUNDS), currency: 'EUR' });
            model.wallets.set(player, FUNDS);
          }
          await fc.asyncModelRun(() => ({ model, real: { service } }), sequence);
          for (const [player, cents] of model.wallets) {
            const [purse] = await service.wallet(player);
            assert.equal(purse?.available, minor(cents));
          }
          for (const [id, round] of model.rounds) {
            const { body } = await service.request('GET', `/v1/rounds/${id}`);
            assert.equal(body['status'], round.status);
            assert.equal(body['debited'], minor(round.debited));
            assert.equal(body['credited'], round.credited === null ? null : minor(round.credited));
          }
          const { rows } = await service.knex.raw<{ rows: { sum: string }[] }>(
            'select coalesce(sum(amount_minor), 0) as sum from entry',
          );
          assert.equal(Number(rows[0]?.sum), 0);
        } finally {
          await service.stop();
        }
      }),
      { numRuns: 40 },
    );
  });

  it('are told apart from movements without a round', async () => {
    const service = await startVirtualService();
    try {
      const base = { player_id: 'p1', payment_id: 'g', currency: 'EUR' };
      const post = (path: string, body: object) => service.request('POST', path, { ...base, ...body });
      await post('/v1/wallet/credit', { txn_id: 'fund', idempotency_key: 'fund', amount: '10.00' });
      const bet = { txn_id: 'bet', idempotency_key: 'bet', amount: '1.00' };
      assert.equal((await post('/v1/wallet/debit', { ...bet, round_id: 'r' })).body['round_id'], 'r');
      assert.equal((await post('/v1/wallet/debit', bet)).body['error'], 'txn_conflict');
      const plain = { txn_id: 'plain', idempotency_key: 'plain', amount: '1.00' };
      await post('/v1/wallet/debit', plain);
      assert.equal((await post('/v1/wallet/debit', { ...plain, round_id: 'r2' })).body['error'], 'txn_conflict');
      assert.equal((await service.request('GET', '/v1/rounds/r2')).status, 404, 'nothing of it is left');
      assert.equal((await post('/v1/wallet/credit', { ...plain, amount: '0.00' })).status, 422);
      const poor = { txn_id: 'poor', idempotency_key: 'poor', amount: '99.00', round_id: 'r3' };
      assert.equal((await post('/v1/wallet/debit', poor)).status, 402);
      await post('/v1/wallet/credit', { txn_id: 'more', idempotency_key: 'more', amount: '99.00' });
      assert.equal((await post('/v1/wallet/debit', poor)).status, 200, 'a round that was refused may begin later');
    } finally {
      await service.stop();
    }
  });
});
