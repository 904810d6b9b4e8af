/**
 * Who may call and how often, from the environment.
 */
import { UserError } from '../../kernel/index.ts';
import { integer, json, optionalSecret, type Environment } from './environment.ts';
import type { RateLimits } from '../http/admission.ts';
import { ALL_SCOPES, digestOfKey, PLATFORM, scopesOfContract, type ApiKeyConfig } from '../http/api-keys.ts';
import type { ServiceConfig } from '../service-config.ts';

/** Far above what one process serves: a bound on an accident, not on business. */
const REQUESTS_PER_KEY = 600_000;

/** Ten a second: no player's cashier asks more often, a loop in a client does. */
const REQUESTS_PER_PLAYER = 600;

/** Shorter keys can be guessed. */
const SHORTEST_KEY = 16;

const EXAMPLE = '[{"name": "cashier", "key": "…", "scopes": ["payments:write", "payments:read"]}]';

/**
 * From API_KEY (one key with all scopes), API_KEYS (a JSON list), or both, each also as a file.
 * @throws UserError
 */
export function readKeys(environment: Environment): Pick<ServiceConfig, 'apiKey' | 'apiKeys'> {
  const apiKey = optionalSecret(environment, 'API_KEY');
  const text = optionalSecret(environment, 'API_KEYS');
  if (apiKey === undefined && text === undefined)
    throw new UserError(
      'API_KEY is not set.',
      `Set API_KEY: the bearer token that the platform sends; or API_KEYS: a JSON list such as ${EXAMPLE}.`,
    );
  return {
    ...(apiKey === undefined ? {} : { apiKey }),
    ...(text === undefined ? {} : { apiKeys: checkKeys(json('API_KEYS', text)) }),
  };
}

function checkKeys(list: unknown): ApiKeyConfig[] {
  if (!Array.isArray(list) || list.length === 0)
    throw new UserError('API_KEYS must be a JSON list of at least one key.', `For instance ${EXAMPLE}.`);
  const keys = list.map((entry: unknown, index) => checkKey(`API_KEYS[${index}]`, entry));
  for (const { name, perMinute } of keys) {
    if (keys.some((other) => other.name === name && other.perMinute !== perMinute))
      throw new UserError(
        `API_KEYS gives ${name} two different limits.`,
        'A limit is per name: give it once or alike.',
      );
  }
  return keys;
}

function checkKey(where: string, entry: unknown): ApiKeyConfig {
  const {
    name,
    key,
    sha256,
    scopes,
    per_minute: perMinute,
  } = (typeof entry === 'object' && entry !== null ? entry : {}) as Record<string, unknown>;
  if (typeof name !== 'string' || !/^[a-z][a-z0-9-]{0,31}$/.test(name))
    throw new UserError(
      `${where}.name must be lower-case letters, digits and hyphens, at most 32.`,
      'Correct the name; idempotency keys are kept apart by it.',
    );
  if (name === PLATFORM) throw new UserError(`${where}.name is ${PLATFORM}, the name of API_KEY.`, 'Use another name.');
  const known = scopesOfContract();
  if (!Array.isArray(scopes) || scopes.length === 0)
    throw new UserError(`${where}.scopes must be a list of at least one scope.`, `Use ${ALL_SCOPES} for all.`);
  const unknown = scopes.find((scope) => scope !== ALL_SCOPES && !known.has(String(scope))) as unknown;
  if (unknown !== undefined)
    throw new UserError(
      `${where} has the unknown scope "${String(unknown)}".`,
      `Use ${ALL_SCOPES} or some of ${[...known].sort().join(', ')}.`,
    );
  if (perMinute !== undefined && (!Number.isInteger(perMinute) || (perMinute as number) < 1))
    throw new UserError(`${where}.per_minute must be a whole number above zero.`, 'Correct it or leave it out.');
  return {
    name,
    sha256: digestOf(where, key, sha256),
    scopes: scopes as string[],
    ...(perMinute === undefined ? {} : { perMinute: perMinute as number }),
  };
}

function digestOf(where: string, key: unknown, sha256: unknown): string {
  if ((key === undefined) === (sha256 === undefined))
    throw new UserError(`${where} needs either key or sha256.`, 'Give the key, or the SHA-256 of it in hexadecimal.');
  if (typeof key === 'string' && key.length >= SHORTEST_KEY) return digestOfKey(key);
  if (typeof sha256 === 'string' && /^[0-9a-f]{64}$/.test(sha256)) return sha256;
  throw new UserError(
    key === undefined
      ? `${where}.sha256 must be 64 lower-case hexadecimal digits.`
      : `${where}.key must be at least ${SHORTEST_KEY} characters.`,
    'Correct it, for instance with 32 random bytes as hexadecimal text.',
  );
}

/** @throws UserError */
export function readLimits(environment: Environment): RateLimits {
  const limit = (name: string, fallback: number): number =>
    environment[name] === 'none' ? Infinity : integer(environment, name, fallback, { min: 1, max: 1_000_000_000 });
  return {
    perKey: limit('REQUESTS_PER_MINUTE_PER_KEY', REQUESTS_PER_KEY),
    perPlayer: limit('REQUESTS_PER_MINUTE_PER_PLAYER', REQUESTS_PER_PLAYER),
    startsPerPlayer: limit('STARTS_PER_MINUTE_PER_PLAYER', Infinity),
    webhooksPerPsp: limit('WEBHOOKS_PER_MINUTE_PER_PSP', REQUESTS_PER_KEY),
  };
}
