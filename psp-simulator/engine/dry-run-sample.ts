/** One PSP's share of a dry run: each payment of the sample at its time, call by call, as the exchange pipeline would ask the plan. */
import { APPROVED } from '../core/records.ts';
import type { Facts } from '../faults/filters.ts';
import type { ExchangeEffect } from '../faults/effects.ts';
import type { StrikePoint } from '../faults/plan.ts';
import { actOnPage } from '../threeds/act-on-page.ts';
import type { Sample, SampleOperation } from './dry-run-traffic.ts';
import type { Psp } from './psp.ts';

/** How long a payer looks at the page. */
const THINKS_MS = 20_000;

export function playSample(psp: Psp, sample: Sample): void {
  for (let n = 1; n <= sample.payments; n += 1) {
    psp.ports.clock.schedule((n - 1) * sample.everyMs, `dry run ${psp.name} ${n}`, () => {
      for (const operation of sample.operations)
        for (let attempt = 1; attempt <= sample.attempts; attempt += 1) call(psp, sample, { n, operation });
    });
  }
}

function call(psp: Psp, sample: Sample, { n, operation }: { n: number; operation: SampleOperation }): void {
  const { plan } = psp;
  const reference = sample.reference.replaceAll('{n}', String(n));
  const facts: Facts = {
    methods: [sample.method],
    amountMinor: sample.amountMinor,
    currency: sample.currency,
    players: [sample.player.replaceAll('{n}', String(n))],
  };
  const pointOf = (attempt: number): StrikePoint => ({
    psp: psp.name,
    reference,
    entity: reference,
    name: operation,
    attempt,
    evidence: { operation },
    cause: undefined,
    facts: () => facts,
  });
  if (plan.wants('condition'))
    plan.conditions('exchange', pointOf(psp.countAttempt(reference, `condition ${operation}`)));
  const point = pointOf(psp.countAttempt(reference, operation));
  const before = plan.exchange('before-commit', point, { operation, hasEvents: false });
  if (before.some(stops)) return;
  const events = psp.during(undefined, () => commit(psp, sample, { reference, operation, facts }));
  plan.exchange('after-commit', point, { operation, hasEvents: events.length > 0 });
}

function stops({ answer, raw, end }: ExchangeEffect): boolean {
  return answer !== undefined || raw !== undefined || end !== undefined;
}

/** What the books make of it. A second try finds the payment there, as an idempotency key would. */
function commit(
  psp: Psp,
  sample: Sample,
  { reference, operation, facts }: { reference: string; operation: SampleOperation; facts: Facts },
): void {
  const { bank, context } = psp;
  const { samples } = psp.dialect;
  const { amountMinor, currency } = sample;
  const [payment] = bank.payments({ reference });
  if (operation === 'create-payment' && payment === undefined) {
    const captureMode = sample.operations.includes('capture') ? 'manual' : 'automatic';
    const command = samples.payment(context, { reference, amountMinor, currency, captureMode });
    const details = { ...command.details, player: facts.players[0] };
    const outcome = sample.pages ? { ...APPROVED, threeDs: 'challenge' as const } : APPROVED;
    const { challengeId } = bank.createPayment({ ...command, method: sample.method, details, outcome });
    if (challengeId !== null) visit(psp, challengeId);
  }
  if (operation === 'capture' && payment?.state === 'authorized') bank.capture(payment.pspReference);
  if (operation === 'refund' && payment?.state === 'captured') bank.createRefund(samples.refund(context, payment));
  if (operation === 'create-payout' && bank.payouts({ reference }).length === 0)
    bank.createPayout({
      ...samples.payout(context, { reference, amountMinor, currency, captureMode: 'automatic' }),
      outcome: 'paid',
    });
}

function visit(psp: Psp, challengeId: string): void {
  psp.ports.clock.schedule(THINKS_MS, `dry run ${psp.name} page`, async () => {
    if (psp.bank.challenge(challengeId).state === 'open') await actOnPage(psp, challengeId, 'approve');
  });
}
