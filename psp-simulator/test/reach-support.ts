/**
 * What the tests about reaching the simulator share: a simulator on real sockets with https and
 * the proxy, a history to look into, and plain requests as a client of either would send them.
 */
import { once } from 'node:events';
import http from 'node:http';
import https from 'node:https';
import { HttpsProxyAgent } from 'https-proxy-agent';
import {
  createHistoryWriter,
  createKeyedIds,
  createKeyedRandom,
  createPassiveActivity,
  createRealClock,
  createTcpNetwork,
  type HistoryWriter,
} from '../../kernel/index.ts';
import { createSimulator, type PspConfig, type Simulator } from '../index.ts';
import { createAuthority, newAuthorityCertificate, newPrivateKey } from '../reach/certificate-authority.ts';

export interface ReachStage {
  simulator: Simulator;
  /** PEM text of the CA. */
  ca: string;
  proxyUrl: string;
  history: HistoryWriter;
  url(psp: string): string;
  credential(psp: string, name: string): string;
  plan(faults: unknown[]): Promise<void>;
  close(): Promise<void>;
}

export async function openReachStage(psps: PspConfig[]): Promise<ReachStage> {
  const clock = createRealClock();
  const key = newPrivateKey();
  const authority = createAuthority({ key, cert: newAuthorityCertificate(key, clock.now()) }, clock);
  const network = createTcpNetwork({ clock });
  const history = createHistoryWriter({ clock });
  const simulator = await createSimulator({
    ports: {
      clock,
      wireClock: clock,
      random: createKeyedRandom('reach'),
      ids: createKeyedIds('reach'),
      network,
      history,
      activity: createPassiveActivity(),
    },
    psps: psps.map((psp) => ({ ...psp, profile: { latency: { kind: 'fixed', ms: 0 }, ...psp.profile } })),
    reach: { authority, proxyPort: 0 },
  });
  const named = (name: string): Simulator['psps'][number] => {
    const found = simulator.psps.find((psp) => psp.name === name);
    if (found === undefined) throw new Error(`no PSP ${name} on this stage`);
    return found;
  };
  return {
    simulator,
    ca: authority.cert,
    proxyUrl: simulator.proxy?.url ?? '',
    history,
    url: (psp) => named(psp).url,
    credential: (psp, name) => named(psp).credentials[name] ?? '',
    plan: async (faults) => {
      const url = `${simulator.control.url}/v1/faults`;
      const headers = { 'content-type': 'application/json' };
      const answer = await network.request({
        method: 'PUT',
        url,
        headers,
        body: JSON.stringify({ faults }),
        timeoutMs: 5_000,
      });
      if (answer.status !== 200) throw new Error(answer.body.toString('utf8'));
    },
    close: async () => {
      await simulator.close();
      await network.close();
    },
  };
}

export interface Answer {
  status: number;
  headers: http.IncomingHttpHeaders;
  body: string;
}

export interface Sent {
  method?: string;
  headers?: Record<string, string>;
  body?: string;
  /** Trusted CAs; https fails without the right one. */
  ca?: string;
  /** Goes through this proxy. */
  proxy?: string;
}

/** One request on a connection of its own. Rejects with the client's own error. */
export async function send(url: string, sent: Sent = {}): Promise<Answer> {
  const { method = 'GET', headers = {}, body, ca, proxy } = sent;
  const secure = url.startsWith('https:');
  const trust = ca === undefined ? {} : { ca };
  const plainProxy = proxy !== undefined && !secure ? new URL(proxy) : undefined;
  const agent = proxy !== undefined && secure ? new HttpsProxyAgent(proxy, trust) : false;
  const target = new URL(url);
  const request =
    plainProxy === undefined
      ? (secure ? https : http).request(url, { method, headers, agent, ...trust })
      : http.request({
          host: plainProxy.hostname,
          port: plainProxy.port,
          path: url,
          method,
          headers: { host: target.host, ...headers },
          agent: false,
        });
  request.end(body);
  const [response] = (await once(request, 'response')) as [http.IncomingMessage];
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk as Buffer);
  return {
    status: response.statusCode ?? 0,
    headers: response.headers,
    body: Buffer.concat(chunks).toString('utf8'),
  };
}
