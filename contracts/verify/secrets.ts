/**
 * What must never be shown: the configuration's secrets in every spelling in which a call, an
 * answer or a message may carry them, and the tokens that were got for them. Text is hidden first
 * and shortened afterwards, because half of a secret would not be recognised any more.
 */

/** Words of a configuration that name something, and open nothing. Every other credential is a secret. */
const NAMES_ONLY = new Set([
  ...['merchantAccount', 'merchantAccountEur', 'processingChannelId', 'clientId', 'webhookId', 'signingKeyId'],
  ...['webhookPath', 'webhookCertificate', 'webhookJwks', 'signedWebhooksOnly'],
]);

/** A shorter secret would stand in half of all words. */
export const LEAST_SECRET_LENGTH = 6;

/** A line of a PEM file that is shorter than this, its last one, says nothing. */
const LEAST_LINE_LENGTH = 16;

const HIDDEN = 'HIDDEN';

export interface Secrets {
  /** The text with `HIDDEN` in the place of every secret. */
  hide(text: string): string;
  /** All texts inside, the names of fields included. */
  hideIn<Value>(value: Value): Value;
  /** A token that was fetched is a secret from then on. */
  learn(token: string): void;
}

export const isSecret = (name: string): boolean => !NAMES_ONLY.has(name);

export function createSecrets(credentials: Readonly<Record<string, string>>): Secrets {
  const hidden = new Set(spellingsOf(credentials));
  let longestFirst: readonly string[] | undefined;
  const hide = (text: string): string => {
    // A secret may stand inside a longer one.
    longestFirst ??= [...hidden].sort((a, b) => b.length - a.length);
    return longestFirst.reduce((shown, secret) => shown.replaceAll(secret, HIDDEN), text);
  };
  const hideIn = (value: unknown): unknown => {
    if (typeof value === 'string') return hide(value);
    if (Array.isArray(value)) return value.map(hideIn);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([name, inner]) => [hide(name), hideIn(inner)]));
  };
  return {
    hide,
    hideIn: <Value>(value: Value): Value => hideIn(value) as Value,
    learn: (token) => {
      for (const spelling of token.length < LEAST_SECRET_LENGTH ? [] : spellings(token)) hidden.add(spelling);
      longestFirst = undefined;
    },
  };
}

function spellingsOf(credentials: Readonly<Record<string, string>>): string[] {
  const { clientId, clientSecret } = credentials;
  // Two keys during a rotation are separated by a comma.
  const secrets = Object.entries(credentials)
    .filter(([name]) => isSecret(name))
    .flatMap(([, value]) => [value, ...value.split(',')])
    .filter(({ length }) => length >= LEAST_SECRET_LENGTH);
  const pair = clientSecret === undefined ? [] : [`${clientId ?? ''}:${clientSecret}`];
  return [...secrets, ...secrets.flatMap(linesOf), ...pair].flatMap(spellings);
}

/** A key in several lines may be quoted line by line; `-----BEGIN` is no secret. */
function linesOf(secret: string): string[] {
  const lines = secret.split(/\r?\n/);
  return lines.length < 2 ? [] : lines.filter((line) => line.length >= LEAST_LINE_LENGTH && !line.startsWith('-----'));
}

/** As it is, in JSON, in a URL, in a form, in base64. */
function spellings(secret: string): string[] {
  const bytes = Buffer.from(secret);
  const base64 = bytes.toString('base64');
  return [
    secret,
    JSON.stringify(secret).slice(1, -1),
    encodeURIComponent(secret),
    new URLSearchParams([['', secret]]).toString().slice(1),
    base64,
    base64.replace(/=+$/, ''),
    bytes.toString('base64url'),
    ...[1, 2].map((before) => base64Inside(bytes, before)).filter(({ length }) => length >= LEAST_SECRET_LENGTH),
  ];
}

/** The letters of base64 that stand for the secret alone, when `before` bytes (modulo 3) stand before it. */
function base64Inside(bytes: Buffer, before: number): string {
  const whole = Math.floor(((before + bytes.length) * 8) / 6);
  return Buffer.concat([Buffer.alloc(before), bytes])
    .toString('base64')
    .slice(before + 1, whole);
}

/** For a text that is hidden already. */
export function shorten(text: string, most: number): string {
  return text.length > most ? `${text.slice(0, most)}…` : text;
}
