/**
 * What each dialect can do, as far as scenarios have to know: which methods money comes and
 * goes by, and which currencies it takes. Facts of the PSPs, written down here a second time on
 * purpose: the harness must not believe the adapters that it judges.
 */
import type { Card, Dialect, Method } from './scenario.ts';

export interface Abilities {
  /** What players can pay with; the first is what a scenario that does not say takes. */
  methods: readonly Method[];
  payoutMethods: readonly Method[];
  /** Can be authorized first and captured later. */
  twoStepMethods: readonly Method[];
  /** Can be kept and charged again. */
  storableMethods: readonly Method[];
  /** A chargeback can follow. */
  disputes: boolean;
  /** The state of a payment can be asked for. */
  statusQuery: boolean;
  /** Null: more than any scenario asks for. */
  currencies: readonly string[] | null;
}

const words = (text: string): string[] => text.split(' ');

export const ABILITIES: Readonly<Record<Dialect, Abilities>> = {
  acme: {
    methods: ['card', 'ewallet', 'p2p', 'voucher'],
    payoutMethods: ['card', 'ewallet', 'bank'],
    twoStepMethods: ['card', 'ewallet'],
    storableMethods: ['card'],
    disputes: true,
    statusQuery: true,
    currencies: null,
  },
  stripe: {
    methods: ['card'],
    payoutMethods: ['card', 'bank'],
    twoStepMethods: ['card'],
    storableMethods: ['card'],
    disputes: true,
    statusQuery: true,
    currencies: null,
  },
  adyen: {
    methods: ['card'],
    payoutMethods: ['card'],
    twoStepMethods: ['card'],
    storableMethods: ['card'],
    disputes: true,
    statusQuery: false,
    currencies: null,
  },
  checkout: {
    methods: ['card'],
    payoutMethods: ['card', 'bank'],
    twoStepMethods: ['card'],
    storableMethods: ['card'],
    disputes: true,
    statusQuery: true,
    currencies: null,
  },
  paypal: {
    methods: ['card', 'ewallet'],
    payoutMethods: ['ewallet'],
    twoStepMethods: ['card', 'ewallet'],
    storableMethods: ['card', 'ewallet'],
    disputes: true,
    statusQuery: true,
    currencies: words(
      'AUD BRL CAD CNY CZK DKK EUR HKD HUF ILS JPY MXN MYR NOK NZD PHP PLN GBP SEK SGD CHF THB TWD USD',
    ),
  },
  mollie: {
    methods: ['card', 'ewallet', 'bank', 'p2p', 'voucher'],
    payoutMethods: [],
    twoStepMethods: ['card'],
    storableMethods: ['card', 'ewallet'],
    disputes: true,
    statusQuery: true,
    currencies: words(
      'AED AUD BGN BRL CAD CHF CZK DKK EUR GBP HKD HUF ILS ISK JPY MXN MYR NOK NZD PHP PLN RON SEK SGD THB TWD USD ZAR',
    ),
  },
  'open-banking': {
    methods: ['bank'],
    payoutMethods: ['bank'],
    twoStepMethods: [],
    storableMethods: [],
    disputes: false,
    statusQuery: true,
    // It takes more; money of a currency needs a merchant account, and the simulated merchant has these.
    currencies: ['EUR', 'GBP'],
  },
};

export const DIALECTS = Object.keys(ABILITIES) as Dialect[];

/** Looked for in this order when a scenario does not say. */
const PREFERENCE: readonly Method[] = ['card', 'bank', 'ewallet', 'p2p', 'voucher'];

/** What a method is wanted for. */
export type MethodUse = 'methods' | 'payoutMethods' | 'twoStepMethods' | 'storableMethods';

/** What all of `dialects` can do by. Undefined: nothing. */
export function commonMethod(dialects: readonly Dialect[], use: MethodUse): Method | undefined {
  return PREFERENCE.find((method) => dialects.every((dialect) => ABILITIES[dialect][use].includes(method)));
}

/** The fates of cards as the sandbox tokens of the payments API. */
const CARD_TOKENS: Readonly<Record<Card, string>> = {
  ok: 'card_ok',
  declined: 'card_declined',
  'insufficient-funds': 'card_insufficient_funds',
  '3ds': 'card_3ds',
  '3ds-frictionless': 'card_3ds_frictionless',
  '3ds-declined': 'card_3ds_declined',
  'refund-fails-late': 'card_refund_fails_late',
};

/** The token by which a payment by `method` meets the fate that `card` means; who is no card has no 3DS, only yes or no. */
export function tokenOf(method: Method, card: Card): string {
  if (method === 'card') return CARD_TOKENS[card];
  if (method === 'bank' && card === 'refund-fails-late') return 'bank_refund_fails_late';
  const declines = card === 'declined' || card === 'insufficient-funds' || card === '3ds-declined';
  return `${method}_${declines ? 'declined' : 'ok'}`;
}
