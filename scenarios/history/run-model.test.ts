/**
 * Goal: the index joins what belongs together, whatever the order, and survives gaps. Method:
 * small histories told by hand; money and time texts by property.
 */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { durationText, minorUnits, money, timeText } from './index.ts';
import { buildRunModel } from './run-model.ts';
import { BENIGN_DEPOSITS } from './test/benign-stories.ts';
import { SoundWorld } from './test/sound-world.ts';
import { iso } from './test/texts.ts';
import { Story } from './test/story.ts';

const INPUT = { n: 1, t: 1000, player: 'player-1', amountMinor: 5000, currency: 'EUR', psp: 'stripe', other: 'adyen' };

describe('index of a history', () => {
  it('hangs operations, books, exchanges, deliveries and entries on their payment', () => {
    const world = new SoundWorld();
    BENIGN_DEPOSITS['plain']?.(world, INPUT);
    const payment = buildRunModel(world.finish()).payments.get('pay_1');
    assert.ok(payment);
    assert.equal(payment.operations.length, 1);
    assert.deepEqual(payment.references, ['att_1']);
    assert.deepEqual(
      payment.books.map((entry) => [entry.psp, entry.last.state]),
      [['stripe', 'captured']],
    );
    assert.equal(payment.exchanges[0]?.outcome, 'answered');
    assert.equal(payment.deliveries[0]?.ackStatus, 200);
    assert.deepEqual(
      payment.entries.map((entry) => [entry.kind, entry.amountMinor, entry.writtenBy]),
      [['deposit_credit', 5000, 2501]],
    );
    assert.equal(payment.final?.status, 'succeeded');
  });

  it('counts tries without an answer as tries of the payment that a later try named', () => {
    const world = new SoundWorld();
    const first = world.ask(10, 'deposit', 'dep-1', 'player-1', 5000, 'EUR');
    world.answer(15_010, first, 'info', { reason: 'timeout' });
    const second = world.ask(20_000, 'deposit', 'dep-1', 'player-1', 5000, 'EUR', { try: 2 });
    world.answer(20_100, second, 'ok', { http_status: 201, payment_id: 'pay_1', txn_id: 't', status: 'pending' });
    const payment = buildRunModel(world.finish()).payments.get('pay_1');
    assert.deepEqual(
      payment?.operations.map((operation) => operation.outcome),
      ['info', 'ok'],
    );
  });

  it('keeps two payments of a PSP under one reference apart', () => {
    const world = new SoundWorld();
    BENIGN_DEPOSITS['plain']?.(world, INPUT);
    world.books(700, 'stripe', 'att_1', 'captured', 5000, 'EUR', { psp_reference: 'other' });
    assert.equal(buildRunModel(world.finish()).payments.get('pay_1')?.books.length, 2);
  });

  it('finds the owner by the PSP reference, and cases by any name of their subject', () => {
    const world = new SoundWorld();
    BENIGN_DEPOSITS['plain']?.(world, INPUT);
    for (const subject of ['pay_1', 'att_1', 'stripe_att_1', 'evt_1'])
      world.openCase(subject, 'amount_mismatch', 'stripe');
    world.openCase('somebody-else', 'unknown_payment', 'stripe');
    const run = buildRunModel(world.finish());
    assert.equal(run.ownerOf('stripe_att_1'), 'pay_1');
    assert.equal(run.payments.get('pay_1')?.cases.length, 4);
  });

  it('takes the first probe that showed an entry where time stamps cannot be mapped', () => {
    const story = new Story();
    const entry = {
      entry_id: 1,
      transfer_id: 'tr_1',
      kind: 'deposit_credit',
      account: 'wallet:p',
      amount: '1.00',
      currency: 'EUR',
      payment_id: 'pay_1',
      created_at: iso(5),
    };
    const probe = { proc: 'probe', type: 'obs' as const, f: 'entries', key: 'p' };
    story.tell(100, { ...probe, value: { player_id: 'p', entries: [entry], phase: 'during' } });
    story.tell(900, { ...probe, value: { player_id: 'p', entries: [entry], phase: 'final' } });
    const [read] = buildRunModel(story.events()).players.get('p')?.entries ?? [];
    assert.equal(read?.writtenBy, 100);
    assert.equal(read?.firstSeen.index, 0);
  });

  it('maps time stamps of a compressed run with slack, never later than they were seen', () => {
    const story = new Story();
    const value = {
      scenario: 's',
      seed: 1,
      driver: 'http',
      version: '0',
      service_clock: { started_at: iso(0), factor: 100 },
    };
    story.tell(0, { proc: 'runner', type: 'note', f: 'run', value });
    const entry = (id: number, t: number): object => ({
      entry_id: id,
      transfer_id: `tr_${id}`,
      kind: 'deposit_credit',
      account: 'wallet:p',
      amount: '1.00',
      currency: 'EUR',
      payment_id: 'pay',
      created_at: iso(t),
    });
    const entries = [entry(1, 1000), entry(2, 9990)];
    story.tell(1_000_000, {
      proc: 'probe',
      type: 'obs',
      f: 'entries',
      key: 'p',
      value: { player_id: 'p', entries, phase: 'final' },
    });
    const written = buildRunModel(story.events())
      .players.get('p')
      ?.entries.map((read) => read.writtenBy);
    assert.deepEqual(written, [1000 * 100 + 250 * 100, 1_000_000]);
  });

  it('reads a history with gaps, unknown events and empty values without failing', () => {
    const events = [
      { i: 0, t: 0, proc: 'x', type: 'note' as const, f: 'unheard-of' },
      { i: 1, t: 1, proc: 'psp:a', type: 'send' as const, f: 'exchange' },
      { i: 2, t: 2, proc: 'courier:a', type: 'drop' as const, f: 'webhook', value: null },
      { i: 3, t: 3, proc: 'player:p', type: 'ok' as const, f: 'deposit', value: 'nonsense' },
    ];
    const run = buildRunModel(events);
    assert.deepEqual(
      [run.exchanges.length, run.deliveries.length, run.operations.length, run.payments.size],
      [0, 0, 0, 0],
    );
  });
});

describe('money and time in words', () => {
  it('survives the way from minor units to text and back in any currency', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: -1e12, max: 1e12 }),
        fc.constantFrom('EUR', 'JPY', 'KWD', 'CLF'),
        (minor, currency) => {
          const [text = '', unit] = money(minor, currency).split(' ');
          assert.equal(unit, currency);
          assert.equal(minorUnits(text, currency), minor);
        },
      ),
    );
  });

  it('refuses what is not an amount instead of guessing', () => {
    for (const text of ['', 'NaN', '1,00', '1.005', '0.5', '1e3', '--1']) {
      const expected = text === '0.5' ? 50 : null;
      assert.equal(minorUnits(text, 'EUR'), expected, text);
    }
    assert.equal(minorUnits('5.1', 'JPY'), null);
  });

  it('writes scenario times and lengths of time as a person would', () => {
    assert.equal(timeText(125_350), '0:02:05.350');
    assert.equal(timeText(93_600_000), '1d 02:00:00');
    assert.equal(timeText(0), '0:00:00');
    assert.equal(durationText(420), '420 ms');
    assert.equal(durationText(200_000), '3 min 20 s');
    assert.equal(durationText(259_200_000), '72 h');
  });
});
