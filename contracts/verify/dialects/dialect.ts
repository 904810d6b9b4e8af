/**
 * What the partner command must know of a wire protocol beside its pact: how to authenticate, how
 * to make an ordinary payment, and what the protocol promises about keys, unknown ids and money.
 * Written for this command alone.
 */
import type { Network } from '../../../kernel/index.ts';
import type { Call } from '../exchange.ts';

export interface Wish {
  reference: string;
  /** Minor units. */
  amountMinor: number;
  /** ISO 4217, upper case. */
  currency: string;
  credentials: Readonly<Record<string, string>>;
}

export interface Session {
  network: Network;
  baseUrl: string;
  credentials: Readonly<Record<string, string>>;
}

/** A refusal: one of these statuses and, where the protocol has one, this code. */
export interface Refusal {
  statuses: readonly number[];
  /** Path of the code in the body, and its value. */
  code?: readonly [path: string, value: string];
}

export interface Dialect {
  readonly name: string;
  readonly title: string;
  /** Names of credentials without which nothing can be called. */
  readonly needs: readonly string[];
  /** Names of further ones that are read where they are given. */
  readonly reads?: readonly string[];
  /** Adds credentials and, where the protocol signs requests, the signature. */
  authorize(call: Call, session: Session): Promise<Call>;
  /** A card (or bank) payment that succeeds at once. */
  pay(wish: Wish): Call;
  readonly keyHeader: string;
  /** Reads a payment; absent where the protocol has no such call. */
  read?(id: string): Call;
  idOf(json: unknown): string | undefined;
  /** Amount and currency of a payment of 50.00 EUR, as they must stand on the wire; from `read` where there is one. */
  readonly money: { amount: string; currency: string; expected: readonly [unknown, unknown] };
  /** How a call about an id that was never given out is answered. */
  readonly unknownId: { call(credentials: Readonly<Record<string, string>>): Call } & Refusal;
  readonly noCredentials: Refusal;
  /** How a payment in `ZZZ` is answered. */
  readonly unknownCurrency: Refusal;
  /** The same key with another body: refused, or answered with the first payment. */
  readonly otherBody: Refusal | 'first-payment';
  /** A repeated call is answered with the first answer, or with the latest state of what it made. */
  readonly replay: 'first-answer' | 'latest-state';
  /** Name of an event as the pacts write it; empty for what is no event. */
  eventName(json: unknown, body: string): string;
  eventId(json: unknown, body: string): string;
}

export const RETURN_URL = 'https://merchant.example/return';

/** The value at `a.b.0.c`; undefined when there is none. */
export function at(json: unknown, path: string): unknown {
  return path
    .split('.')
    .reduce<unknown>(
      (value, step) =>
        typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[step] : undefined,
      json,
    );
}

export function textAt(json: unknown, path: string): string | undefined {
  const value = at(json, path);
  return typeof value === 'string' && value !== '' ? value : undefined;
}

export function jsonCall(method: string, path: string, body?: object, headers: Record<string, string> = {}): Call {
  return {
    method,
    path,
    headers: {
      accept: 'application/json',
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  };
}

/** Names have no case: what is given takes the place of a header that is spelled otherwise. */
export function withHeaders(call: Call, headers: Record<string, string>): Call {
  const given = Object.keys(headers).map((name) => name.toLowerCase());
  const others = Object.entries(call.headers).filter(([name]) => !given.includes(name.toLowerCase()));
  return { ...call, headers: { ...Object.fromEntries(others), ...headers } };
}

/** Major units with two decimals. */
export const major = (minor: number): string => (minor / 100).toFixed(2);

/** For protocols whose key is a bearer token. */
export const bearer =
  (name: string) =>
  (call: Call, { credentials }: Session): Promise<Call> =>
    Promise.resolve(withHeaders(call, { authorization: `Bearer ${credentials[name] ?? ''}` }));
