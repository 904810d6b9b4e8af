/**
 * Somebody else's service as the journeys see it: the calls of its target file, with all that is
 * known beforehand already put in. What k6 fills in itself are the player, the amount, the key.
 */
export interface PlannedCall {
  call: string;
  headers?: Record<string, string>;
  body?: unknown;
  form?: Record<string, string>;
}

export interface PlannedTarget {
  name: string;
  currency: string;
  deposit: PlannedCall & {
    answer: Partial<Record<'id' | 'status' | 'redirect' | 'reference' | 'error', string>>;
    status: PlannedCall & { answer: Partial<Record<'status' | 'reference', string>> };
  };
  /** The service's words for statuses. */
  states: Record<string, string>;
  /** What the service is sent as a card, by PSP and by fate (`card_ok`). */
  tokens: Record<string, Record<string, string>>;
}
