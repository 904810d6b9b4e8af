/**
 * Who could stand for whom: lines and movements as the two sides of a graph, and its connected
 * parts. A part of one edge is a pair that has no alternative.
 */
import type { Expectation } from './records.ts';

export interface Edge<Seeker> {
  seeker: Seeker;
  expectation: Expectation;
}

export interface Cluster<Seeker> {
  edges: Edge<Seeker>[];
  seekers: Seeker[];
  expectations: Expectation[];
}

/** In the order of their first edge. */
export function clustersOf<Seeker extends object>(edges: readonly Edge<Seeker>[]): Cluster<Seeker>[] {
  const bySeeker = new Map<object, Edge<Seeker>[]>();
  const byExpectation = new Map<object, Edge<Seeker>[]>();
  for (const edge of edges) {
    append(bySeeker, edge.seeker, edge);
    append(byExpectation, edge.expectation, edge);
  }
  const seen = new Set<Edge<Seeker>>();
  return edges.flatMap((first) => {
    if (seen.has(first)) return [];
    const reached: Edge<Seeker>[] = [];
    const waiting = [first];
    for (let edge = waiting.pop(); edge !== undefined; edge = waiting.pop()) {
      if (seen.has(edge)) continue;
      seen.add(edge);
      reached.push(edge);
      waiting.push(...(bySeeker.get(edge.seeker) ?? []), ...(byExpectation.get(edge.expectation) ?? []));
    }
    const seekers = [...new Set(reached.map(({ seeker }) => seeker))];
    const expectations = [...new Set(reached.map(({ expectation }) => expectation))].sort((a, b) => a.id - b.id);
    return [{ edges: reached, seekers, expectations }];
  });
}

function append<Value>(groups: Map<object, Value[]>, key: object, value: Value): void {
  const group = groups.get(key);
  if (group === undefined) groups.set(key, [value]);
  else group.push(value);
}
