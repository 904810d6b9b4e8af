/**
 * What a judgement of a foreign target may claim. Where its file leaves something in the dark, an
 * unknown says what to add. Where a run went faster than the target's own clock, what only needs
 * time is unknown, and so is what could not come to pass: it never becomes a pass or a violation.
 */
import { durationMs } from '../dsl/duration.ts';
import { timeText, type RunModel } from '../history/index.ts';
import type { Judgement } from './invariant.ts';

/** What each of the target's deadlines and memories could have turned against. */
const DEADLINES_TOUCH: readonly string[] = ['I4', 'I6', 'I12'];
const MEMORIES_TOUCH: readonly string[] = ['I1', 'I7'];

export function withinReach(id: string, judgement: Judgement, run: RunModel): Judgement {
  const target = run.note?.target;
  if (target === undefined) return judgement;
  const timely = target.compression === 1 || target.test_clock ? judgement : lessWhatNeedsTime(judgement, target);
  const checked = timely.verdict === 'pass' ? withPassedConstants(id, timely, run) : timely;
  return checked.verdict === 'unknown' ? withAdvice(checked, run) : checked;
}

type Target = NonNullable<NonNullable<RunModel['note']>['target']>;

/** A violation that more time could mend is none where the target had less time than the run. */
function lessWhatNeedsTime(judgement: Judgement, target: Target): Judgement {
  const lasting = judgement.violations.filter(({ liveness }) => liveness !== true);
  const [first] = judgement.violations;
  if (first === undefined || lasting.length === judgement.violations.length) return judgement;
  if (lasting.length > 0) return { ...judgement, violations: lasting };
  const reason =
    `${first.contradiction.replace(/\.$/, '')}; but the run's time passed ${rounded(target.compression)} times faster ` +
    `than the target's clock, so it may only have needed more: run it with \`compression: 1\`, or give abilities.test_clock`;
  return { ...judgement, verdict: 'unknown', violations: [], reason };
}

/** The target would have done or forgotten something within the scenario's time, and had not the time to. */
function withPassedConstants(id: string, judgement: Judgement, run: RunModel): Judgement {
  const target = run.note?.target;
  if (target === undefined || target.compression === 1 || target.test_clock) return judgement;
  const spanMs = run.events.at(-1)?.t ?? 0;
  const touching = {
    ...(DEADLINES_TOUCH.includes(id) ? target.deadlines : {}),
    ...(MEMORIES_TOUCH.includes(id) ? target.memories : {}),
  };
  const passed = Object.entries(touching).find(([, text]) => {
    const ms = durationMs(text);
    return ms <= spanMs && ms > spanMs / target.compression;
  });
  if (passed === undefined) return judgement;
  const [name, text] = passed;
  const reason =
    `${name} (${text}) passed in the scenario, while only ${timeText(spanMs / target.compression)} passed at the target: ` +
    'run it with `compression: 1`, or give abilities.test_clock';
  return { ...judgement, verdict: 'unknown', reason };
}

function rounded(factor: number): string {
  return String(Math.round(factor * 10) / 10);
}

/** Probes that a reason speaks of, and the word by which it does. */
const SPOKEN_OF: readonly [probe: string, word: RegExp][] = [
  ['entries', /ledger entries|wallet and entries|entries of/],
  ['wallets', /wallet/],
  ['ledger', /trial balance/],
  ['cases', /cases were not read/],
  ['payment', /was not probed|never probed|no observed payment|nothing observed/],
  ['payout', /Payout .* was not probed/],
  ['refund', /refund .* was not probed/],
];

function withAdvice(judgement: Judgement, run: RunModel): Judgement {
  const missing = run.note?.target?.not_described ?? {};
  const reason = judgement.reason ?? '';
  const add = SPOKEN_OF.flatMap(([probe, word]) => (word.test(reason) ? (missing[probe] ?? []) : []));
  if (add.length === 0) return judgement;
  return { ...judgement, reason: `${reason}. Add to the target file: ${add.join('; ')}` };
}
