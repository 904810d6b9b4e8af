/**
 * Broken refunds and disputes: money that goes back, asked for by us, made in a PSP's dashboard,
 * or taken by the player's bank.
 */
import type { PspEvent } from '../../../reference-service/index.ts';
import type { ServiceMutation } from '../../drivers/index.ts';
import type { Acted, Mutant } from '../mutant.ts';
import { withAdapter, withStore } from './swaps.ts';

/** Events for which nobody has written code: acknowledged, and that is all. */
function ignoring(isIgnored: (event: PspEvent) => boolean, acted: Acted): ServiceMutation {
  return withAdapter((shipped) => ({
    parseWebhook: (input) =>
      shipped.parseWebhook(input).map((event): PspEvent => {
        if (!isIgnored(event)) return event;
        acted();
        return { ...event, outcome: 'irrelevant' };
      }),
  }));
}

const ignoresChargebacks: Mutant = {
  name: 'ignores-chargebacks',
  title: 'Has no code for disputes',
  breaks: "The player's bank takes a deposit back, and its credit stays in the wallet.",
  precedent: '202-ecommerce/stripe_official issue 186: the webhook does not handle disputes',
  against: 'I11',
  alsoIn: ['disputes'],
  mutation: (acted) => ignoring(({ subject }) => subject === 'dispute', acted),
};

const forgetsWonDisputes: Mutant = {
  name: 'forgets-won-disputes',
  title: 'Takes every dispute for lost',
  breaks: 'A dispute that was won or taken back gives the money to the house, and the player never gets it again.',
  precedent: 'woocommerce-gateway-stripe issue 1098: the end of a dispute was not acted on',
  against: 'I11',
  alsoIn: ['disputes'],
  mutation: (acted) => ignoring(({ outcome }) => outcome === 'dispute_won', acted),
};

const ignoresRefundsOfTheDashboard: Mutant = {
  name: 'ignores-refunds-of-the-dashboard',
  title: 'Ignores refunds that it has not asked for',
  breaks: 'Somebody refunds in the dashboard of the PSP, and the player has the money twice.',
  precedent: 'Sylius/StripePlugin pull request 101: refunds of the dashboard never reached the shop',
  against: 'I11',
  alsoIn: ['refunds', 'reordered-capture-and-refund'],
  mutation: (acted) =>
    ignoring(
      ({ subject, outcome, reference }) =>
        (subject === 'refund' || outcome === 'refunded') && reference?.startsWith('ref') !== true,
      acted,
    ),
};

const refundsWithoutLookingAtOthers: Mutant = {
  name: 'refunds-without-looking-at-others',
  title: 'Compares a refund with the payment only',
  breaks: 'Refunds under way are left out of the sum, so several at once promise more than was paid.',
  precedent: 'Adyen: the refunded total may not exceed what was captured',
  against: 'I16',
  alsoIn: ['refunds'],
  mutation: (acted) => ({
    ...withStore('refunds', (shipped) => ({
      listOf: async (unit, paymentId) => {
        if ((await shipped.listOf(unit, paymentId)).length > 0) acted();
        return [];
      },
    })),
    alterSchema: async (knex) => {
      await knex.raw('drop trigger refund_fits on refund');
      await knex.raw('alter table payment drop constraint payment_refunds_bounded');
    },
  }),
};

export const MONEY_BACK_MUTANTS: readonly Mutant[] = [
  ignoresChargebacks,
  forgetsWonDisputes,
  ignoresRefundsOfTheDashboard,
  refundsWithoutLookingAtOthers,
];
