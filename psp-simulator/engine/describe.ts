/** What this simulator can do, for help texts and schemas that must not repeat it. */
import { DIALECTS } from '../dialects/index.ts';
import { FAULT_KINDS } from '../faults/index.ts';
import { FaultInputError } from '../faults/parameters.ts';
import { readFault } from '../faults/read-fault.ts';

export interface DialectDescription {
  name: string;
  title: string;
  /** Real host names of this PSP's API, with `*` for one label; the proxy answers for them. */
  hosts: readonly string[];
  /** The same for the same name, in every process. */
  credentials(pspName: string): Readonly<Record<string, string>>;
}

export function describeDialects(): DialectDescription[] {
  return Object.values(DIALECTS).map(({ name, title, hosts, credentials }) => ({ name, title, hosts, credentials }));
}

export function describeFaults(): { name: string; summary: string; point: string }[] {
  return [...FAULT_KINDS.values()].map(({ name, summary, point }) => ({ name, summary, point }));
}

/** What is wrong with a planned fault, as one sentence, or undefined. */
export function faultProblem(spec: unknown, psps: readonly string[]): string | undefined {
  try {
    readFault(spec, { defaultId: 'f1', psps });
    return undefined;
  } catch (error) {
    if (error instanceof FaultInputError) return error.message;
    throw error;
  }
}
