/**
 * All dialects, by name. Adding one is a folder beside this file and a line here; nothing
 * else in the simulator knows dialects by name.
 */
import type { Dialect } from './dialect.ts';
import { acme } from './acme/index.ts';
import { adyen } from './adyen/index.ts';
import { checkout } from './checkout/index.ts';
import { mollie } from './mollie/index.ts';
import { openBanking } from './open-banking/index.ts';
import { paypal } from './paypal/index.ts';
import { stripe } from './stripe/index.ts';

export const DIALECTS: Readonly<Record<string, Dialect>> = {
  [acme.name]: acme,
  [stripe.name]: stripe,
  [adyen.name]: adyen,
  [mollie.name]: mollie,
  [checkout.name]: checkout,
  [paypal.name]: paypal,
  [openBanking.name]: openBanking,
};
