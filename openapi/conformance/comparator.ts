/**
 * PactFlow's comparator, with the few types of it that are used here: those that it ships do not
 * resolve as Node resolves modules.
 */
import { createRequire } from 'node:module';

/** One difference between a call of a pact and the document. */
export interface Difference {
  type: 'error' | 'warning';
  code: string;
  message: string;
  mockDetails?: { interactionDescription: string; location: string };
}

interface Package {
  Comparator: new (documents: { oas: object }) => { compare(pact: object): AsyncIterable<Difference> };
}

const { Comparator } = createRequire(import.meta.url)('@pactflow/openapi-pact-comparator') as Package;

/** All differences, warnings included. Messages of the pact are left out: it reads no `webhooks`. */
export async function comparePact(document: object, pact: object): Promise<Difference[]> {
  const differences: Difference[] = [];
  for await (const difference of new Comparator({ oas: document }).compare(pact)) differences.push(difference);
  return differences;
}
