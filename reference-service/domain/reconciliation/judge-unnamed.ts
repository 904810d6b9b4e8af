/**
 * Lines that nobody knows by their references, and what is too much in lines that somebody knows:
 * which movements could be meant by amount and time. A guess is only made where the line has one
 * candidate and the candidate one line; two that fit one another in more than one way are told as
 * what they are. So nothing is ever said of a movement that another reading would contradict.
 *
 *   one line ─ one movement        wrong_reference (or merged_line)
 *   lines ═ movements              ambiguous_line: these are among those, and a person decides
 *   a line alone                   unknown to us: by kind and by what we know of its reference
 */
import type { BreakKind } from './break-kinds.ts';
import { clustersOf, type Cluster, type Edge } from './clusters.ts';
import { described, find, grossOf, groupOf, lineId, placeOf, placesOf, sentence, type Verdict } from './findings.ts';
import { tellAmount, tellMerged, type Excess } from './judge-named.ts';
import type { Expectation, Item, KnownAttempt } from './records.ts';
import type { SettlementTerms } from './terms.ts';

export interface Unnamed {
  rest: readonly Item[];
  excesses: readonly Excess[];
  /** Those that no line names. */
  open: readonly Expectation[];
  attempts: ReadonlyMap<string, KnownAttempt>;
}

/** A line, or the part of one, whose movement is sought. */
type Seeker = { item: Item; excess: Excess | null };

export function judgeUnnamed(verdict: Verdict, unnamed: Unnamed, terms: SettlementTerms): void {
  const explained = new Set<Item>();
  const told = new Set<Excess>();
  for (const cluster of clustersOf(edgesOf(unnamed, terms))) {
    const [only] = cluster.edges;
    if (only !== undefined && cluster.edges.length === 1) {
      const { excess, item } = only.seeker;
      if (excess === null) suggest(verdict, item, only.expectation);
      else tellMerged(verdict, excess, only.expectation);
      if (excess !== null) told.add(excess);
      explained.add(item);
    } else {
      tellAmbiguous(verdict, cluster);
      for (const { item, excess } of cluster.seekers) {
        explained.add(item);
        if (excess !== null) told.add(excess);
      }
    }
  }
  for (const excess of unnamed.excesses) if (!told.has(excess)) tellAmount(verdict, excess);
  // Several lines of the same unknown thing are one discrepancy.
  const unknown = groupOf(
    unnamed.rest.filter((item) => !explained.has(item)),
    (item) => `${item.kind} ${item.reference ?? item.pspReference ?? `${item.batch} ${item.line}`}`,
  );
  for (const items of unknown.values()) tellUnknown(verdict, items, unnamed.attempts);
}

function edgesOf({ rest, excesses, open, attempts }: Unnamed, terms: SettlementTerms): Edge<Seeker>[] {
  const byAmount = groupOf(open, (one) => `${one.kind} ${one.currency} ${one.amountMinor}`);
  const withinMs = terms.suggestWithinSeconds * 1_000;
  const edges: Edge<Seeker>[] = [];
  const candidates = (item: Item, minor: number): Expectation[] =>
    (byAmount.get(`${item.kind} ${item.currency} ${minor}`) ?? []).filter((one) => one.dueAt <= item.settledAt);
  for (const item of rest) {
    const { occurredAt } = item;
    // A line that names an attempt of ours is about that one, whatever fits besides.
    if (occurredAt === null || (item.reference !== null && attempts.has(item.reference))) continue;
    const seeker = { item, excess: null };
    for (const expectation of candidates(item, item.grossMinor))
      if (apart(expectation, occurredAt) <= withinMs) edges.push({ seeker, expectation });
  }
  for (const excess of excesses) {
    const { item, expectation: known } = excess;
    // Settled together is due together; of several, those that happened together.
    const due = candidates(item, excess.moreMinor).filter(({ dueAt }) => dueAt === known.dueAt);
    const near = due.filter((one) => apart(one, known.occurredAt) <= withinMs);
    const seeker = { item, excess };
    for (const expectation of near.length > 0 ? near : due) edges.push({ seeker, expectation });
  }
  return edges;
}

function apart({ occurredAt }: Expectation, at: number): number {
  return Math.abs(occurredAt - at);
}

function suggest(verdict: Verdict, item: Item, expectation: Expectation): void {
  verdict.movements.push({ id: expectation.id, state: 'suggested', batch: item.batch });
  const what = `${placeOf(item)} names ${namesOf(item)}, which nobody knows; by amount and time it may be ${described(expectation)}`;
  find(verdict, 'wrong_reference', expectation, [item], { openMinor: 0, what });
}

function tellAmbiguous(verdict: Verdict, { seekers, expectations }: Cluster<Seeker>): void {
  const [first] = seekers;
  if (first === undefined) return;
  for (const { id } of expectations) verdict.movements.push({ id, state: 'suggested', batch: first.item.batch });
  const said = seekers.map(({ item, excess }) =>
    excess === null
      ? `${placeOf(item)} names ${namesOf(item)}, which nobody knows`
      : `${placeOf(item)} is ${excess.moreMinor} more than ${described(excess.expectation)}`,
  );
  const what = `${said.join('; ')}. By amount and time it is ${expectations.map(described).join(' or ')}, and which cannot be told`;
  const dueMinor = expectations.reduce((sum, { amountMinor }) => sum + amountMinor, 0);
  const cameMinor = seekers.reduce((sum, { item, excess }) => sum + (excess?.moreMinor ?? item.grossMinor), 0);
  verdict.findings.push({
    kind: 'ambiguous_line',
    subjectId: lineId(first.item),
    items: seekers.map(({ item }) => item),
    expectation: null,
    openMinor: dueMinor - cameMinor,
    currency: first.item.currency,
    summary: sentence(what),
  });
}

function namesOf(item: Item): string {
  return `${item.reference ?? 'nothing'} (${item.pspReference ?? 'no id'})`;
}

function tellUnknown(verdict: Verdict, items: Item[], attempts: ReadonlyMap<string, KnownAttempt>): void {
  const [item] = items;
  if (item === undefined) return;
  const attempt = item.reference === null ? undefined : attempts.get(item.reference);
  const said = `${placesOf(items)} tells a ${item.kind} of ${grossOf(items)} ${item.currency} (${item.pspReference ?? 'no id'})`;
  const tell = (kind: BreakKind, what: string): void =>
    void verdict.findings.push({
      kind,
      subjectId: attempt?.subjectId ?? lineId(item),
      items,
      expectation: null,
      openMinor: -grossOf(items),
      currency: item.currency,
      summary: sentence(what),
    });
  if (item.kind === 'chargeback')
    tell(
      'unannounced_chargeback',
      `${said} of ${attempt?.subjectId ?? item.reference ?? 'nobody'}; no dispute was told`,
    );
  else if (attempt === undefined)
    tell('missing_in_ledger', `${said} under ${item.reference ?? 'no reference'}, of which we know nothing`);
  else tell('status_mismatch', `${said}; ${attempt.subjectKind} ${attempt.subjectId} is ${attempt.status} here`);
}
