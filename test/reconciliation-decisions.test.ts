/**
 * Around the matching: how people end what it found, each way by a transfer of its own; who had a
 * case and what was said of it; what payments brought and cost; files that are fetched by the
 * worker; and what came to our bank.
 */
import assert from 'node:assert/strict';
import {
  closeReconciliationDatabase,
  DAY_MS,
  inReconciliationWorld,
  type CaseSeen,
  type ReconciliationWorld,
} from './reconciliation-world.ts';

/** Four lines say less than what was paid: four cases. */
async function withFourCases(work: (world: ReconciliationWorld, cases: CaseSeen[]) => Promise<void>): Promise<void> {
  await inReconciliationWorld('acme', async (world) => {
    await world.fault({ fault: 'settlement-wrong-amount', psp: 'acme', count: 4, with: { factor: 0.9 } });
    for (const amount of ['100.00', '80.00', '60.00', '40.00']) await world.deposit(amount);
    await world.pass(3 * DAY_MS);
    await world.importNew();
    const cases = await world.cases();
    assert.deepEqual(cases.map(({ kind, open_amount: open }) => `${kind} ${open ?? ''}`).sort(), [
      'amount_mismatch 10.00',
      'amount_mismatch 4.00',
      'amount_mismatch 6.00',
      'amount_mismatch 8.00',
    ]);
    assert.equal(await world.clearing(), '-28.00');
    await work(world, cases);
  });
}

const byOpen = (cases: readonly CaseSeen[], open: string): CaseSeen => {
  const found = cases.find(({ open_amount: amount }) => amount === open);
  assert.ok(found);
  return found;
};

describe('a case of reconciliation', function () {
  after(closeReconciliationDatabase);

  it('ends by a transfer of its own: written off, given to the player, corrected, or none', () =>
    withFourCases(async (world, cases) => {
      const decide = (open: string, decision: object) =>
        world.request('POST', `/v1/cases/${byOpen(cases, open).case_id}/resolve`, {
          by: 'ines',
          note: 'checked',
          ...decision,
        });
      const wallet = await world.balance('wallet:player-1');
      const fixed = (before: string, minor: number): string => (Number(before) + minor / 100).toFixed(2);

      assert.equal((await decide('10.00', { action: 'write_off' })).status, 200);
      assert.equal(await world.balance('chargeback_loss'), '-10.00');
      assert.equal(await world.clearing(), '-18.00');

      assert.equal((await decide('8.00', { action: 'accept' })).status, 200);
      assert.equal(await world.clearing(), '-18.00');

      assert.equal((await decide('6.00', { action: 'recredit' })).status, 200);
      assert.equal(await world.balance('wallet:player-1'), fixed(wallet, 600));
      assert.equal(await world.clearing(), '-24.00');

      const accounts = { from: 'suspense', to: 'psp:acme', amount: '1.50', currency: 'EUR' };
      assert.equal((await decide('4.00', { action: 'correct', ...accounts })).status, 200);
      assert.equal(await world.balance('suspense'), '-1.50');
      assert.equal(await world.clearing(), '-22.50');
    }));

  it('is decided once: the same again answers the same, another decision is refused, and nothing more moves', () =>
    withFourCases(async (world, cases) => {
      const { case_id: id } = byOpen(cases, '10.00');
      const decide = (action: string) =>
        world.request('POST', `/v1/cases/${id}/resolve`, { action, by: 'ines', note: 'below what asking costs' });
      const first = await decide('write_off');
      assert.equal(first.status, 200);
      assert.equal(first.body['resolution'], 'write_off');
      const clearing = await world.clearing();
      const again = await decide('write_off');
      assert.equal(again.status, 200);
      assert.equal(again.headers['idempotent-replayed'], 'true');
      for (const action of ['accept', 'recredit']) {
        const other = await decide(action);
        assert.equal(other.status, 409);
        assert.equal(other.body['error'], 'invalid_state');
      }
      assert.equal(await world.clearing(), clearing);
    }));

  it('has an owner and notes, and its history says who did what, in order', () =>
    withFourCases(async (world, cases) => {
      const { case_id: id } = byOpen(cases, '8.00');
      const change = (body: object) => world.request('PATCH', `/v1/cases/${id}`, body);
      const taken = await change({ by: 'ines', owner: 'ines', note: 'mine' });
      assert.equal(taken.status, 200);
      assert.equal(taken.body['owner'], 'ines');
      await world.pass(60_000);
      await change({ by: 'ines', note: 'acme was asked' });
      await change({ by: 'ines', owner: 'omar' });
      await change({ by: 'omar', owner: null });
      await world.request('POST', `/v1/cases/${id}/resolve`, {
        action: 'accept',
        by: 'omar',
        note: 'acme corrects it',
      });
      const { body } = await world.request('GET', `/v1/cases/${id}`);
      assert.equal(body['owner'], null);
      const history = body['history'] as {
        type: string;
        by: string | null;
        note: string | null;
        data?: unknown;
        at: string;
      }[];
      assert.deepEqual(
        history.map(({ type, by, note }) => [type, by, type === 'opened' ? '' : note]),
        [
          ['opened', null, ''],
          ['assigned', 'ines', 'mine'],
          ['noted', 'ines', 'acme was asked'],
          ['assigned', 'ines', null],
          ['assigned', 'omar', null],
          ['resolved', 'omar', 'acme corrects it'],
        ],
      );
      assert.deepEqual(
        history.filter(({ type }) => type === 'assigned').map(({ data }) => data),
        [{ owner: 'ines' }, { owner: 'omar' }, { owner: null }],
      );
      const times = history.map(({ at }) => Date.parse(at));
      assert.deepEqual(
        times,
        [...times].sort((a, b) => a - b),
      );
    }));
});

