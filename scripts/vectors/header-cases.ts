/**
 * The cases of a scheme whose signature stands in headers. What differs between schemes is told
 * by a `HeaderScheme`: how it signs, whether it signs a time, and what several or strange
 * signatures look like in it.
 */
import { bytesOf, type VectorCase } from '../../contracts/index.ts';
import { MESSAGES, NUMBERS, OTHER_KEY_ORDER, PLAIN, text, WITH_CRLF } from './bodies.ts';
import type { Headers } from './sign.ts';

/** 5 January 2026, 09:00:00 UTC. */
export const NOW = 1_767_603_600;
export const TOLERANCE_SECONDS = 300;

export type KeyName = 'current' | 'previous' | 'retired';

export interface HeaderScheme {
  sign(body: Buffer, key: KeyName, at: number): Headers;
  /** Name of the header that holds the signature. */
  signature: string;
  /** One bit of the signature flipped, still of its form. */
  flip(value: string): string;
  /** Header that holds the signed time and how another time is put into it; absent: none is signed. */
  time?: { header: string; put(value: string, at: number): string };
  path?: string;
  /** Keys that the verifier needs to accept the previous key, where it has only one at a time. */
  previousKeys?: Record<string, string>;
  /** Verifiers that judge no time from the future. */
  acceptsFuture?: Record<string, string>;
}

const body = (content: string): Buffer => Buffer.from(content, 'utf8');
export const plain = body(PLAIN);

export function headerCases(scheme: HeaderScheme): VectorCase[] {
  const { sign, signature, path } = scheme;
  const at = (id: string, why: string, more: Partial<VectorCase> & { headers: Headers }): VectorCase => ({
    id,
    why,
    body: text(PLAIN),
    received_at: NOW,
    expect: 'valid',
    ...(path === undefined ? {} : { path }),
    ...more,
  });
  const genuine = sign(plain, 'current', NOW);
  const withSignature = (value: string): Headers => ({ ...genuine, [signature]: value });
  const without = Object.fromEntries(Object.entries(genuine).filter(([name]) => name !== signature));
  const altered = (id: string, why: string, signed: string, sent: string): VectorCase =>
    at(id, why, { body: text(sent), headers: sign(body(signed), 'current', NOW), expect: 'mismatch' });

  return [
    ...MESSAGES.map(({ id, why, body: bytes }) =>
      at(id, why, { body: bytes, headers: sign(bytesOf(bytes), 'current', NOW), sign: { key: 'current', at: NOW } }),
    ),
    altered(
      'keys-reordered',
      'The same JSON with its keys in another order is another message.',
      PLAIN,
      OTHER_KEY_ORDER,
    ),
    altered('number-respelled', '10 is not 10.00 to a signature.', NUMBERS, NUMBERS.replace('10.00', '10')),
    altered(
      'crlf-to-lf',
      'A gateway that cleans line ends breaks the signature.',
      WITH_CRLF,
      WITH_CRLF.replaceAll('\r\n', '\n'),
    ),
    altered('flipped-bit-body', 'One flipped bit: 5000 became 4000.', PLAIN, PLAIN.replace('5000', '4000')),
    at('flipped-bit-signature', 'One flipped bit of the signature.', {
      headers: withSignature(scheme.flip(genuine[signature] ?? '')),
      expect: 'mismatch',
    }),
    at('header-case', 'Names of headers have no case: HTTP/2 sends them in lower case, proxies as they like.', {
      headers: Object.fromEntries(Object.entries(genuine).map(([name, value]) => [name.toUpperCase(), value])),
    }),
    at('rotation-old-key', 'While a key is being changed, what the old one has signed is still on its way.', {
      headers: sign(plain, 'previous', NOW),
      sign: { key: 'previous', at: NOW },
      ...(scheme.previousKeys === undefined ? {} : { keys: scheme.previousKeys }),
    }),
    at('retired-key', 'A key that was taken out of use proves nothing.', {
      headers: sign(plain, 'retired', NOW),
      expect: 'mismatch',
    }),
    at('missing', 'No signature at all.', { headers: without, expect: 'missing' }),
    at('malformed', 'Something that can be no signature.', {
      headers: withSignature('not-a-signature'),
      expect: 'malformed',
    }),
    ...timeCases(scheme, at),
  ];
}

type Make = (id: string, why: string, more: Partial<VectorCase> & { headers: Headers }) => VectorCase;

function timeCases({ sign, time, acceptsFuture }: HeaderScheme, at: Make): VectorCase[] {
  if (time === undefined) return [];
  const signedAt = (seconds: number): Required<Pick<VectorCase, 'headers' | 'sign'>> => ({
    headers: sign(plain, 'current', seconds),
    sign: { key: 'current', at: seconds },
  });
  const genuine = sign(plain, 'current', NOW);
  return [
    at('at-tolerance', 'Exactly the tolerance is still in time.', signedAt(NOW - TOLERANCE_SECONDS)),
    at('beyond-tolerance', 'A second more is an old message dressed up as a new one.', {
      ...signedAt(NOW - TOLERANCE_SECONDS - 1),
      expect: 'stale',
    }),
    at('future-within-tolerance', 'Clocks differ a little.', signedAt(NOW + TOLERANCE_SECONDS)),
    at('future', 'A time from the future would let a captured message be used later.', {
      ...signedAt(NOW + TOLERANCE_SECONDS + 1),
      expect: 'future',
      ...(acceptsFuture === undefined ? {} : { differs: acceptsFuture }),
    }),
    at('time-changed', 'The time is signed: a fresh one put beside an old signature must not fit.', {
      headers: { ...genuine, [time.header]: time.put(genuine[time.header] ?? '', NOW + 1) },
      expect: 'mismatch',
    }),
  ];
}

/** The last hexadecimal digit with its lowest bit flipped. */
export function flipHex(value: string): string {
  const digit = Number.parseInt(value.slice(-1), 16) ^ 1;
  return `${value.slice(0, -1)}${digit.toString(16)}`;
}

/** The lowest bit of the first byte of base64 (of either alphabet) after `start`. */
export function flipBase64(value: string, start = 0, encoding: 'base64' | 'base64url' = 'base64'): string {
  const bytes = Buffer.from(value.slice(start), encoding);
  bytes[0] = (bytes[0] ?? 0) ^ 1;
  return value.slice(0, start) + bytes.toString(encoding);
}
