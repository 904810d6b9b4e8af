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

/** What can be begun and looked at. */
export interface PlannedOperationCall extends PlannedCall {
  answer: Partial<Record<'id' | 'status' | 'redirect' | 'reference' | 'error', string>>;
  status: PlannedCall & { answer: Partial<Record<'status' | 'reference', string>> };
}

export interface PlannedTarget {
  name: string;
  currency: string;
  deposit: PlannedOperationCall;
  payout?: PlannedOperationCall;
  /** Puts money into a wallet, before it is paid out. */
  fund?: PlannedCall;
  /** The service's words for statuses. */
  states: Record<string, string>;
  /** What the service is sent as a card or destination, by PSP and by fate (`card_ok`, `card_payout_ok`). */
  tokens: Record<string, Record<string, string>>;
}
