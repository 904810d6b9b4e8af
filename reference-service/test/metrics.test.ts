/** Metrics against a model: what is counted and measured is what happened, as far as the API tells of each payment. */
import assert from 'node:assert/strict';
import { createKeyedRandom } from '../../kernel/index.ts';
import { createDatabase } from '../adapters/postgres/unit.ts';
import { MOST_GROUPS } from '../ports/metrics.ts';
import type { LedgerCommand, LedgerPort } from '../ports/ledger.ts';
import { FakePsp } from './fake-psp.ts';
import { closeSharedDatabase, startVirtualService, type VirtualService } from './virtual-service.ts';

after(closeSharedDatabase);

interface Paid {
  country: string | null;
  method: string;
  status: string;
  refunded: boolean;
  seconds: number | null;
}

interface Line {
  group: string | null;
  started: number;
  succeeded: number;
  declined: number;
  open: number;
  conversion: number | null;
  refund_share: number | null;
  seconds: { p50: number | null; p95: number | null };
}

interface Summary {
  deposits: { total: Line; groups: Line[] };
  payouts: { total: { started: number; succeeded: number; review_share: number | null } };
  psps: { psp: string; calls: number; error_rate: number; uptime: number; challenges: number }[];
  cost_per_success: { psp: string; currency: string; succeeded: number; fees: string; per_success: string | null }[];
  kyc_seconds: { count: number; p50: number | null };
}

/** The smallest value that at least this share of the values do not exceed. */
function quantile(values: number[], share: number): number | null {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? null;
}

function model(group: string | null, deposits: readonly Paid[]): Partial<Line> {
  const credited = deposits.filter(({ seconds }) => seconds !== null);
  const open = deposits.filter(({ status }) => status === 'pending').length;
  const ended = deposits.length - open;
  const share = (part: number, whole: number): number | null =>
    whole === 0 ? null : Math.round((part / whole) * 10_000) / 10_000;
  const times = credited.flatMap(({ seconds }) => (seconds === null ? [] : [seconds]));
  return {
    group,
    started: deposits.length,
    succeeded: credited.length,
    declined: deposits.filter(({ status }) => status === 'declined').length,
    open,
    conversion: share(credited.length, ended),
    refund_share: share(credited.filter(({ refunded }) => refunded).length, credited.length),
    seconds: { p50: quantile(times, 0.5), p95: quantile(times, 0.95) },
  };
}

