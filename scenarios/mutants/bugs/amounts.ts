/**
 * Broken amounts: whose word is taken for how much, minor units, and arithmetic with fractions.
 */
import {
  sqlOf,
  type LedgerCommand,
  type LedgerPort,
  type PspMoney,
  type Unit,
} from '../../../reference-service/index.ts';
import type { Mutant } from '../mutant.ts';
import { withAdapter } from './swaps.ts';

/** The ledger with credits of deposits as `change` makes them. */
function withCredits(
  ledger: LedgerPort,
  change: (unit: Unit, credit: LedgerCommand) => LedgerCommand | Promise<LedgerCommand>,
): LedgerPort {
  return {
    ...ledger,
    post: async (unit, commands) => {
      const changed: LedgerCommand[] = [];
      for (const command of commands)
        changed.push(command.kind === 'deposit_credit' ? await change(unit, command) : command);
      return ledger.post(unit, changed);
    },
  };
}

/** The event names our payment, so it is about our payment: nobody compares the amount. */
const creditsWithoutMatchingAmount: Mutant = {
  name: 'credits-without-matching-amount',
  title: 'Credits whatever amount the event states',
  breaks: 'Events are matched by reference alone; an event with another amount or currency counts as paid.',
  precedent: 'Azuriom Plugin-Shop issue 284: the amount was never compared',
  against: 'I3',
  alsoIn: ['wrong-amount'],
  mutation: (acted) => ({
    parts: ({ eventMatcher }) => ({
      eventMatcher: (expected, fact) => {
        if (eventMatcher(expected, fact).kind !== 'match') acted();
        return { kind: 'match' };
      },
    }),
  }),
};

const creditsTheEventsAmount: Mutant = {
  name: 'credits-the-events-amount',
  title: "Credits the webhook's amount instead of the payment's",
  breaks: 'The amount is read from the webhook, so whoever can change it there decides what is credited.',
  against: 'I3',
  alsoIn: ['wrong-amount'],
  mutation: (acted) => {
    const stated = new Map<string, PspMoney>();
    return {
      parts: ({ ledger }) => ({
        eventMatcher: ({ attemptId }, { source, outcome, money }) => {
          if (source === 'webhook' && outcome === 'succeeded' && money !== null) stated.set(attemptId, money);
          return { kind: 'match' };
        },
        ledger: withCredits(ledger, async (unit, credit) => {
          const attempts = await sqlOf(unit)<{ id: string }>(
            `select id from attempt where subject_id = :paymentId order by seq desc`,
            { paymentId: credit.paymentId },
          );
          const money = attempts.map(({ id }) => stated.get(id)).find((one) => one !== undefined);
          if (money === undefined) return credit;
          if (money.amountMinor !== credit.amountMinor || money.currency !== credit.currency) acted();
          return { ...credit, ...money };
        }),
      }),
    };
  },
};

const creditsMoreThanCaptured: Mutant = {
  name: 'credits-more-than-captured',
  title: 'Credits all that was asked for when a part is captured',
  breaks: 'A deposit of which only a part is captured is credited with its first amount.',
  against: 'I3',
  alsoIn: ['two-step'],
  mutation: (acted) => ({
    parts: ({ ledger }) => ({
      ledger: withCredits(ledger, async (unit, credit) => {
        const [payment] = await sqlOf(unit)<{ amount_minor: string }>(
          `select amount_minor from payment where id = :paymentId`,
          { paymentId: credit.paymentId },
        );
        const amountMinor = Number(payment?.amount_minor ?? credit.amountMinor);
        if (amountMinor !== credit.amountMinor) acted();
        return { ...credit, amountMinor };
      }),
    }),
  }),
};

/** 19.99 * 100 is 1998.9999999999998. */
const losesACent: Mutant = {
  name: 'loses-a-cent',
  title: 'Makes minor units from a decimal fraction and cuts off',
  breaks: 'An amount goes through a floating-point number and is cut off: of 19.99 the player gets 19.98.',
  precedent: 'BasedHardware/omi pull request 10158: prices of 19.99 were billed as 19.98',
  against: 'I3',
  alsoIn: ['happy-day'],
  mutation: (acted) => ({
    parts: ({ ledger }) => ({
      ledger: withCredits(ledger, (_unit, credit) => {
        const amountMinor = Math.trunc((credit.amountMinor / 100) * 100);
        if (amountMinor !== credit.amountMinor) acted();
        return { ...credit, amountMinor };
      }),
    }),
  }),
};

/** Decimals of currencies that do not have two. */
const DECIMALS: Readonly<Record<string, number>> = { JPY: 0, KWD: 3 };

/** Our minor units as a gateway sees them that believes in cents, and back. */
function inCents(money: PspMoney, direction: 1 | -1): PspMoney {
  const decimals = DECIMALS[money.currency];
  if (decimals === undefined) return money;
  return { ...money, amountMinor: Math.max(1, Math.round(money.amountMinor * 10 ** (direction * (2 - decimals)))) };
}

const assumesTwoDecimals: Mutant = {
  name: 'assumes-two-decimals',
  title: 'Treats every currency as if it had cents',
  breaks: 'Yen are sent times a hundred and dinars by a tenth, and what comes back is turned round the same way.',
  precedent:
    'Paymenter issue 1258 and InvoicePlane issue 1677: yen were charged a hundredfold, and webhooks divided the same way',
  against: 'I3',
  alsoIn: ['happy-day', 'disputes'],
  mutation: (acted) =>
    withAdapter((shipped) => {
      const out = <Request extends PspMoney>(request: Request): Request => {
        if (DECIMALS[request.currency] !== undefined) acted();
        return { ...request, ...inCents(request, 1) };
      };
      const back = <Result extends object>(result: Result): Result =>
        'money' in result && result.money !== null && result.money !== undefined
          ? { ...result, money: inCents(result.money as PspMoney, -1) }
          : result;
      return {
        createPayment: async (attempt, options) => back(await shipped.createPayment(out(attempt), options)),
        queryPayment: async (attempt) => back(await shipped.queryPayment(out(attempt))),
        capturePayment: async (capture) => back(await shipped.capturePayment(out(capture))),
        refundPayment: (refund) => shipped.refundPayment(out(refund)),
        createPayout: async (attempt) => back(await shipped.createPayout(out(attempt))),
        queryPayout: async (attempt) => back(await shipped.queryPayout(out(attempt))),
        parseWebhook: (input) => shipped.parseWebhook(input).map(back),
      };
    }),
};

export const AMOUNT_MUTANTS: readonly Mutant[] = [
  creditsWithoutMatchingAmount,
  creditsTheEventsAmount,
  creditsMoreThanCaptured,
  losesACent,
  assumesTwoDecimals,
];
