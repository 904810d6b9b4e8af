/**
 * A decision in words. Made from the stored decision alone, when somebody asks.
 */
import type { Decision, Ranked, Rejected } from './decide.ts';

const REJECTED: Readonly<Record<Rejected['reason'], string>> = {
  level: 'nothing new is sent at this level',
  unable: 'it cannot do what this needs',
  rule: 'a rule keeps it out',
  out_of_service: 'an operator took it out of service',
  tried: 'it has had its attempt',
  breaker_open: 'its circuit breaker is open',
};

const PLACED: Readonly<Record<Ranked['place'], string>> = {
  asked_for: 'was asked for',
  session: "has the player's running session at this bank",
  rule: 'is put there by a rule',
  probe: 'is tried again after a disturbance',
  quality: 'by score',
  order: 'by the configured order',
};

/** One sentence per line: the outcome, then every PSP. */
export function explain(decision: Decision): string[] {
  const { psp, ranked, rejected, rule, level, segment } = decision;
  const first = ranked[0];
  const outcome =
    psp === null || first === undefined
      ? `No PSP may take this ${decision.operation} of ${segment} now (level ${level}).`
      : `${psp} gets this ${decision.operation} of ${segment} at level ${level}: it ${PLACED[first.place].replace(/^by/, 'leads by')}${rule !== null && first.place === 'rule' ? ` (${rule})` : ''}.`;
  return [outcome, ...ranked.map(lineOf), ...rejected.map(refusalLine)];
}

function lineOf({ psp, place, tries, score, parts }: Ranked, index: number): string {
  const speed = parts.p95Ms === null ? 'speed unknown' : `p95 ${parts.p95Ms} ms`;
  const again = tries === 0 ? '' : `, after ${tries} tries`;
  return (
    `${index + 1}. ${psp}: ${PLACED[place]}${again}; score ${score} from conversion ${percent(parts.conversion)}` +
    ` (drawn ${percent(parts.drawn)}, ${parts.trials} outcomes), cost ${percent(parts.cost)}, technical errors ${percent(parts.technical)},` +
    ` failed challenges ${percent(parts.challengeFailed)}, ${speed}`
  );
}

function refusalLine({ psp, reason, detail }: Rejected): string {
  return `not ${psp}: ${REJECTED[reason]}${detail === undefined ? '' : ` (${detail})`}`;
}

function percent(part: number): string {
  return `${(100 * part).toFixed(1)} %`;
}
