/** What the service asks of a value that it does not know beforehand, no more and no less. */
import { Matchers } from '@pact-foundation/pact';

const { regex } = Matchers;

/** An identifier of the provider's making: any text that is not empty. Its form is the provider's business. */
export const anyId = (example: string) => regex(/^.+$/, example);

/** Somewhere that a browser can be sent. */
export const url = (example: string) => regex(/^https?:\/\/.+$/, example);

/** An idempotency key that the adapter makes for a call which must never be taken for an earlier one. */
export const freshKey = (example: string) => regex(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/, example);

/** A moment as ISO 8601 text, with or without fractions of a second. */
export const isoMoment = regex(
  /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2})$/,
  '2026-01-05T09:00:00.000Z',
);
