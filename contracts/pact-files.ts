/**
 * The committed pact files as data: which there are, and what each asks of its provider. Only
 * the fields that others need are read; the format is Pact specification 4.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../kernel/index.ts';

/** A condition that must hold at the provider before an interaction makes sense. */
export interface PactState {
  name: string;
  params?: Record<string, unknown>;
}

export interface PactBody {
  content: unknown;
  contentType: string;
}

interface Interaction {
  description: string;
  providerStates?: PactState[];
  /** Why the consumer needs this, in sentences. */
  comments?: { text?: string[] };
}

export interface PactCall extends Interaction {
  type: 'Synchronous/HTTP';
  request: {
    method: string;
    path: string;
    query?: Record<string, string[]>;
    headers?: Record<string, string[]>;
    body?: PactBody;
  };
  response: { status: number; body?: PactBody };
}

export interface PactMessage extends Interaction {
  type: 'Asynchronous/Messages';
  contents: PactBody;
}

export type PactInteraction = PactCall | PactMessage;

export interface PactFile {
  consumer: { name: string };
  provider: { name: string };
  interactions: PactInteraction[];
}

/** The folder of the committed pacts. */
export function pactsFolder(): string {
  return join(projectRoot(), 'contracts', 'pacts');
}

/** The name that Pact gives to the file of two parties. */
export function pactFileName(consumer: string, provider: string): string {
  return `${consumer}-${provider}.json`;
}

/** Paths of all committed pacts, sorted. */
export function listPacts(): string[] {
  return readdirSync(pactsFolder())
    .filter((name) => name.endsWith('.json'))
    .sort()
    .map((name) => join(pactsFolder(), name));
}

/** @throws Error when there is no such file, or it is not JSON */
export function readPact(path: string): PactFile {
  return JSON.parse(readFileSync(path, 'utf8')) as PactFile;
}

/** What an interaction is called wherever it is listed: description and the states it needs. */
export function titleOf({
  description,
  providerStates = [],
}: Pick<PactInteraction, 'description' | 'providerStates'>): string {
  const states = providerStates.map(({ name }) => name).join(' and ');
  return states === '' ? description : `${description}, given ${states}`;
}
