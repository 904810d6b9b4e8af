/**
 * Where an answer is read: the base of all links in it. Mollie's clients follow these links, so
 * they must lead back the way the request came (plain, through TLS, or under the real host name
 * behind a proxy). In webhooks, which answer no request, they lead to the PSP's own address.
 */
import { createHash } from 'node:crypto';
import type { Call, PspContext, PspRequest } from '../dialect.ts';

export interface Place {
  psp: PspContext;
  /** Without a trailing slash. */
  origin: string;
}

export interface Link {
  href: string;
  type: string;
}

/** The place of an answer to this call. */
export function placeOf(call: Call): Place {
  return { psp: call.psp, origin: originOf(call.request, call.psp.url) };
}

/** The place of a webhook. */
export function ownPlace(psp: PspContext): Place {
  return { psp, origin: psp.url };
}

/** A resource of the API: `/v2/payments/tr_…`. */
export function halLink(place: Place, path: string): Link {
  return { href: `${place.origin}/v2/${path}`, type: 'application/hal+json' };
}

export function htmlLink(href: string): Link {
  return { href, type: 'text/html' };
}

/** A page of Mollie's reference. */
export function documentation(page: string): Link {
  return htmlLink(`https://docs.mollie.com/reference/${page}`);
}

/** Mollie writes times with seconds and an offset: `2026-11-23T09:00:00+00:00`. */
export function mollieTime(atMs: number): string {
  return `${new Date(atMs).toISOString().slice(0, 19)}+00:00`;
}

/** An id that follows from what it stands for, for things that the books have no record of. */
export function derivedId(prefix: string, ...parts: readonly string[]): string {
  const hex = createHash('sha256').update(parts.join('\n')).digest('hex');
  return `${prefix}_${BigInt(`0x${hex.slice(0, 20)}`)
    .toString(36)
    .padStart(16, '0')}`;
}

function originOf({ headers }: PspRequest, fallback: string): string {
  const host = headers['host'] ?? '';
  if (!/^[\w.:[\]-]+$/.test(host)) return fallback;
  return `${headers['x-forwarded-proto'] === 'https' ? 'https' : 'http'}://${host}`;
}
