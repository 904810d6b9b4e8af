/**
 * Signature vectors as data: messages byte by byte, and what a verifier must say of each. They are
 * made by `scripts/write-vectors.ts`, and read by everyone who signs or verifies: the simulator,
 * the service, the official SDKs, and `assay contract verify`. No code is shared among those.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../../kernel/index.ts';

export const SCHEMES = [
  'acme',
  'adyen',
  'checkout',
  'mollie',
  'open-banking',
  'paypal',
  'standard-webhooks',
  'stripe',
] as const;
export type SchemeName = (typeof SCHEMES)[number];

/** What a verifier says; `unsigned`: this form is never signed, so it is a hint and no proof. */
export type VectorVerdict = 'valid' | 'unsigned' | 'missing' | 'malformed' | 'mismatch' | 'stale' | 'future';

/** Bytes in base64; a long text by the rule `prefix + unit × times + suffix`. */
export type VectorBytes =
  { base64: string } | { prefix_base64: string; unit_base64: string; times: number; suffix_base64: string };

export interface VectorCase {
  id: string;
  /** What goes wrong in practice without this case. */
  why: string;
  /** As received. */
  body: VectorBytes;
  /** The message before it was signed, where the signature stands inside it. */
  unsigned?: VectorBytes;
  /** As received; the spelling of names is part of the case. */
  headers: Record<string, string>;
  /** Path of the request, where it is signed. */
  path?: string;
  /** Unix seconds. */
  received_at: number;
  /** Keys of the verifier that differ from those of the file. */
  keys?: Record<string, string>;
  expect: VectorVerdict;
  /** Given key and time, a signer must make exactly these headers (or this signature). */
  sign?: { key: 'current' | 'previous'; at: number };
  /** Verifiers known to say something else, and why; by name. */
  differs?: Record<string, string>;
}

export interface VectorFile {
  scheme: SchemeName;
  /** How the signature is made, in words. */
  about: string;
  /** How far the signed time may lie from the verifier's clock; null where no time is signed. */
  tolerance_seconds: number | null;
  /** What a verifier is configured with; several keys are separated by commas. */
  keys: Record<string, string>;
  /** What a signer is configured with. */
  signing_keys: { current: string; previous: string };
  cases: VectorCase[];
}

export function vectorsFolder(): string {
  return join(projectRoot(), 'contracts', 'vectors');
}

export function vectorPath(scheme: SchemeName): string {
  return join(vectorsFolder(), `${scheme}.json`);
}

export function readVectors(scheme: SchemeName): VectorFile {
  return JSON.parse(readFileSync(vectorPath(scheme), 'utf8')) as VectorFile;
}

export function bytesOf(bytes: VectorBytes): Buffer {
  const decode = (text: string): Buffer => Buffer.from(text, 'base64');
  if ('base64' in bytes) return decode(bytes.base64);
  const unit = decode(bytes.unit_base64);
  return Buffer.concat([
    decode(bytes.prefix_base64),
    Buffer.alloc(unit.length * bytes.times, unit),
    decode(bytes.suffix_base64),
  ]);
}
