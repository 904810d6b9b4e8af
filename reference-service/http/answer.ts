/**
 * What a route answers with, before it becomes bytes.
 */
export type Answer =
  | { kind: 'json'; status: number; body: unknown; replayed?: boolean }
  /** As it is, for instance CSV. */
  | { kind: 'text'; status: number; contentType: string; text: string }
  | { kind: 'redirect'; location: string };

export function json(status: number, body: unknown, replayed = false): Answer {
  return { kind: 'json', status, body, replayed };
}
