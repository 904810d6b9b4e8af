/**
 * Paths of clients that were led here by their base URL: an SDK that joins its hard-coded URL
 * to it sends `/https://api-m.sandbox.paypal.com/v2/orders`, one whose base URL ends with a
 * slash sends `//v1/payments`, and a client of an HTTP proxy sends the absolute URL itself.
 */

/** Scheme and host in front of a path; some proxies make one slash of two. */
const ABSOLUTE = /^\/*https?:\/{1,2}[^/?]+/i;

/** The path that the PSP itself would see: one leading slash, no scheme, no host. A query stays where it is. */
export function withoutHost(path: string): string {
  // Every request comes through here, and nearly all are plain.
  if (/^\/(?!\/|https?:)/i.test(path)) return path;
  return `/${path.replace(ABSOLUTE, '').replace(/^\/+/, '')}`;
}

/** Host name of an absolute URL or an authority (`host:port`), lower-case, without port; undefined when there is none. */
export function hostOf(target: string): string | undefined {
  const url = /^https?:\/\//i.test(target) ? target : `http://${target}`;
  return URL.canParse(url) ? new URL(url).hostname.toLowerCase() || undefined : undefined;
}
