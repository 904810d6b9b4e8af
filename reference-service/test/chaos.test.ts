/**
 * Goal: whatever the PSPs do to the service, when it is over the money agrees. Method: random
 * answers (lost before or after the books changed, refused, declined), random webhooks (lost,
 * doubled, late, contradicting), then honest PSPs and time; the books of the PSPs are the truth.
 */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { CreatePaymentResult } from '../ports/psp-adapter.ts';
import { FakePsp } from './fake-psp.ts';
import { closeSharedDatabase, startVirtualService } from './virtual-service.ts';

after(closeSharedDatabase);

const HOUR = 3_600_000;
const answers: Record<string, { commit: boolean; result: CreatePaymentResult } | null> = {
  honest: null,
  lostAfterCommit: { commit: true, result: { kind: 'in_doubt', requestMayHaveArrived: true, reason: 'timeout' } },
  lostBeforeCommit: { commit: false, result: { kind: 'in_doubt', requestMayHaveArrived: true, reason: 'timeout' } },
  notReached: { commit: false, result: { kind: 'not_reached', requestMayHaveArrived: false, reason: 'refused' } },
  rateLimited: {
    commit: false,
    result: { kind: 'refused', requestMayHaveArrived: true, reason: '429', code: 'rate_limited' },
  },
  technicalDecline: {
    commit: false,
    result: { kind: 'declined', pspReference: null, code: 'acquirer_down', declineClass: 'technical' },
  },
};

const story = fc.record({
  token: fc.constantFrom('card_ok', 'card_ok', 'card_ok', 'card_declined', 'card_3ds'),
  alpha: fc.array(fc.constantFrom(...Object.keys(answers)), { maxLength: 2 }),
  beta: fc.array(fc.constantFrom(...Object.keys(answers)), { maxLength: 2 }),
  webhooks: fc.array(fc.constantFrom('succeeded', 'succeeded', 'failed', 'pending', 'canceled'), { maxLength: 3 }),
  pauseMs: fc.constantFrom(0, 50, 5_000, 40_000, 400_000),
  challenge: fc.constantFrom('approve', 'abandon'),
});

describe('deposits under chaos', function () {
  this.timeout(300_000);

  it('end with every captured payment credited or given back, and every other one closed', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(story, { minLength: 1, maxLength: 5 }), fc.boolean(), async (stories, statusQuery) => {
        const psps = [new FakePsp('alpha', { statusQuery }), new FakePsp('beta')];
        const service = await startVirtualService({ psps });
        try {
          const ids: string[] = [];
          for (const [index, one] of stories.entries()) {
            for (const psp of psps) {
              psp.script.length = 0;
              let isExecuted = false;
              for (const name of psp.name === 'alpha' ? one.alpha : one.beta) {
                const script = answers[name];
                // Under one key a PSP answers as it did the first time: it declines nothing that it has executed.
                if (isExecuted && script?.result.kind === 'declined') continue;
                isExecuted ||= script?.commit === true;
                if (script !== null && script !== undefined) psp.script.push(script);
              }
            }
            const started = await service.deposit({ payment_token: one.token }, `chaos-${index}`);
            const body = (started.status === 201 ? started.body : started.body['details']) as { payment_id: string };
            ids.push(body.payment_id);
            await service.pass(one.pauseMs);
            for (const attempt of await service.attempts(body.payment_id)) {
              const psp = psps.find(({ name }) => name === attempt.psp);
              const book = psp?.books.get(attempt.attempt_id);
              if (book?.state === 'requires_action' && one.challenge === 'approve') book.state = 'captured';
              let announced = false;
              for (const outcome of one.webhooks) {
                // A PSP announces success only of what it captured, and failure of that only after it: its own late mistake.
                const captured = book?.state === 'captured';
                if (psp === undefined || book === undefined || (outcome === 'succeeded' && !captured)) continue;
                if (captured && !announced && (outcome === 'failed' || outcome === 'canceled')) continue;
                announced ||= outcome === 'succeeded';
                const event = psp.event(attempt.attempt_id, outcome as 'succeeded');
                await service.webhook(psp.name, event);
                await service.webhook(psp.name, event);
              }
            }
          }
          await service.pass(30 * HOUR);

          const cases = await service.cases();
          let credited = 0;
          for (const id of ids) {
            const payment = await service.payment(id);
            if (payment['status'] === 'succeeded') credited += 5_000;
            const open = cases.some((entry) => entry.subject_id === id && entry.status === 'open');
            assert.ok(payment['status'] !== 'pending' || open, `${id} is pending without a case`);
          }
          const [purse] = await service.wallet();
          assert.equal(Math.round(Number(purse?.available ?? '0') * 100), credited, 'the wallet has what was credited');
          const captured = psps.reduce((sum, psp) => sum + psp.captured(), 0);
          const unproven =
            cases.filter(({ kind, status }) => kind === 'stuck_in_doubt' && status === 'open').length * 5_000;
          assert.ok(captured >= credited, 'credited more than was captured');
          assert.ok(
            captured - credited <= unproven,
            'captured money is neither credited nor given back nor under a case',
          );
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
