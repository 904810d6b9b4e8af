/** Bodies that a receiver chokes on: cut in the middle, or far larger than any event is. */
import type { DeliveryEffect } from '../faults/effects.ts';

export function brokenBody(body: string, broken: NonNullable<DeliveryEffect['body']>): string {
  return broken.as === 'malformed' ? body.slice(0, Math.ceil(body.length / 2)) : padded(body, broken.bytes);
}

/** The same event with a field that no receiver knows, of so many bytes. */
function padded(body: string, bytes: number): string {
  const padding = 'x'.repeat(Math.max(0, bytes - body.length));
  const opening = body.indexOf('{');
  if (opening < 0) return `${body}&assay_padding=${padding}`;
  return `${body.slice(0, opening + 1)}"assay_padding":"${padding}",${body.slice(opening + 1)}`;
}
