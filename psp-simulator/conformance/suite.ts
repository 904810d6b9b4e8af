/**
 * The conformance suite that every dialect passes: the same questions, asked in each PSP's own
 * wire format by its probe, and answered by the books. What a PSP does not have is declared by
 * the probe and asked of nobody.
 */
import assert from 'node:assert/strict';
import { DIALECTS } from '../dialects/index.ts';
import { moneyBackChecks } from './checks/money-back.ts';
import { payerChecks } from './checks/payer.ts';
import { paymentChecks } from './checks/payments.ts';
import { readingChecks } from './checks/reading.ts';
import { repeatChecks } from './checks/repeats.ts';
import { wireChecks } from './checks/wire.ts';
import type { Play } from './play.ts';
import type { DialectProbe } from './probe.ts';
import { openStage } from './stage.ts';
import type { Stage } from './stage.ts';

export function conformanceSuite(probe: DialectProbe): void {
  const dialect = DIALECTS[probe.dialect];
  assert.ok(dialect, `there is no dialect ${probe.dialect}`);

  describe(`conformance of ${probe.dialect}`, () => {
    let stage: Stage;
    beforeEach(async () => {
      stage = await openStage(probe);
    });
    afterEach(() => stage.close());

    const play: Play = {
      probe,
      dialect,
      get stage() {
        return stage;
      },
      offersCard: (card) => probe.cardsNotOffered[card] === undefined,
      open: async (profile) => {
        await stage.close();
        stage = await openStage(probe, profile);
      },
      settle: async () => {
        await stage.bench.pass(10_000);
      },
      key: () => `key-${stage.session.next()}`,
      afterReturn: (payment, returned) =>
        probe.afterReturn(stage.session, payment, returned, `after-${stage.session.next()}`),
      payByPage: async (card, action, more = {}) => {
        const payment = await stage.pay(card, more);
        assert.equal(payment.state, 'requires_action', payment.answer.text);
        return play.afterReturn(payment, await stage.act(payment, action));
      },
    };
    paymentChecks(play);
    payerChecks(play);
    moneyBackChecks(play);
    readingChecks(play);
    repeatChecks(play);
    wireChecks(play);
  });
}
