/** What an adapter says when no answer came; for the scripts of the fake PSP. */

export const TIMED_OUT = { kind: 'in_doubt', requestMayHaveArrived: true, reason: 'timeout' } as const;
export const NOT_REACHED = {
  kind: 'not_reached',
  requestMayHaveArrived: false,
  reason: 'connection refused',
} as const;
