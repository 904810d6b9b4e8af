/**
 * PSPs from the environment: PSPS as JSON, or the file that PSPS_FILE names. A credential is a
 * text, a list while one key replaces another, or `<name>File`, a file that holds it.
 */
import { existsSync, readFileSync } from 'node:fs';
import { UserError } from '../../kernel/index.ts';
import { httpUrl, json, secret, type Environment } from './environment.ts';
import type { PspDialect } from '../ports/psp-adapter.ts';
import type { ServicePspConfig } from '../service-config.ts';

const DIALECTS: readonly PspDialect[] = ['acme', 'stripe', 'adyen', 'checkout', 'paypal', 'mollie', 'open-banking'];

const CREDENTIALS_OF: Readonly<Partial<Record<PspDialect, readonly string[]>>> = {
  acme: ['apiKey', 'webhookSecret'],
  stripe: ['apiKey', 'webhookSecret'],
  adyen: ['apiKey', 'merchantAccount', 'hmacKey'],
  checkout: ['secretKey', 'webhookKey'],
  paypal: ['clientId', 'clientSecret', 'webhookId'],
  mollie: ['apiKey', 'webhookSecret'],
  'open-banking': ['clientId', 'clientSecret', 'signingKeyId', 'signingPrivateKey'],
};

/** What webhooks are checked with: while one is replaced by another, each of them is right. */
const CHECKED_WITH: ReadonlySet<string> = new Set(['webhookSecret', 'hmacKey', 'webhookKey', 'webhookId']);

/** @throws UserError */
export function readPsps(environment: Environment): ServicePspConfig[] {
  const text = secret(environment, 'PSPS', 'a JSON list of {name, dialect, baseUrl, credentials}');
  const name = (environment['PSPS_FILE'] ?? '') === '' ? 'PSPS' : 'PSPS_FILE';
  const list = json(name, text);
  if (!Array.isArray(list) || list.length === 0)
    throw new UserError(
      `${name} must be a JSON list of at least one PSP.`,
      'Give each PSP as {name, dialect, baseUrl, credentials}.',
    );
  const psps = list.map((entry: unknown, index) => checkPsp(`${name}[${index}]`, entry));
  const twice = psps.find(({ name: one }, index) => psps.findIndex((other) => other.name === one) !== index);
  if (twice !== undefined)
    throw new UserError(`${name} has two PSPs named ${twice.name}.`, 'Give each PSP a name of its own.');
  return psps;
}

function checkPsp(where: string, entry: unknown): ServicePspConfig {
  const psp = (typeof entry === 'object' && entry !== null ? entry : {}) as Partial<ServicePspConfig>;
  if (typeof psp.name !== 'string' || !/^[a-z][a-z0-9-]{0,31}$/.test(psp.name)) {
    throw new UserError(
      `${where}.name must be lower-case letters, digits and hyphens, at most 32.`,
      'Correct the name.',
    );
  }
  const { dialect } = psp;
  if (dialect === undefined || !DIALECTS.includes(dialect)) {
    throw new UserError(`${where} has the unknown dialect "${String(dialect)}".`, `Use one of ${DIALECTS.join(', ')}.`);
  }
  const credentials = readCredentials(`${where}.credentials`, psp.credentials ?? {});
  const missing = (CREDENTIALS_OF[dialect] ?? []).find((key) => (credentials[key] ?? '') === '');
  if (missing !== undefined)
    throw new UserError(
      `${where}.credentials.${missing} is missing.`,
      `A ${dialect} account needs ${(CREDENTIALS_OF[dialect] ?? []).join(', ')}.`,
    );
  const config: ServicePspConfig = {
    name: psp.name,
    dialect,
    baseUrl: httpUrl(`${where}.baseUrl`, String(psp.baseUrl)),
    credentials,
  };
  return psp.profile === undefined ? config : { ...config, profile: psp.profile };
}

/** The first of a list is sent; of what webhooks are checked with, all are kept. */
function readCredentials(where: string, given: Readonly<Record<string, unknown>>): Record<string, string> {
  const credentials: Record<string, string> = {};
  for (const [key, value] of Object.entries(given)) {
    const isFile = key.endsWith('File');
    const name = isFile ? key.slice(0, -'File'.length) : key;
    const values = (Array.isArray(value) ? value : [value]) as unknown[];
    if (values.length === 0 || values.some((one) => typeof one !== 'string'))
      throw new UserError(`${where}.${key} must be a text or a list of texts.`, 'Correct it.');
    const texts = isFile
      ? (values as string[]).map((path) => contentOf(`${where}.${key}`, path))
      : (values as string[]);
    credentials[name] = CHECKED_WITH.has(name) ? texts.join(',') : (texts[0] ?? '');
  }
  return credentials;
}

function contentOf(where: string, path: string): string {
  if (!existsSync(path)) throw new UserError(`${where} names ${path}, which does not exist.`, 'Correct it.');
  return readFileSync(path, 'utf8').replace(/\r?\n$/, '');
}
