/**
 * The hands that make provider states at one PSP: authenticated, with a key of its own for each
 * call. Every call must be taken; what came of it is read from the books.
 */
import type { Network } from '../../kernel/index.ts';
import type { ContractedDialect } from '../consumer/example-credentials.ts';
import { DIALECTS } from '../verify/dialects/index.ts';
import { acmeHands } from './hands/acme.ts';
import { adyenHands } from './hands/adyen.ts';
import { checkoutHands } from './hands/checkout.ts';
import type { Hands, Wire } from './hands/hands.ts';
import { mollieHands } from './hands/mollie.ts';
import { openBankingHands } from './hands/open-banking.ts';
import { paypalHands } from './hands/paypal.ts';
import { stripeHands } from './hands/stripe.ts';
import { send } from './http.ts';
import type { SimulatedPsp } from './simulator-process.ts';

export type { Fate, Hands } from './hands/hands.ts';

const MAKE: Readonly<Record<ContractedDialect, (wire: Wire) => Hands>> = {
  acme: acmeHands,
  stripe: stripeHands,
  adyen: adyenHands,
  checkout: checkoutHands,
  mollie: mollieHands,
  paypal: paypalHands,
  'open-banking': openBankingHands,
};

/**
 * @param session keeps the keys of one run apart from those of another at the same PSP
 * @param alter changes each body before it is signed
 */
export function createHands(
  network: Network,
  psp: Pick<SimulatedPsp, 'dialect' | 'url' | 'credentials'>,
  session = '',
  alter: (body: string) => string = (body) => body,
): Hands {
  let calls = 0;
  const dialect = DIALECTS.find(({ name }) => name === psp.dialect);
  const make = MAKE[psp.dialect] as ((wire: Wire) => Hands) | undefined;
  if (dialect === undefined || make === undefined) throw new Error(`nobody has hands for ${psp.dialect}`);
  const { credentials } = psp;
  const exchange = async (method: string, path: string, headers: Record<string, string>, body?: string) => {
    const session = { network, baseUrl: psp.url, credentials };
    const call = { method, path, headers, ...(body === undefined ? {} : { body: alter(body) }) };
    const { headers: ready } = await dialect.authorize(call, session);
    return send(network, { ...call, url: `${psp.url}${path}`, headers: ready });
  };
  const post: Wire['post'] = (path, body) => {
    calls += 1;
    const type = typeof body === 'string' ? 'application/x-www-form-urlencoded' : 'application/json';
    const headers = { 'content-type': type, [dialect.keyHeader]: `state-${session}${calls}` };
    const text = typeof body === 'object' ? JSON.stringify(body) : body;
    // A declined card is an error to Stripe and an ordinary answer to the others.
    return exchange('POST', path, headers, text).catch((error: Error) =>
      error.message.includes('card_error') ? error.message.replace(/^[^{]*/, '') : Promise.reject(error),
    );
  };
  return make({ post, get: (path) => exchange('GET', path, {}), credentials });
}
