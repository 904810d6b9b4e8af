/**
 * What a route answers with, before it becomes bytes.
 */
export type Answer =
  { kind: 'json'; status: number; body: unknown; replayed?: boolean } | { kind: 'redirect'; location: string };

export function json(status: number, body: unknown, replayed = false): Answer {
  return { kind: 'json', status, body, replayed };
}
