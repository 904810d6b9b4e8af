/**
 * The matching rules of a Pact (specification 4) for one body or one set of headers, found by
 * path. A rule of a container goes down to what is in it until a nearer rule says otherwise.
 */

export interface Matcher {
  match: string;
  regex?: string;
  min?: number;
  max?: number;
  value?: unknown;
  format?: string;
  /** Of `arrayContains`: the expected elements by their place in the example, each with rules of its own. */
  variants?: { index: number; rules: Rules }[];
}

export interface RuleList {
  combine?: 'AND' | 'OR';
  matchers: Matcher[];
}

/** By path expression: `$.data[0].id`, `$['a b'][*]`. */
export type Rules = Readonly<Record<string, RuleList>>;

export type PathStep = string | number;

export interface FoundRule {
  list: RuleList;
  /** The rule stands at a container above. */
  inherited: boolean;
}

const EXACT = 2;
const WILDCARD = 1;

/** `$.a[0]['b c'][*]` → `['a', 0, 'b c', '*']`. */
export function parsePath(expression: string): PathStep[] {
  const steps = expression.matchAll(/\['([^']*)'\]|\["([^"]*)"\]|\[(\d+|\*)\]|\.([^.[\]]+)/g);
  return [...steps].map(([, single, double, index, name]) => {
    const word = single ?? double ?? name;
    if (word !== undefined) return word;
    return index === '*' || index === undefined ? '*' : Number(index);
  });
}

/** The rule that is the most precise about this path; undefined when none speaks of it. */
export function ruleFor(rules: Rules, path: readonly PathStep[]): FoundRule | undefined {
  let best: { weight: number; length: number; list: RuleList } | undefined;
  for (const [expression, list] of Object.entries(rules)) {
    const steps = parsePath(expression);
    const weight = weightOf(steps, path);
    if (weight === 0) continue;
    if (best === undefined || weight > best.weight || (weight === best.weight && steps.length > best.length))
      best = { weight, length: steps.length, list };
  }
  return best === undefined ? undefined : { list: best.list, inherited: best.length < path.length };
}

/** 0 when the expression does not lead to the path or to something above it. */
function weightOf(steps: readonly PathStep[], path: readonly PathStep[]): number {
  if (steps.length > path.length) return 0;
  return steps.reduce<number>((weight, step, at) => {
    if (step === path[at]) return weight * EXACT;
    return step === '*' ? weight * WILDCARD : 0;
  }, EXACT);
}

export function showPath(path: readonly PathStep[]): string {
  return path.reduce<string>((text, step) => {
    if (typeof step === 'number') return `${text}[${step}]`;
    return /^\w+$/.test(step) ? `${text}.${step}` : `${text}['${step}']`;
  }, '$');
}
