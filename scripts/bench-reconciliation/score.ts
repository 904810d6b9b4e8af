/**
 * How good the cases are: which of them were planted, and which of the planted ones were told. An
 * `ambiguous_line` is right when a payment that it names was planted as one whose line cannot be
 * told from another; what was planted with a payment that it names is told by it, among others.
 */
import { CASE_OF, type Expected } from './plants.ts';

export interface Found extends Expected {
  summary: string;
}

export interface Score {
  precision: number;
  recall: number;
  ambiguous: number;
  notPlanted: string[];
  notFound: string[];
}

const BLURRED: readonly string[] = [CASE_OF.reference, CASE_OF.merged];

export function scoreOf(expected: readonly Expected[], found: readonly Found[]): Score {
  const planted = new Set(expected.map(nameOf));
  const blurred = new Set(expected.filter(({ kind }) => BLURRED.includes(kind)).map(({ subjectId }) => subjectId));
  const ambiguous = found.filter(({ kind }) => kind === 'ambiguous_line');
  const named = ambiguous.map(({ summary }) => summary.match(/pay_\d+/g) ?? []);
  const told = new Set([...found.map(nameOf)]);
  const among = new Set(named.flat());
  const wrong = ambiguous.filter((_one, index) => !named[index]?.some((id) => blurred.has(id)));
  const notPlanted = [
    ...found.filter((one) => one.kind !== 'ambiguous_line' && !planted.has(nameOf(one))),
    ...wrong,
  ].map(nameOf);
  const notFound = [...planted].filter((name) => !told.has(name) && !among.has(name.split(' ')[1] ?? ''));
  return {
    precision: found.length === 0 ? 1 : 1 - notPlanted.length / found.length,
    recall: planted.size === 0 ? 1 : 1 - notFound.length / planted.size,
    ambiguous: ambiguous.length,
    notPlanted,
    notFound,
  };
}

function nameOf({ kind, subjectId }: Expected): string {
  return `${kind} ${subjectId}`;
}
