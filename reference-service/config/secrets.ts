/**
 * What in a configuration is secret, so that no log line and no message repeats it.
 */
import type { ServiceConfig } from '../service-config.ts';

/** Credentials that are names, not secrets. */
const NAMES: ReadonlySet<string> = new Set([
  'merchantAccount',
  'clientId',
  'webhookId',
  'signingKeyId',
  'certificateId',
]);

export function secretsOf(config: ServiceConfig): string[] {
  const keys = config.apiKey === undefined ? [] : [config.apiKey];
  const credentials = config.psps.flatMap((psp) =>
    Object.entries(psp.credentials)
      .filter(([name]) => !NAMES.has(name))
      // Several webhook secrets stand in one text, one per line or separated by commas.
      .flatMap(([, value]) => [value, ...value.split(/[\s,]+/)]),
  );
  return [...keys, ...credentials, ...(config.events?.secrets ?? [])];
}

/** Secrets inside values of the environment: passwords in URLs, texts of credentials, keys. */
export function secretsOfEnvironment(values: readonly string[]): string[] {
  return values.flatMap((value) => [
    value,
    ...[...value.matchAll(/"((?:[^"\\]|\\.)*)"/g)].map((match) => match[1] ?? '').filter(isLikeASecret),
    ...(URL.canParse(value) ? passwordsOf(new URL(value)) : []),
  ]);
}

/** Names of members and dialects are words; keys and secrets are not. */
function isLikeASecret(text: string): boolean {
  return !/^(?:[a-zA-Z]+|https?:.*|[a-z-]+)$/.test(text);
}

function passwordsOf(url: URL): string[] {
  return url.password === '' ? [] : [url.password, decodeURIComponent(url.password)];
}
