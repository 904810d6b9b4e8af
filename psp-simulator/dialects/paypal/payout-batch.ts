/** The ids of a batch and its items: thirteen characters, of which the last three count the items. */
import type { PayoutRecord } from '../../core/records.ts';
import type { PspContext } from '../dialect.ts';
import { payoutDetails } from './details.ts';
import { codeFrom } from './ids.ts';

const STEM_LENGTH = 10;
const NUMBER_LENGTH = 3;

/** `use` counts how often the sender's id was used before. */
export function batchIdFor(psp: PspContext, senderBatchId: string, use: number): string {
  return `${codeFrom(`${psp.name} ${senderBatchId} ${use}`, STEM_LENGTH)}000`;
}

export function itemIdOf(batchId: string, position: number): string {
  const number = (position + 1).toString(36).toUpperCase().padStart(NUMBER_LENGTH, '0');
  return `${batchId.slice(0, STEM_LENGTH)}${number}`;
}

/** Every item of the batch, in its order; empty when there is no such batch. */
export function batchOf(psp: PspContext, batchId: string): PayoutRecord[] {
  const items: PayoutRecord[] = [];
  if (itemIdOf(batchId, -1) !== batchId) return items;
  for (let position = 0; ; position += 1) {
    const item = psp.bank.findPayout(itemIdOf(batchId, position));
    if (item === undefined) return items;
    items.push(item);
  }
}

/** Has every item but this one come to an end? Stops at the first that has not: a batch may have thousands. */
export function isBatchDone(psp: PspContext, item: PayoutRecord): boolean {
  const { batchId } = payoutDetails(item);
  for (let position = 0; ; position += 1) {
    const other = psp.bank.findPayout(itemIdOf(batchId, position));
    if (other === undefined) return true;
    if (other.state === 'pending' && other.pspReference !== item.pspReference) return false;
  }
}
