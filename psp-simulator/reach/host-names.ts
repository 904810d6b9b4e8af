/**
 * Which host names the simulator answers for. A PSP's own (its dialect says which), this
 * machine, and names that cannot exist on the internet: those of containers and test networks.
 */
import { isIP } from 'node:net';

/** Names of this machine, which every certificate for a client without a host name carries. */
export const LOOPBACK_NAMES: readonly string[] = ['localhost', '127.0.0.1', '::1'];

/** Top-level domains that are reserved, or that container networks use for themselves. */
const PRIVATE_DOMAINS: readonly string[] = ['localhost', 'internal', 'local', 'test', 'example', 'invalid'];

/** Does a host name fit a pattern such as `*-checkout-live.adyenpayments.com`? `*` stands for one label or a part of one. */
export function fitsHost(pattern: string, host: string): boolean {
  const labels = pattern
    .toLowerCase()
    .split('*')
    .map((part) => part.replaceAll(/[.\\+?^${}()|[\]]/g, '\\$&'));
  return new RegExp(`^${labels.join('[a-z0-9-]+')}$`).test(host.toLowerCase());
}

/** A host name that nobody on the internet can have. */
export function isPrivateName(host: string): boolean {
  const last = host.toLowerCase().split('.').at(-1) ?? '';
  return /^[a-z0-9_-]+$/.test(host.toLowerCase()) || PRIVATE_DOMAINS.includes(last);
}

/** Names of the certificate for what a client asked for: that name if we answer for it, else this machine's. */
export function certificateNames(asked: string | undefined, hosts: readonly string[], listenHost: string): string[] {
  if (asked !== undefined && isIP(asked) === 0) {
    if (hosts.some((pattern) => fitsHost(pattern, asked)) || isPrivateName(asked)) return [asked.toLowerCase()];
  }
  const own = isIP(listenHost) !== 0 && !/^(0\.0\.0\.0|::)$/.test(listenHost) ? [listenHost] : [];
  return [...new Set([...LOOPBACK_NAMES, ...own])];
}
