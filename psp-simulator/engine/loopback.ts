/** Which host names stay on this machine: decides where a token and an allow-list are asked for. */
import { BlockList, isIP } from 'node:net';

const loopback = new BlockList();
loopback.addSubnet('127.0.0.0', 8, 'ipv4');
loopback.addAddress('::1', 'ipv6');

/** `localhost`, names below it, 127.0.0.0/8 and ::1. A name that only resolves there does not count: it may change. */
export function isLoopback(host: string): boolean {
  const bare = withoutBrackets(host).toLowerCase();
  const version = isIP(bare);
  if (version === 0) return bare === 'localhost' || bare.endsWith('.localhost');
  return loopback.check(bare, version === 4 ? 'ipv4' : 'ipv6');
}

/** `[::1]` as in a URL becomes `::1`. */
export function withoutBrackets(host: string): string {
  return host.startsWith('[') && host.endsWith(']') ? host.slice(1, -1) : host;
}
