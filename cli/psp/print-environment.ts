/**
 * `assay psp --print-env`: the lines that connect each official SDK and language to the PSPs
 * that the same options would start. Nothing is started; the credentials are always the same.
 */
import { join, resolve } from 'node:path';
import pc from 'picocolors';
import { bug, createRealClock, projectRoot, UserError } from '../../kernel/index.ts';
import { describeDialects, openCaFolder, type PspConfig } from '../../psp-simulator/index.ts';
import type { Output } from '../support/output.ts';
import { connectLines, type ConnectLines } from './connect-lines.ts';
import { proxyLines, type ProxyLines } from './proxy-lines.ts';
import type { PspSettings } from './read-options.ts';

/** Loaded by `node --require` in the process under test; found from sources and from the installed package alike. */
const TRUST_CA = ['psp-simulator', 'reach', 'trust-ca.cjs'];

interface PspEnvironment {
  name: string;
  dialect: string;
  url: string;
  credentials: Readonly<Record<string, string>>;
  hosts: readonly string[];
  connect: ConnectLines[];
}

/** Makes the CA if it is not there yet, so that the lines can be used before the simulator runs. */
export function printEnvironment(psps: readonly PspConfig[], settings: PspSettings, output: Output): void {
  if (settings.anyPort || psps.some(({ port }) => port === 0) || settings.proxyPort === 0) {
    throw new UserError(
      'a free port is chosen when the simulator starts, so no line can name it before',
      'Give fixed ports, or read them from the first line of `assay psp --json`.',
    );
  }
  const host = settings.publicHost ?? (/^(0\.0\.0\.0|::)$/.test(settings.host) ? 'localhost' : settings.host);
  const caFile = settings.https ? openCaFolder(resolve(settings.caDir), createRealClock()).certPath : null;
  const proxy = settings.proxyPort === undefined ? null : { host, port: settings.proxyPort };
  const environments = psps.map((psp) => environmentOf(psp, { host, proxy, caFile: caFile ?? '' }));
  const throughProxy = proxy === null ? [] : proxyLines({ ...proxy, caFile: caFile ?? '' });
  for (const environment of environments) sayPsp(environment, output);
  if (proxy !== null) sayProxy(throughProxy, environments, output);
  output.result({
    proxy: proxy === null ? null : `http://${host}:${proxy.port}`,
    ca: caFile,
    psps: environments,
    any: throughProxy,
  });
}

function environmentOf(
  psp: PspConfig,
  where: { host: string; proxy: { host: string; port: number } | null; caFile: string },
): PspEnvironment {
  const dialect =
    describeDialects().find(({ name }) => name === psp.dialect) ?? bug(`dialect ${psp.dialect} was chosen`);
  const credentials = dialect.credentials(psp.name);
  const authority = `${where.host}:${psp.port}`;
  const url = `http://${authority}`;
  // A certificate for an address is good, too; but some SDKs check host names only.
  const https = `https://${where.host === '127.0.0.1' ? `localhost:${psp.port}` : authority}`;
  const trustCa = join(projectRoot(), ...TRUST_CA);
  const context = { url, https, credentials, proxy: where.proxy, trustCa, caFile: where.caFile };
  return {
    name: psp.name,
    dialect: psp.dialect,
    url,
    credentials,
    hosts: dialect.hosts,
    connect: connectLines(psp.dialect, context),
  };
}

function sayPsp({ name, dialect, url, credentials, connect }: PspEnvironment, output: Output): void {
  output.say(pc.bold(`${name}   ${url}   (${dialect})`));
  for (const [what, value] of Object.entries(credentials)) output.say(pc.dim(`  ${what}: ${firstLine(value)}`));
  for (const { language, sdk, lines, environment } of connect) {
    output.say(`  # ${language}: ${sdk}`);
    for (const [variable, value] of Object.entries(environment ?? {})) output.say(`  export ${variable}='${value}'`);
    for (const line of lines) output.say(`  ${line}`);
  }
  output.say('');
}

function sayProxy(any: readonly ProxyLines[], environments: readonly PspEnvironment[], output: Output): void {
  const hosts = [...new Set(environments.flatMap((environment) => environment.hosts))];
  output.say(pc.bold('Any SDK, unchanged: the proxy and the CA in its environment'));
  output.say(`  The proxy answers for ${hosts.join(', ')}`);
  output.say('  and refuses every other host; it never connects to the internet.');
  for (const { language, lines } of any) {
    output.say(`  # ${language}`);
    for (const line of lines) output.say(`  ${line}`);
  }
}

/** Keys in PEM have many; the control API and --json have all of them. */
function firstLine(value: string): string {
  const [first = '', ...rest] = value.split('\n');
  return rest.length === 0 ? first : `${first} …`;
}