describe('metrics', () => {
  let service: VirtualService;
  let alpha: FakePsp;
  let ledger: LedgerPort;
  const deposits: Paid[] = [];

  before(async function () {
    alpha = new FakePsp('alpha');
    service = await startVirtualService({
      psps: [alpha],
      policy: { payouts: { reviewFrom: { EUR: '40.00' } } },
      parts: (defaults) => {
        ledger = defaults.ledger;
        return {};
      },
    });
    const random = createKeyedRandom('metrics');
    const ids: { id: string; country: string | null; method: string }[] = [];
    for (let turn = 0; turn < 24; turn += 1) {
      const country = random.pick(['DE', 'FI', null], 'country', turn);
      const method = random.pick(['card', 'voucher'], 'method', turn);
      const fate = random.pick(['paid', 'paid', 'refunded', 'declined', 'open'], 'fate', turn);
      const started = await service.deposit({
        method,
        ...(country === null ? {} : { meta: { country, device: 'mobile', bank: `bank-of-${country}` } }),
        payment_token: `${method}_${fate === 'declined' ? 'declined' : 'ok'}`,
      });
      const details = (started.body['details'] ?? started.body) as { payment_id: string };
      ids.push({ id: details.payment_id, country, method });
      if (fate !== 'paid' && fate !== 'refunded') continue;
      await service.pass(random.integer({ min: 100, max: 20_000 }, 'pause', turn));
      const [attempt] = await service.attempts(details.payment_id);
      await service.webhook('alpha', alpha.event(attempt?.attempt_id ?? '', 'succeeded'));
      await service.pass(10);
      if (fate !== 'refunded') continue;
      const path = `/v1/payments/${details.payment_id}/refunds`;
      const body = { amount: '10.00', reason: 'asked for' };
      const refund = await service.request('POST', path, body, { 'idempotency-key': `refund-${turn}` });
      assert.equal(refund.status, 201, JSON.stringify(refund.body));
      await service.pass(60_000);
    }
    for (const { id, country, method } of ids) {
      const payment = (await service.payment(id)) as Record<string, string | null>;
      const [created, credited] = [payment['created_at'] ?? '', payment['credited_at']];
      deposits.push({
        country,
        method,
        status: String(payment['status']),
        refunded: Number(payment['refunded']) > 0,
        seconds:
          credited === null || credited === undefined ? null : (Date.parse(credited) - Date.parse(created)) / 1_000,
      });
    }
  });
  after(() => service.stop());

  const summary = async (query = ''): Promise<Summary> => {
    const answer = await service.request('GET', `/v1/metrics/summary${query}`);
    assert.equal(answer.status, 200, JSON.stringify(answer.body));
    return answer.body as unknown as Summary;
  };
  const picked = (line: Line | undefined): Partial<Line> => {
    const { group, started, succeeded, declined, open, conversion, refund_share, seconds } = line as Line;
    return { group, started, succeeded, declined, open, conversion, refund_share, seconds };
  };

  it('give conversion, durations and shares as a model does, in all and by group', async () => {
    assert.ok(new Set(deposits.map(({ status }) => status)).size >= 3, 'the traffic is too plain to prove anything');
    const byCountry = await summary('?group=country');
    assert.deepEqual(picked(byCountry.deposits.total), model(null, deposits));
    for (const country of ['DE', 'FI', null])
      assert.deepEqual(
        picked(byCountry.deposits.groups.find(({ group }) => group === country)),
        model(
          country,
          deposits.filter((deposit) => deposit.country === country),
        ),
      );
    const byMethod = await summary();
    for (const method of ['card', 'voucher'])
      assert.deepEqual(
        picked(byMethod.deposits.groups.find(({ group }) => group === method)),
        model(
          method,
          deposits.filter((deposit) => deposit.method === method),
        ),
      );
  });

  it('count nothing outside of the window, and refuse one that is none', async () => {
    const empty = await summary('?from=2020-01-01T00:00:00Z&to=2020-01-02T00:00:00Z');
    assert.equal(empty.deposits.total.started, 0);
    assert.equal(empty.deposits.total.conversion, null);
    const wrong = await service.request('GET', '/v1/metrics/summary?from=2020-01-02T00:00:00Z&to=2020-01-01T00:00:00Z');
    assert.equal(wrong.status, 400);
  });

  it('are there for Prometheus, with what this process has seen', async () => {
    const text = await service.text('/metrics', 'text/plain');
    const value = (line: RegExp): number =>
      [...text.matchAll(new RegExp(`^${line.source} (\\S+)$`, 'gm'))].reduce((sum, match) => sum + Number(match[1]), 0);
    const succeeded = deposits.filter(({ seconds }) => seconds !== null).length;
    assert.equal(value(/assay_deposits_total\{[^}]*status="succeeded"\}/), succeeded);
    assert.equal(value(/assay_deposit_duration_seconds_count\{[^}]*\}/), succeeded);
    assert.equal(
      value(/assay_deposits_total\{[^}]*status="declined"\}/),
      deposits.filter(({ status }) => status === 'declined').length,
    );
    for (const country of ['DE', 'FI', 'none']) {
      const ended = (status: string): number =>
        deposits.filter(
          (one) =>
            (one.country ?? 'none') === country &&
            (status === 'declined' ? one.status === status : one.seconds !== null),
        ).length;
      for (const status of ['succeeded', 'declined']) {
        const bank = country === 'none' ? country : `bank-of-${country}`;
        const labels = `",status="${status}"\\}`;
        assert.equal(
          value(new RegExp(`assay_deposits_by_country_total\\{country="${country}${labels}`)),
          ended(status),
        );
        assert.equal(value(new RegExp(`assay_deposits_by_bank_total\\{bank="${bank}${labels}`)), ended(status));
      }
    }
    assert.equal(
      value(/assay_deposits_by_device_total\{device="mobile",status="succeeded"\}/),
      deposits.filter(({ country, seconds }) => country !== null && seconds !== null).length,
    );
    assert.equal(value(/assay_database_up/), 1);
    assert.equal(value(/assay_psp_breaker_state\{psp="alpha",operation="authorize"\}/), 0);
    assert.ok(value(/assay_http_request_duration_seconds_count\{operation="initPayment",status="201"\}/) > 0);
    assert.match(text, /^# HELP assay_open_work /m);
  });

  it('tell how long the check of an identity took, and how the PSP answered', async () => {
    const profile = '/v1/players/player-1/profile';
    assert.equal((await service.request('PUT', profile, { kyc_requested: true })).status, 200);
    await service.pass(3_600_000);
    assert.equal((await service.request('PUT', profile, { kyc_level: 2 })).status, 200);
    await service.pass(1_000);
    const { kyc_seconds: kyc, psps, cost_per_success: cost } = await summary();
    assert.equal(kyc.count, 1);
    assert.match(await service.text('/metrics', 'text/plain'), /^assay_kyc_duration_seconds_count 1$/m);
    assert.ok((kyc.p50 ?? 0) >= 3_600);
    const [psp] = psps;
    assert.equal(psp?.psp, 'alpha');
    assert.ok((psp?.calls ?? 0) >= deposits.length);
    assert.equal(psp?.error_rate, 0);
    assert.equal(psp?.uptime, 1);
    assert.deepEqual(
      cost.map((line) => ({ ...line, succeeded: line.succeeded > 0 })),
      [{ psp: 'alpha', currency: 'EUR', fees: '0.00', succeeded: true, per_success: '0.00' }],
    );
  });

  it('measure a second check of an identity from its own beginning', async () => {
    const profile = '/v1/players/player-1/profile';
    await service.pass(40 * 86_400_000);
    await service.request('PUT', profile, { kyc_requested: true });
    await service.pass(60_000);
    await service.request('PUT', profile, { kyc_level: 3 });
    await service.pass(1_000);
    const { kyc_seconds: kyc } = await summary();
    assert.equal(kyc.count, 1);
    assert.ok((kyc.p50 ?? Infinity) < 120, `${kyc.p50} s`);
  });

  it('tell the share and the time of what a person decides', async () => {
    const ids: unknown[] = [];
    for (const amount of ['45.00', '5.00', '5.00', '50.00']) {
      const { status, body } = await service.payout({ amount });
      assert.equal(status, 201, JSON.stringify(body));
      if (amount !== '5.00') ids.push(body['payout_id']);
    }
    await service.pass(7_200_000);
    await service.request('POST', `/v1/payouts/${String(ids[0])}/approve`, {});
    await service.request('POST', `/v1/payouts/${String(ids[1])}/reject`, {});
    await service.pass(1_000);
    const answer = (await summary()) as Summary & { review_seconds: { count: number; p50: number } };
    assert.deepEqual([answer.payouts.total.started, answer.payouts.total.review_share], [4, 0.5]);
    assert.equal(answer.review_seconds.count, 2);
    assert.ok(answer.review_seconds.p50 >= 7_200);
    const text = await service.text('/metrics', 'text/plain');
    for (const [outcome, count] of Object.entries({ opened: 2, approved: 1, rejected: 1 }))
      assert.match(text, new RegExp(`^assay_reviews_total\\{outcome="${outcome}"\\} ${count}$`, 'm'));
    assert.match(text, /^assay_review_duration_seconds_count 2$/m);
  });

  it('tell what a success cost, from the fees that were booked', async () => {
    const { body } = await service.deposit();
    const [attempt] = await service.attempts(body['payment_id']);
    await service.webhook('alpha', alpha.event(attempt?.attempt_id ?? '', 'succeeded'));
    await service.pass(10);
    const succeeded = (await summary()).cost_per_success[0]?.succeeded ?? 0;
    const feesMinor = 71;
    const fee: LedgerCommand = {
      kind: 'psp_fee',
      paymentId: 'batch-1',
      part: 'fees-EUR',
      playerId: null,
      amountMinor: feesMinor,
      currency: 'EUR',
      psp: 'alpha',
      txnId: null,
      idempotencyKey: null,
    };
    const database = createDatabase(service.knex);
    await service.drive('fee', () => database.transaction((unit) => ledger.post(unit, [fee])));
    await service.pass(1_000);
    const [cost] = (await summary()).cost_per_success;
    const perSuccess = (Math.floor(feesMinor / succeeded) / 100).toFixed(2);
    assert.deepEqual([cost?.fees, cost?.per_success], ['0.71', perSuccess]);
  });

  it('keep the groups of a summary few, whatever banks requests name', async () => {
    await service.pass(2 * 86_400_000);
    const { body } = await service.deposit({ payment_token: 'card_declined', meta: { bank: 'usual' } });
    assert.equal(body['error'], 'declined');
    await service.knex.raw(
      `insert into payment select (json_populate_record(p, json_build_object('id', p.id || n, 'txn_id', p.txn_id || n, 'bank', 'bank-' || n))).*
       from payment p cross join generate_series(1, ?) as n where p.bank = 'usual'`,
      [2 * MOST_GROUPS],
    );
    await service.pass(1_000);
    const { groups, total } = (await summary('?group=bank')).deposits;
    assert.equal(groups.length, MOST_GROUPS + 1);
    const other = groups.find(({ group }) => group === 'other');
    assert.equal(other?.started, MOST_GROUPS + 1);
    assert.equal(
      groups.reduce((sum, { started }) => sum + started, 0),
      total.started,
    );
  });
});
