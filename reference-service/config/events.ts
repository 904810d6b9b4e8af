/**
 * Reads where the platform is told from the environment: EVENTS_URL with EVENTS_SECRETS or
 * EVENTS_SECRETS_FILE (secrets divided by blanks, commas or lines), and EVENTS_ALLOW_HTTP for a
 * private network.
 */
import { existsSync, readFileSync } from 'node:fs';
import { UserError } from '../../kernel/index.ts';
import { readEventEndpoint, type EventEndpointConfig } from '../application/event-endpoint.ts';

/** @throws UserError */
export function readEventConfig(environment: Record<string, string | undefined>): EventEndpointConfig | undefined {
  const url = environment['EVENTS_URL'];
  if (url === undefined || url === '') return undefined;
  const file = environment['EVENTS_SECRETS_FILE'];
  if (file !== undefined && !existsSync(file))
    throw new UserError(
      `EVENTS_SECRETS_FILE names ${file}, which does not exist.`,
      'Correct EVENTS_SECRETS_FILE, or give the secrets in EVENTS_SECRETS.',
    );
  const text = file === undefined ? (environment['EVENTS_SECRETS'] ?? '') : readFileSync(file, 'utf8');
  const config: EventEndpointConfig = {
    url,
    secrets: text.split(/[\s,]+/).filter((secret) => secret !== ''),
    allowHttp: environment['EVENTS_ALLOW_HTTP'] === 'true',
  };
  readEventEndpoint('EVENTS', config);
  return config;
}
