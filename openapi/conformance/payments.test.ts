/**
 * The running service against openapi/payments.yaml: every operation with bodies from its schemas,
 * every constraint broken once, every documented answer provoked or explained.
 */
import assert from 'node:assert/strict';
import { readOperations } from './api-document.ts';
import { conformanceConfig } from './config.ts';
import { assertAllAnswersSeen, describeOperations, type Suite } from './operation-suite.ts';
import { playRefusals, playWithoutDatabase } from './payments-refusals.ts';
import { playScenes } from './payments-scenes.ts';
import type { Hints } from './valid-values.ts';
import { Wire } from './wire.ts';
import { openService, PLATFORM_KEY, type ServiceWorld } from './world.ts';

const UNPROVOKED: Suite['unprovoked'] = {
  'our fault by definition: nothing that a test knows brings it about': ['* 500'],
  'only while the first request under the key still runs; reference-service/test/deposit.test.ts': [
    'initPayment 409',
    'initPayout 409',
  ],
  'only while the worker processes the same event; reference-service/test/webhook-log.test.ts': [
    'replayWebhookEvent 409',
  ],
  'the answers are written once for reading and changing, and reading brings no body and changes nothing': [
    ...['getPayoutRisk 413', 'getPayoutRisk 415', 'getPaymentRisk 413', 'getPaymentRisk 415'],
    ...['getPlayerLimits 409', 'getPlayerLimits 413', 'getPlayerLimits 415'],
    ...['getPlayerProfile 409', 'getPlayerProfile 413', 'getPlayerProfile 415'],
    ...['getPaymentRouting 413', 'getPaymentRouting 415', 'getPayoutRouting 413', 'getPayoutRouting 415'],
  ],
  'the answers are written once for several changes of a player, and this one has no conflict': [
    'putPlayerLimits 409',
    'putPlayerProfile 409',
  ],
  'the answers are written once for debit and credit, and a credit needs no funds': ['creditWallet 402'],
  'needs a case whose money is gone from the wallet; reference-service/test/money-back.test.ts': ['resolveCase 402'],
  'a file of more than 16 MB': ['importSettlement 413', 'importBankLines 413'],
  'signed by the PSP first, and the suite signs nothing while the database is away': ['receiveWebhook 503'],
  'a browser on its way back shows no key to count by': ['returnFromPsp 429'],
  'answered from memory while the database is away, or only by a process that is stuck': [
    ...['getRoutingHealth 503', 'getMetrics 503', 'isLive 503', 'listMethods 503'],
  ],
};

const { seed, runs } = conformanceConfig();

describe(`the service keeps openapi/payments.yaml (OPENAPI_SEED=${seed})`, () => {
  const operations = readOperations('payments.yaml');
  let world: ServiceWorld;
  let wire: Wire;
  let hints: Hints;
  const suite: Suite = {
    operations,
    unprovoked: UNPROVOKED,
    world: () => ({
      wire,
      // A long poll that waits tells no more than one that does not.
      generation: { hints, seed, runs, only: { wait: [0] } },
      state: () => world.business(),
    }),
  };

  before(async () => {
    world = await openService();
    wire = new Wire(operations, world.service.url, `Bearer ${PLATFORM_KEY}`);
  });
  after(() => world.close());

  describe('at first', () => {
    it('in what needs a past', async () => {
      hints = await playScenes(wire, world);
    });

    it('in what is refused before any operation looks at it', () => playRefusals(wire, hints));
  });

  describeOperations(suite);

  describe('at last', () => {
    it('and nothing was our fault', () => {
      assert.deepEqual(
        world.log.filter(({ level }) => level === 'error'),
        [],
      );
    });

    it('when the database is gone', async () => {
      await world.knex.destroy();
      await playWithoutDatabase(wire, suite.world().generation);
    });

    it('in every documented answer', () => assertAllAnswersSeen(suite));
  });
});
