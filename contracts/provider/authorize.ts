/**
 * What the pacts cannot hold: an access token that is fetched, and a signature over what is
 * really sent. Put into a request on its way, by the dialect's own rules.
 */
import type { Network } from '../../kernel/index.ts';
import { EXAMPLE_TOKEN } from '../consumer/example-credentials.ts';
import { DIALECTS } from '../verify/dialects/index.ts';
import type { Call } from '../verify/exchange.ts';
import type { SimulatedPsp } from './simulator-process.ts';

type Psp = Pick<SimulatedPsp, 'dialect' | 'url' | 'credentials'>;

/** The same headers where the pact writes no token; else with a real one and, where wanted, signed. */
export async function authorizedHeaders(network: Network, psp: Psp, call: Call): Promise<Record<string, string>> {
  const dialect = DIALECTS.find(({ name }) => name === psp.dialect);
  const wantsToken = Object.values(call.headers).some((value) => value === `Bearer ${EXAMPLE_TOKEN}`);
  if (dialect === undefined || !wantsToken) return call.headers;
  // The signature is over the key under the name that is signed, whatever case it came in.
  const keyName = dialect.keyHeader.toLowerCase();
  const others = Object.entries(call.headers).filter(
    ([name]) => !['authorization', 'tl-signature', keyName].includes(name.toLowerCase()),
  );
  const key = Object.entries(call.headers).find(([name]) => name.toLowerCase() === keyName)?.[1];
  const headers = { ...Object.fromEntries(others), ...(key === undefined ? {} : { [dialect.keyHeader]: key }) };
  const { url: baseUrl, credentials } = psp;
  return (await dialect.authorize({ ...call, headers }, { network, baseUrl, credentials })).headers;
}