describe('the margin', function () {
  after(closeReconciliationDatabase);

  it('is what came in by method, what went back, and what it cost', () =>
    inReconciliationWorld('acme', async (world) => {
      const refunded = await world.deposit('100.00');
      await world.deposit('50.00');
      await world.deposit('30.00', 'card_disputed');
      await world.pass(120_000);
      await world.refund(refunded, '20.00');
      // The dispute is opened days after the payment.
      for (let day = 0; day < 60; day += 10) {
        await world.pass(10 * DAY_MS);
        await world.importNew();
      }
      const { body } = await world.request('GET', '/v1/reports/margin?from=2026-01-01&to=2026-04-30');
      const lines = body['lines'] as Record<string, string | number | null>[];
      const sum = (name: string): number =>
        lines.reduce((total, line) => total + Math.round(Number(line[name]) * 100), 0);
      for (const line of lines)
        assert.deepEqual([line['psp'], line['method'], line['currency']], ['acme', 'card', 'EUR']);
      assert.equal(
        lines.reduce((total, line) => total + Number(line['deposit_count']), 0),
        3,
      );
      assert.deepEqual(
        {
          deposits: sum('deposits'),
          refunds: sum('refunds'),
          chargebacks: sum('chargebacks'),
          payouts: sum('payouts'),
        },
        { deposits: 18_000, refunds: 2_000, chargebacks: 3_000, payouts: 0 },
      );
      // 0.6 + 0.2 + 0.1 + 0.1 % and 0.10: 1.10, 0.60 and 0.40; 0.10 for the refund, 15.00 for the dispute.
      assert.equal(sum('fees'), 110 + 60 + 40 + 10 + 1_500);
      assert.equal(await world.balance('fees:acme'), '-17.20');
      assert.deepEqual(
        (await world.cases()).map(({ kind }) => kind),
        ['chargeback'],
      );
    }));
});

