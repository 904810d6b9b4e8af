/**
 * Story: once a day a PSP that offers its settlement files is asked for the new ones. What cannot
 * be had now is asked for again the next time; a file that was imported before changes nothing.
 */
import { messageOf } from '../../../kernel/index.ts';
import { pspOf, type ServiceContext } from '../context.ts';
import { importSettlement } from './import-settlement.ts';

const DAY_MS = 86_400_000;

/** Files are asked for from this long before the last look: a PSP may close a settlement late. */
const LOOK_BACK_MS = 7 * DAY_MS;

/** Every PSP that offers files is looked at from now on; called when the service starts. */
export async function watchSettlements(context: ServiceContext): Promise<void> {
  if (!context.reconciliation.fetchDaily) return;
  const { clock, database, stores } = context;
  for (const [psp, { adapter }] of context.psps)
    if (adapter.fetchSettlements !== undefined)
      await stores.reconciliation.watch(database.autocommit, psp, clock.now());
}

/** @param dueAt the due time that the caller saw; whoever is second finds it moved */
export async function fetchSettlements(context: ServiceContext, psp: string, dueAt: number): Promise<void> {
  const { clock, database, stores } = context;
  const nowMs = clock.now();
  const watch = await stores.reconciliation.takeWatch(database.autocommit, psp, dueAt, nowMs + DAY_MS);
  if (watch === null || !context.psps.has(psp)) return;
  const { adapter } = pspOf(context, psp);
  try {
    const offered = (await adapter.fetchSettlements?.(Math.max(0, watch.fetchedThrough - LOOK_BACK_MS))) ?? [];
    let isComplete = true;
    for (const { fileName, read } of offered) {
      try {
        const body = await read();
        await importSettlement(context, { psp, fileName, bytes: whole(body), settledAt: null });
      } catch (error) {
        // One file that cannot be had or read keeps none of the others waiting.
        isComplete = false;
        context.log({ level: 'error', msg: 'settlement cannot be imported', psp, fileName, error: messageOf(error) });
      }
    }
    if (isComplete) await stores.reconciliation.fetched(database.autocommit, psp, nowMs);
  } catch (error) {
    context.log({ level: 'error', msg: 'settlements cannot be fetched', psp, error: messageOf(error) });
  }
}

async function* whole(body: Buffer): AsyncGenerator<Uint8Array> {
  yield await Promise.resolve(body);
}
