/**
 * Reads the environment of a service process; nobody else in this folder may. A wrong value
 * is one sentence that names the variable and the next step.
 */
import { existsSync, readFileSync } from 'node:fs';
import { parse as parseYaml } from 'yaml';
import { messageOf, UserError } from '../../kernel/index.ts';
import { readKeys, readLimits } from './access.ts';
import { httpUrl, integer, json, optionalSecret, secret, type Environment } from './environment.ts';
import { checkRouting } from '../application/route-config.ts';
import { readReconciliation, type ReconciliationDocument } from './reconciliation.ts';
import { readEventConfig } from './events.ts';
import { LOG_LEVELS, type LogLevel } from '../observability/log.ts';
import type { RoutingConfig } from '../domain/routing/routing-config.ts';
import { DEFAULT_TIMINGS, type ServiceTimings } from '../domain/timings.ts';
import { readPsps } from './psps.ts';
import { readPolicy, type PolicyDocument } from './policy.ts';
import type { ServiceConfig, ServicePspConfig } from '../service-config.ts';

export interface ProcessConfig {
  databaseUrl: string;
  /** Connections of this process; PostgreSQL allows 100 in all by default. */
  poolSize: number;
  /** Lines below it are not written. */
  logLevel: LogLevel;
  /** How long the service says that it is not ready before it stops to listen. */
  shutdownDelayMs: number;
  /** Where spans are sent by OTLP over HTTP; undefined: nowhere. */
  otlpEndpoint?: string;
  service: ServiceConfig;
}

/** Enough for the worker's eight and as many requests; several processes still fit into one server. */
const DEFAULT_POOL_SIZE = 16;

/** Each may also be given as a file, by `<name>_FILE`. */
const SECRETS = ['DATABASE_URL', 'API_KEY', 'API_KEYS', 'PSPS', 'EVENTS_SECRETS'] as const;

/** @throws UserError with exit code 254 */
export function readConfig(environment: Environment = process.env): ProcessConfig {
  const databaseUrl = secret(environment, 'DATABASE_URL', 'for instance postgres://user@127.0.0.1:5432/payments');
  const service: ServiceConfig = {
    ...readKeys(environment),
    limits: readLimits(environment),
    psps: readPsps(environment),
    timings: readTimings(environment),
    port: integer(environment, 'PORT', 8080, { min: 0, max: 65_535 }),
    host: environment['HOST'] ?? '127.0.0.1',
    databaseBatching: onOrOff(environment, 'DATABASE_BATCHING'),
  };
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
  const events = readEventConfig(environment);
  if (events !== undefined) service.events = events;
  if (environment['WEBHOOK_TRIES'] !== undefined)
    service.webhookTries = integer(environment, 'WEBHOOK_TRIES', 10, { min: 1, max: 100 });
  const policy = readPolicyDocument(environment);
  if (policy !== undefined) service.policy = policy;
  if (environment['PUBLIC_URL'] !== undefined) service.publicUrl = httpUrl('PUBLIC_URL', environment['PUBLIC_URL']);
  const otlp = environment['OTEL_EXPORTER_OTLP_ENDPOINT'];
  return {
    databaseUrl,
    logLevel: logLevel(environment['LOG_LEVEL']),
    shutdownDelayMs: integer(environment, 'SHUTDOWN_DELAY_MS', 0, { min: 0, max: 600_000 }),
    ...(otlp === undefined || otlp === '' ? {} : { otlpEndpoint: httpUrl('OTEL_EXPORTER_OTLP_ENDPOINT', otlp) }),
    poolSize: integer(environment, 'DATABASE_POOL_SIZE', DEFAULT_POOL_SIZE, { min: 1, max: 1_000 }),
    service,
  };
}

/**
 * Values of the environment that are secret, as far as they can be read: for messages of a start
 * that failed, so it never throws.
 */
export function readSecrets(environment: Environment = process.env): string[] {
  return SECRETS.flatMap((name) => {
    try {
      return [optionalSecret(environment, name) ?? ''];
    } catch {
      return [environment[name] ?? ''];
    }
  });
}

/** Off when it is not set. */
function onOrOff(environment: Environment, name: string): boolean {
  const text = environment[name];
  if (text === undefined || text === '' || text === 'off') return false;
  if (text === 'on') return true;
  throw new UserError(`${name} is "${text}".`, 'Use on or off, or leave it unset (off).');
}

function logLevel(text: string | undefined): LogLevel {
  if (text === undefined || text === '') return 'info';
  const level = LOG_LEVELS.find((one) => one === text);
  if (level === undefined)
    throw new UserError(`LOG_LEVEL is "${text}".`, `Use one of ${LOG_LEVELS.join(', ')}, or leave it unset (info).`);
  return level;
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