describe('files that are fetched', function () {
  after(closeReconciliationDatabase);

  const LIST = 'GET /settlements?';
  const imports = async (world: ReconciliationWorld): Promise<string[]> => {
    const { body } = await world.request('GET', '/v1/reconciliation/imports?limit=100');
    return (body['imports'] as { file_name: string }[]).map(({ file_name: name }) => name);
  };

  for (const services of [1, 2])
    it(`are asked for once a day by ${services === 1 ? 'one process' : 'one of two processes'}, and imported once`, () =>
      inReconciliationWorld(
        'acme',
        async (world) => {
          for (let day = 0; day < 5; day += 1) {
            await world.deposit('50.00');
            await world.pass(DAY_MS);
          }
          await world.pass(DAY_MS);
          const asked = world.asked(LIST);
          assert.ok(asked === 6 || asked === 7, `${asked} times in six days`);
          const names = await imports(world);
          assert.ok(names.length >= 4, names.join());
          assert.equal(new Set(names).size, names.length);
          assert.deepEqual(await world.cases(), []);
          await world.pass(2 * DAY_MS);
          assert.equal(world.asked(LIST), asked + 2);
        },
        { fetchDaily: true, services },
      ));

  it('are asked for again the next day when the PSP is down, back to the last that were had', () =>
    inReconciliationWorld(
      'acme',
      async (world) => {
        await world.deposit('50.00');
        // Asked at the start, before anything is settled, and then on the first day of the outage and the second.
        await world.fault({ fault: 'outage', psp: 'acme', operation: 'read-settlement', count: 2 });
        await world.pass(2.5 * DAY_MS);
        assert.deepEqual(await imports(world), []);
        await world.pass(DAY_MS);
        assert.equal((await imports(world)).length, 1);
        assert.deepEqual(await world.cases(), []);
      },
      { fetchDaily: true },
    ));
});

describe('a statement of our bank in camt.053', function () {
  after(closeReconciliationDatabase);

  interface Credit {
    amount: string;
    text: string;
    at: string;
  }
  const entry = ({ amount, text, at }: Credit): string =>
    `<Ntry><Amt Ccy="EUR">${amount}</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts><BookgDt><Dt>${at}</Dt></BookgDt>` +
    `<BkTxCd><Domn><Cd>PMNT</Cd><Fmly><Cd>RCDT</Cd><SubFmlyCd>ESCT</SubFmlyCd></Fmly></Domn></BkTxCd>` +
    `<NtryDtls><TxDtls><RmtInf><Ustrd>${text}</Ustrd></RmtInf></TxDtls></NtryDtls></Ntry>`;
  const statement = (credits: readonly Credit[]): Buffer =>
    Buffer.from(
      '<?xml version="1.0" encoding="UTF-8"?><Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"><BkToCstmrStmt>' +
        `<Stmt><Id>S1</Id>${credits.map(entry).join('')}</Stmt></BkToCstmrStmt></Document>`,
    );

  it('is held against the settlements: what came, what came short, what never came, what nobody announced', () =>
    inReconciliationWorld('acme', async (world) => {
      for (let day = 0; day < 12; day += 1) {
        if (day < 3) await world.deposit(`${50 + 10 * day}.00`);
        if (day === 9) await world.deposit('95.00');
        await world.pass(DAY_MS);
        await world.importNew();
      }
      const { body } = await world.request('GET', '/v1/reconciliation/settlements');
      const settlements = (body['settlements'] as { batch: string; settled_at: string; transfer: string }[]).reverse();
      assert.equal(settlements.length, 4);
      const [right, short, , last] = settlements;
      assert.ok(right && short && last);
      const day = (at: string): string => at.slice(0, 10);
      const answer = await world.request(
        'POST',
        '/v1/reconciliation/bank-lines?psp=acme&file_name=statement.xml',
        statement([
          // Without a name: by amount and day.
          { amount: right.transfer, text: 'ACME PAYMENTS', at: day(right.settled_at) },
          { amount: (Number(short.transfer) - 1).toFixed(2), text: `ACME ${short.batch}`, at: day(short.settled_at) },
          { amount: '7.77', text: 'ACME GOODWILL', at: day(right.settled_at) },
          { amount: last.transfer, text: `ACME ${last.batch}`, at: day(last.settled_at) },
        ]),
      );
      assert.equal(answer.status, 201, JSON.stringify(answer.body));
      assert.deepEqual((await world.cases()).map(({ kind, open_amount: open }) => `${kind} ${open ?? ''}`).sort(), [
        `short_payout 1.00`,
        `transfer_missing ${settlements[2]?.transfer ?? ''}`,
        'unknown_transfer -7.77',
      ]);
      const known = (await world.request('GET', '/v1/reconciliation/settlements')).body['settlements'] as {
        in_bank: boolean;
      }[];
      assert.deepEqual(known.map(({ in_bank: inBank }) => inBank).reverse(), [true, true, false, true]);
    }));
});
