/**
 * Where webhooks may go: loopback, and what the allow-list names. A simulator sends whatever it is
 * told to wherever it is told to; without this a wrong URL would reach somebody else's system.
 * Checked when a URL is configured and again at each delivery, because a URL can change between.
 * Names are compared as written and never resolved; addresses and networks match addresses only.
 */
import { BlockList, isIP } from 'node:net';
import { NetworkError, UserError } from '../../kernel/index.ts';
import type { Network } from '../../kernel/index.ts';
import { isLoopback, withoutBrackets } from '../engine/loopback.ts';

/** A delivery that the allow-list forbids: nothing was sent. */
export class TargetNotAllowed extends NetworkError {
  constructor(message: string) {
    super('refused', message, false);
    this.name = 'TargetNotAllowed';
  }
}

export interface WebhookTargets {
  /** Why this URL may not be a target, in one sentence, or undefined. */
  problem(url: string): string | undefined;
}

/** Everything may be reached: in-memory networks have nobody outside. */
export const ANY_TARGET: WebhookTargets = { problem: () => undefined };

/**
 * `allowed`: host names (`shop.example.com`), names below one (`*.example.com`), addresses
 * (`10.0.0.7`) and networks (`10.0.0.0/8`). Throws a UserError for anything else.
 */
export function webhookTargets(allowed: readonly string[]): WebhookTargets {
  const names = new Set<string>();
  const suffixes: string[] = [];
  const addresses = new BlockList();
  for (const entry of allowed) {
    const text = entry.trim().toLowerCase();
    const [address = '', prefix] = withoutBrackets(text).split('/');
    if (isIP(address) !== 0) addNetwork(addresses, address, prefix, entry);
    else if (NAME.test(text)) names.add(text);
    else if (text.startsWith('*.') && NAME.test(text.slice(2))) suffixes.push(text.slice(1));
    else throw notAnEntry(entry);
  }
  const isAllowed = (host: string): boolean => {
    if (isLoopback(host) || names.has(host) || suffixes.some((suffix) => host.endsWith(suffix))) return true;
    const version = isIP(host);
    return version !== 0 && addresses.check(host, version === 4 ? 'ipv4' : 'ipv6');
  };
  return {
    problem: (url) => {
      if (!URL.canParse(url)) return `the webhook URL ${JSON.stringify(url)} cannot be read`;
      const host = withoutBrackets(new URL(url).hostname.toLowerCase());
      if (isAllowed(host)) return undefined;
      return `webhooks may not go to ${host}: it is not on this machine, and the simulator was started without it in the list of allowed webhook targets`;
    },
  };
}

/** A network that refuses requests to targets that are not allowed, before a byte leaves. */
export function guardTargets(network: Network, targets: WebhookTargets): Network {
  return {
    kind: network.kind,
    listen: (options) => network.listen(options),
    close: () => network.close(),
    request: async (request) => {
      const problem = targets.problem(request.url);
      if (problem !== undefined) throw new TargetNotAllowed(problem);
      return network.request(request);
    },
  };
}

const NAME = /^[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?)*$/;

function addNetwork(list: BlockList, address: string, prefix: string | undefined, entry: string): void {
  const type = isIP(address) === 4 ? 'ipv4' : 'ipv6';
  const bits = type === 'ipv4' ? 32 : 128;
  const length = prefix === undefined ? bits : Number(prefix);
  if (prefix === '' || !Number.isInteger(length) || length < 0 || length > bits) throw notAnEntry(entry);
  list.addSubnet(address, length, type);
}

function notAnEntry(entry: string): UserError {
  return new UserError(
    `${JSON.stringify(entry)} cannot be an allowed webhook target`,
    'Write a host name (shop.example.com), names below one (*.example.com), an address (10.0.0.7) or a network (10.0.0.0/8).',
  );
}
