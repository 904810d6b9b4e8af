/** The wire protocols that a partner can be verified against, by name. */
import { acme } from './acme.ts';
import { adyen } from './adyen.ts';
import { checkout } from './checkout.ts';
import type { Dialect } from './dialect.ts';
import { mollie } from './mollie.ts';
import { openBanking } from './open-banking.ts';
import { paypal } from './paypal.ts';
import { stripe } from './stripe.ts';

export const DIALECTS: readonly Dialect[] = [acme, stripe, adyen, checkout, paypal, mollie, openBanking];
