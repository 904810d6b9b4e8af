/** What this simulator can do, for help texts and schemas that must not repeat it. */
import { DIALECTS } from '../dialects/index.ts';
import { FAULT_KINDS } from '../faults/index.ts';

export function describeDialects(): { name: string; title: string }[] {
  return Object.values(DIALECTS).map(({ name, title }) => ({ name, title }));
}

export function describeFaults(): { name: string; summary: string; point: string }[] {
  return [...FAULT_KINDS.values()].map(({ name, summary, point }) => ({ name, summary, point }));
}
