/**
 * Reads the environment of a service process; nobody else in this folder may. A wrong value
 * is one sentence that names the variable and the next step.
 */
import { existsSync, readFileSync } from 'node:fs';
import { parse as parseYaml } from 'yaml';
import { messageOf, UserError } from '../kernel/index.ts';
import { checkRouting } from './application/route-config.ts';
import { readReconciliation, type ReconciliationDocument } from './domain/reconciliation/terms-config.ts';
import type { RoutingConfig } from './domain/routing/routing-config.ts';
import { DEFAULT_TIMINGS, type ServiceTimings } from './domain/timings.ts';
import type { PspDialect } from './ports/psp-adapter.ts';
import { readPolicy, type PolicyDocument } from './policy-config.ts';
import type { ServiceConfig, ServicePspConfig } from './service-config.ts';

export interface ProcessConfig {
  databaseUrl: string;
  /** Connections of this process; PostgreSQL allows 100 in all by default. */
  poolSize: number;
  service: ServiceConfig;
}

type Environment = Record<string, string | undefined>;

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

/** Enough for the worker's eight and as many requests; several processes still fit into one server. */
const DEFAULT_POOL_SIZE = 16;

/** @throws UserError with exit code 254 */
export function readConfig(environment: Environment = process.env): ProcessConfig {
  const databaseUrl = required(environment, 'DATABASE_URL', 'for instance postgres://user@127.0.0.1:5432/payments');
  const service: ServiceConfig = {
    apiKey: required(environment, 'API_KEY', 'the bearer token that the platform sends'),
    psps: readPsps(environment),
    timings: readTimings(environment),
    port: integer(environment, 'PORT', 8080, { min: 0, max: 65_535 }),
    host: environment['HOST'] ?? '127.0.0.1',
  };
  if (environment['STARTS_PER_MINUTE_PER_PLAYER'] !== undefined) {
    service.startsPerMinutePerPlayer = integer(environment, 'STARTS_PER_MINUTE_PER_PLAYER', 60, {
      min: 1,
      max: 1_000_000,
    });
  }
  const routing = readRouting(environment, service.psps);
  if (routing !== undefined) service.routing = routing;
  const reconciliation = environment['RECONCILIATION'];
  if (reconciliation !== undefined && reconciliation !== '') {
    const document = json('RECONCILIATION', reconciliation) as ReconciliationDocument;
    readReconciliation(
      'RECONCILIATION',
      document,
      service.psps.map(({ name }) => name),
    );
    service.reconciliation = document;
  }
  const policy = readPolicyDocument(environment);
  if (policy !== undefined) service.policy = policy;
  if (environment['PUBLIC_URL'] !== undefined) service.publicUrl = httpUrl('PUBLIC_URL', environment['PUBLIC_URL']);
  return {
    databaseUrl,
    poolSize: integer(environment, 'DATABASE_POOL_SIZE', DEFAULT_POOL_SIZE, { min: 1, max: 1_000 }),
    service,
  };
}

function required(environment: Environment, name: string, example: string): string {
  const value = environment[name];
  if (value === undefined || value === '') throw new UserError(`${name} is not set.`, `Set ${name}: ${example}.`);
  return value;
}

function integer(
  environment: Environment,
  name: string,
  fallback: number,
  { min, max }: { min: number; max: number },
): number {
  const text = environment[name];
  if (text === undefined || text === '') return fallback;
  const value = Number(text);
  if (!Number.isInteger(value) || value < min || value > max) {
    throw new UserError(
      `${name} is "${text}"; it must be a whole number from ${min} to ${max}.`,
      `Correct ${name} or leave it unset (${fallback}).`,
    );
  }
  return value;
}

function httpUrl(name: string, text: string): string {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || !/^https?:$/.test(url.protocol))
    throw new UserError(
      `${name} is "${text}", which is not an http or https URL.`,
      `Correct ${name}, for instance http://127.0.0.1:8080.`,
    );
  return text.replace(/\/$/, '');
}

function json(name: string, text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    throw new UserError(`${name} is not valid JSON: ${messageOf(error)}.`, `Correct ${name}.`);
  }
}

function readPsps(environment: Environment): ServicePspConfig[] {
  const file = environment['PSPS_FILE'];
  if (file !== undefined && !existsSync(file))
    throw new UserError(
      `PSPS_FILE names ${file}, which does not exist.`,
      'Correct PSPS_FILE, or give the JSON in PSPS.',
    );
  const name = file === undefined ? 'PSPS' : 'PSPS_FILE';
  const text =
    file === undefined
      ? required(environment, 'PSPS', 'a JSON list of {name, dialect, baseUrl, credentials}')
      : readFileSync(file, 'utf8');
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
  const credentials = psp.credentials ?? {};
  const missing = (CREDENTIALS_OF[dialect] ?? []).find(
    (key) => typeof credentials[key] !== 'string' || credentials[key] === '',
  );
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

function readTimings(environment: Environment): Partial<ServiceTimings> {
  const text = environment['TIMINGS'];
  if (text === undefined || text === '') return {};
  const timings = json('TIMINGS', text);
  if (typeof timings !== 'object' || timings === null || Array.isArray(timings))
    throw new UserError(
      'TIMINGS must be a JSON object of milliseconds.',
      'Correct TIMINGS, for instance {"pspTimeoutMs": 5000}.',
    );
  for (const [name, value] of Object.entries(timings)) {
    if (!(name in DEFAULT_TIMINGS))
      throw new UserError(`TIMINGS.${name} is not a timing.`, `Use one of ${Object.keys(DEFAULT_TIMINGS).join(', ')}.`);
    if (typeof value !== 'number' || !Number.isFinite(value) || value <= 0)
      throw new UserError(`TIMINGS.${name} must be milliseconds above zero.`, 'Correct the value.');
  }
  return timings as Partial<ServiceTimings>;
}

/** From ROUTING or the file that ROUTING_FILE names, as YAML (JSON is YAML). */
function readRouting(environment: Environment, psps: readonly ServicePspConfig[]): RoutingConfig | undefined {
  const file = environment['ROUTING_FILE'];
  if (file !== undefined && !existsSync(file))
    throw new UserError(
      `ROUTING_FILE names ${file}, which does not exist.`,
      'Correct ROUTING_FILE, or give the configuration in ROUTING.',
    );
  const name = file === undefined ? 'ROUTING' : 'ROUTING_FILE';
  const text = file === undefined ? environment['ROUTING'] : readFileSync(file, 'utf8');
  if (text === undefined || text === '') return undefined;
  try {
    return checkRouting(
      name,
      parseYaml(text),
      psps.map((psp) => psp.name),
    );
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw new UserError(`${name} is not valid YAML: ${messageOf(error)}.`, `Correct ${name}.`);
  }
}

/** From POLICY or the file that POLICY_FILE names; checked here so that a mistake stops the start. */
function readPolicyDocument(environment: Environment): PolicyDocument | undefined {
  const file = environment['POLICY_FILE'];
  if (file !== undefined && !existsSync(file))
    throw new UserError(
      `POLICY_FILE names ${file}, which does not exist.`,
      'Correct POLICY_FILE, or give the JSON in POLICY.',
    );
  const name = file === undefined ? 'POLICY' : 'POLICY_FILE';
  const text = file === undefined ? environment['POLICY'] : readFileSync(file, 'utf8');
  if (text === undefined || text === '') return undefined;
  const document = json(name, text);
  readPolicy(document, name);
  return document as PolicyDocument;
}
