/**
 * The go-live dossier: what a battery of checks said about a service, in one object that can be
 * kept, compared and verified. Every part has a hash over its own content, the dossier one over
 * all of them. A hash shows that nothing was changed since; it does not show who wrote it.
 */
import { createHash } from 'node:crypto';

export const DOSSIER_SCHEMA_VERSION = 1;

export type PartVerdict = 'pass' | 'fail' | 'unknown' | 'left-out';

/** A run that a part rests on, with what is needed to judge it again. */
export interface DossierRun {
  scenario: string;
  driver: string;
  seed: string;
  verdict: string;
  /** Invariant ids and their verdicts. */
  invariants: Record<string, string>;
  fingerprint: string;
  replay: string;
  /** Files of the run, relative to the dossier, with their SHA-256. */
  files: EvidenceFile[];
}

export interface EvidenceFile {
  path: string;
  sha256: string;
}

/** Something that the dossier does not know. */
export interface OpenQuestion {
  what: string;
  why: string;
}

export interface DossierPart {
  id: string;
  title: string;
  /** The command that was carried out, without the program. */
  command: string[];
  exitCode: number | null;
  verdict: PartVerdict;
  wallMs: number;
  /** What came out, in one sentence. */
  says: string;
  figures: [label: string, text: string][];
  runs: DossierRun[];
  unknown: OpenQuestion[];
  sha256: string;
}

export interface Dossier {
  schema: typeof DOSSIER_SCHEMA_VERSION;
  kind: 'assay-dossier';
  /** A smoke is smaller than what a go-live wants. */
  scope: 'full' | 'quick';
  verdict: 'pass' | 'fail' | 'unknown';
  exitCode: number;
  target: { name: string; file: string | null; sha256: string | null };
  made: { at: string; wallMs: number; seed: string; seeds: string[] };
  versions: { assay: string; commit: string | null; changedFiles: number | null; node: string; platform: string };
  /** The scenario files that were run, as they were then. */
  scenarios: { name: string; file: string; sha256: string }[];
  coverage: { exercised: number; feasible: number; neverExercised: string[]; goalsMet: number; goals: number } | null;
  /** Milliseconds from a deposit's request to the credited wallet, under load; null when it was not measured. */
  p95: { observedMs: number; serverMs: number; deposits: number; profile: string } | null;
  parts: DossierPart[];
  unknown: OpenQuestion[];
  sha256: string;
}

export type UnsealedPart = Omit<DossierPart, 'sha256'>;
export type UnsealedDossier = Omit<Dossier, 'sha256' | 'parts'> & { parts: readonly UnsealedPart[] };

/** Adds the hashes: of each part, then of everything with the parts' hashes in the parts' place. */
export function sealDossier(open: UnsealedDossier): Dossier {
  const parts = open.parts.map((part) => ({ ...part, sha256: partHash(part) }));
  return { ...open, parts, sha256: rootHash({ ...open, parts }) };
}

export function partHash(part: UnsealedPart & { sha256?: string }): string {
  const { sha256: _, ...content } = part;
  return hashOf(content);
}

export function rootHash(dossier: Omit<Dossier, 'sha256'> & { sha256?: string }): string {
  const { sha256: _, parts, ...head } = dossier;
  return hashOf({ ...head, parts: parts.map((part) => part.sha256) });
}

/** SHA-256 of the JSON with its keys in order, so that writing it anew changes nothing. */
function hashOf(value: unknown): string {
  return createHash('sha256').update(canonicalJson(value)).digest('hex');
}

function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map((item) => canonicalJson(item ?? null)).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const entries = Object.entries(value)
    .filter(([, item]) => item !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${entries.map(([key, item]) => `${JSON.stringify(key)}:${canonicalJson(item)}`).join(',')}}`;
}
